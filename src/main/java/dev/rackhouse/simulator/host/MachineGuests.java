package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.serving.Effects;
import dev.rackhouse.simulator.world.AgentAnswer;
import dev.rackhouse.simulator.world.GuestLaunch;
import dev.rackhouse.simulator.world.LabSeed.GuestSeed;
import dev.rackhouse.simulator.world.MachineRefusal;
import dev.rackhouse.simulator.world.PciFunction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The guests of one machine as computers of their own: what runs in them, and what their agents answer. A guest that was
 * destroyed is never answered for again. Thread-safe; the machine's lock is not held while a guest works.
 */
final class MachineGuests {
    private final SimulatedLab lab;
    private final String node;
    private final Path folder;
    private final String authorizedKey;
    private final Effects past = new Effects();
    private final Map<Integer, SimulatedGuest> guests = new ConcurrentHashMap<>();
    private final Map<Integer, GuestSeed> seeds = new ConcurrentHashMap<>();

    /**
     * @param folder where the trees of the guests lie
     * @param authorizedKey line of {@code authorized_keys} that lets the console in
     */
    MachineGuests(SimulatedLab lab, String node, Path folder, String authorizedKey) {
        this.lab = lab;
        this.node = node;
        this.folder = folder;
        this.authorizedKey = authorizedKey;
        lab.seedGuests(node).forEach(guest -> seeds.put(guest.vmid(), guest));
    }

    Collection<GuestSeed> seeds() {
        return seeds.values();
    }

    void start(GuestLaunch launch, List<PciFunction> passed) throws MachineRefusal {
        guests.computeIfAbsent(launch.vmid(), this::made).start(launch, passed);
    }

    private SimulatedGuest made(int vmid) {
        GuestSeed seed = seeds.get(vmid);
        // a guest of the seed has had its agent installed long ago
        Boolean agent = seed == null
                ? null
                : Objects.requireNonNullElse(
                        seed.agentRunning(),
                        seed.config().getOrDefault("agent", "0").startsWith("1"));
        SimulatedGuest guest = new SimulatedGuest(
                vmid, node, lab.jails(), folder.resolve("guest-" + vmid), lab.pace(), agent, authorizedKey);
        guest.network(lab::reach);
        return guest;
    }

    void stop(int vmid) {
        SimulatedGuest guest = guests.get(vmid);
        if (guest != null) {
            guest.stop();
        }
    }

    void stopAll() {
        guests.values().forEach(SimulatedGuest::stop);
    }

    /** Its configuration is gone, and its disks with it. */
    void destroyed(int vmid) {
        seeds.remove(vmid);
        SimulatedGuest gone = guests.remove(vmid);
        if (gone != null) {
            gone.destroy();
            past.add(gone.software().effects().counts());
        }
    }

    boolean obeysShutdown(int vmid) {
        GuestSeed seed = seeds.get(vmid);
        return seed == null || !seed.ignoresShutdown();
    }

    boolean agentRunning(int vmid) {
        SimulatedGuest guest = guests.get(vmid);
        return guest != null && guest.agentRunning();
    }

    AgentAnswer agentExec(int vmid, List<String> command, byte[] input) throws MachineRefusal {
        SimulatedGuest guest = guests.get(vmid);
        if (guest == null || !guest.agentRunning()) {
            throw new MachineRefusal("QEMU guest agent is not running");
        }
        try {
            CommandDoor.Answer answer = guest.agentExec(command, input);
            return new AgentAnswer(answer.code(), answer.out(), answer.err());
        } catch (IOException failed) {
            throw new MachineRefusal("Guest agent command failed: " + failed.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new MachineRefusal("Guest agent command failed: interrupted");
        }
    }

    @Nullable
    Object agentInfo(int vmid, String command) {
        GuestSeed seed = seeds.get(vmid);
        if (seed != null && seed.agent().containsKey(command)) {
            return seed.agent().get(command);
        }
        SimulatedGuest guest = guests.get(vmid);
        return guest == null ? null : GuestAgentInfo.of(guest, command);
    }

    /** One that has run here; empty when it has not. */
    Optional<SimulatedGuest> find(int vmid) {
        return Optional.ofNullable(guests.get(vmid));
    }

    /** These effects, and what was changed in guests that are here or were. */
    Map<String, Integer> effects(Map<String, Integer> others) {
        Effects all = new Effects();
        all.add(others);
        all.add(past.counts());
        guests.values().forEach(guest -> all.add(guest.software().effects().counts()));
        return all.counts();
    }

    /** Those that run now. */
    List<SimulatedGuest> running() {
        return guests.values().stream().filter(SimulatedGuest::running).toList();
    }
}
