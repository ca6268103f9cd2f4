package dev.rackhouse.simulator.lab;

import dev.rackhouse.simulator.host.Jails;
import dev.rackhouse.simulator.host.NodeApi;
import dev.rackhouse.simulator.host.Pace;
import dev.rackhouse.simulator.host.SimulatedLab;
import dev.rackhouse.simulator.host.SimulatedMachine;
import dev.rackhouse.simulator.host.SshKeys;
import dev.rackhouse.simulator.pve.LocalAnswer;
import dev.rackhouse.simulator.pve.NodeEndpoint;
import dev.rackhouse.simulator.pve.PveSettings;
import dev.rackhouse.simulator.pve.PveSimulator;
import dev.rackhouse.simulator.world.LabSeed;
import dev.rackhouse.simulator.world.Machine;
import dev.rackhouse.simulator.world.ServingControl;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A lab that answers: SSH on each machine, and the Proxmox API where it has one. */
public final class RunningLab implements AutoCloseable {
    /**
     * What all labs of one simulator share.
     *
     * @param folder for trees, keys and certificates
     * @param portBase first port, 0 for any free ones
     * @param authorizedKey line of {@code authorized_keys} that lets the console in
     */
    public record Common(Jails jails, Path folder, int portBase, double speed, String authorizedKey) {}

    private final LabPlan plan;
    private final Common common;
    private final Map<String, Integer> sshPorts = new LinkedHashMap<>();
    private final Map<String, KeyPair> hostKeys = new LinkedHashMap<>();
    private volatile SimulatedLab machines;
    private final @Nullable PveSimulator proxmox;

    private RunningLab(LabPlan plan, Common common) throws IOException {
        this.plan = plan;
        this.common = common;
        plan.machines()
                .keySet()
                .forEach(name -> hostKeys.put(
                        name, SshKeys.kept(common.folder().resolve("keys/ssh/" + plan.name() + "-" + name))));
        this.machines = machines();
        LabSeed seed = plan.seed();
        if (seed == null) {
            proxmox = null;
        } else {
            proxmox = PveSimulator.start(seed, byName(machines), settings(seed));
            proxmox.freshMachines(this::freshMachines);
            attach(machines, proxmox);
        }
        openDoors(machines);
    }

    /** Starts a lab; its machines' files are written when somebody first looks at them. */
    public static RunningLab start(LabPlan plan, Common common) throws IOException {
        return new RunningLab(plan, common);
    }

    private PveSettings settings(LabSeed seed) {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < seed.nodes().size(); i++) {
            ports.add(common.portBase() == 0 ? 0 : common.portBase() + plan.portOffset() + i);
        }
        return new PveSettings(
                common.speed(),
                Duration.ofSeconds(3),
                ports,
                0,
                common.folder().resolve("keys/tls/" + plan.name()),
                true);
    }

    private SimulatedLab machines() {
        LabSeed seed = plan.seed();
        SimulatedLab lab =
                new SimulatedLab(common.jails(), new Pace(common.speed()), seed == null ? List.of() : seed.guests());
        plan.machines()
                .forEach((name, dump) -> lab.add(
                        name,
                        dump.get(),
                        common.folder().resolve("machines/" + plan.name() + "/" + name),
                        java.util.Objects.requireNonNull(hostKeys.get(name)),
                        common.authorizedKey()));
        return lab;
    }

    private static Map<String, Machine> byName(SimulatedLab lab) {
        Map<String, Machine> byName = new LinkedHashMap<>();
        lab.machines().forEach(machine -> byName.put(machine.node(), machine));
        return byName;
    }

    private void openDoors(SimulatedLab lab) {
        int index = 0;
        for (SimulatedMachine machine : lab.machines()) {
            int wanted = common.portBase() == 0 ? 0 : common.portBase() + plan.sshOffset() + index;
            sshPorts.put(machine.node(), machine.openSsh(sshPorts.getOrDefault(machine.node(), wanted)));
            index++;
        }
    }

    private static void attach(SimulatedLab lab, PveSimulator proxmox) {
        lab.attach(new NodeApi() {
            @Override
            public Reply call(String node, String method, String path, Map<String, List<String>> parameters) {
                LocalAnswer answer = proxmox.local(node, method, path, parameters);
                return new Reply(answer.status(), answer.message(), answer.errors(), answer.data());
            }

            @Override
            public void cameUp(String node) {
                proxmox.nodeCameUp(node);
            }

            @Override
            public void rebootRequested(String node, boolean powerOff) {
                lab.machines().stream()
                        .filter(machine -> machine.node().equals(node))
                        .findFirst()
                        .ifPresent(machine -> {
                            proxmox.nodeWentDown(node);
                            machine.restart(powerOff, () -> proxmox.nodeCameUp(node));
                        });
            }
        });
    }

    /** Machines as in the dumps again, behind the same ports with the same keys. */
    private Map<String, Machine> freshMachines() {
        machines.close();
        SimulatedLab fresh = machines();
        machines = fresh;
        if (proxmox != null) {
            attach(fresh, proxmox);
        }
        openDoors(fresh);
        return byName(fresh);
    }

    /** Name of the lab. */
    public String name() {
        return plan.name();
    }

    /** The machines as they are now; a reset makes new ones. */
    public List<SimulatedMachine> hosts() {
        return List.copyOf(machines.machines());
    }

    /** A machine by name. */
    public Optional<SimulatedMachine> host(String name) {
        return hosts().stream().filter(machine -> machine.node().equals(name)).findFirst();
    }

    /**
     * Wishes for one machine, with or without a Proxmox side.
     *
     * @return how it is now
     */
    public Map<String, Object> control(String machine, Map<String, @Nullable Object> wishes) {
        return host(machine)
                .orElseThrow(() -> new IllegalArgumentException("No machine " + machine + " in lab " + name()))
                .control(wishes);
    }

    /** Asks or changes the engines and routers of the lab, as {@link ServingControl} describes. */
    public Object serving(String method, List<String> path, Map<String, @Nullable Object> body) {
        return ServingControl.answer(hosts(), method, path, body);
    }

    /** How often each thing was changed on the machines and in their guests, besides tasks of the Proxmox side. */
    public Map<String, Integer> effects() {
        return ServingControl.effects(hosts(), Map.of());
    }

    /** Loopback port of a machine's SSH server. */
    public int sshPort(String machine) {
        return sshPorts.getOrDefault(machine, 0);
    }

    /** Where its Proxmox nodes answer, empty without Proxmox. */
    public List<NodeEndpoint> endpoints() {
        return proxmox == null ? List.of() : proxmox.nodes();
    }

    /** The Proxmox side, empty for machines without one. */
    public Optional<PveSimulator> proxmox() {
        return Optional.ofNullable(proxmox);
    }

    @Override
    public void close() {
        if (proxmox != null) {
            proxmox.close();
        }
        machines.close();
    }
}
