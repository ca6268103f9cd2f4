package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.world.LabSeed.GuestSeed;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The machines of one pretend lab and the network between them and their guests. */
public final class SimulatedLab implements AutoCloseable {
    private final Jails jails;
    private final Pace pace;
    private final List<GuestSeed> guests;
    private final Map<String, SimulatedMachine> machines = Collections.synchronizedMap(new LinkedHashMap<>());
    private final ConfigFiles configFiles = new ConfigFiles(() -> machines().stream()
            .filter(machine -> !machine.closed())
            .map(SimulatedMachine::box)
            .filter(Box::built)
            .map(Box::tree));
    private volatile @Nullable NodeApi api;

    /** @param guests of the seed, on all nodes */
    public SimulatedLab(Jails jails, Pace pace, List<GuestSeed> guests) {
        this.jails = jails;
        this.pace = pace;
        this.guests = List.copyOf(guests);
    }

    /**
     * Adds a machine; its SSH door is still closed.
     *
     * @param name what the machine calls itself
     * @param folder for its files, emptied when they are written
     */
    public SimulatedMachine add(String name, ProbeDump dump, Path folder, KeyPair hostKey, String authorizedKey) {
        SimulatedMachine machine = new SimulatedMachine(this, name, dump, folder, hostKey, authorizedKey);
        machines.put(machine.node(), machine);
        return machine;
    }

    /** Connects the machines' own command line tools to their Proxmox side. */
    public void attach(NodeApi proxmox) {
        this.api = proxmox;
    }

    /** The Proxmox side, null for machines without one. */
    @Nullable
    NodeApi api() {
        return api;
    }

    public Collection<SimulatedMachine> machines() {
        synchronized (machines) {
            return List.copyOf(machines.values());
        }
    }

    Jails jails() {
        return jails;
    }

    Pace pace() {
        return pace;
    }

    ConfigFiles configFiles() {
        return configFiles;
    }

    List<GuestSeed> seedGuests(String node) {
        return guests.stream().filter(guest -> guest.node().equals(node)).toList();
    }

    /** Where an address of the lab really is: SSH of its machines and of its guests that are up, and what they publish; null for no route. */
    @Nullable
    InetSocketAddress reach(String host, int port) {
        if (port != 22) {
            return published(host, port);
        }
        for (SimulatedMachine machine : machines()) {
            int real = machine.address().equals(host) ? machine.sshPort() : 0;
            for (SimulatedGuest guest : machine.runningGuests()) {
                if (guest.address().equals(host)) {
                    real = guest.sshPort();
                }
            }
            if (real > 0) {
                return new InetSocketAddress("127.0.0.1", real);
            }
        }
        return null;
    }

    private @Nullable InetSocketAddress published(String host, int port) {
        for (SimulatedMachine machine : machines()) {
            if (machine.address().equals(host)) {
                return machine.software().computer().ports().real(port);
            }
            for (SimulatedGuest guest : machine.runningGuests()) {
                if (guest.address().equals(host)) {
                    return guest.software().computer().ports().real(port);
                }
            }
        }
        return null;
    }

    @Override
    public void close() {
        machines().forEach(SimulatedMachine::close);
    }
}
