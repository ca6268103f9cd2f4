package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.world.GuestLaunch;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The guests that run on a machine, their processes and the devices reserved for them. Guarded by its machine. */
final class RunningGuests {
    private final Map<Integer, Long> pids = new TreeMap<>();
    private final Map<Integer, GuestLaunch> launches = new TreeMap<>();
    private final Map<String, String> reservations = new TreeMap<>();
    private final Map<Integer, Long> inDump = new TreeMap<>();
    private long nextPid = 51_000;

    RunningGuests(ProbeDump dump) {
        dump.rows("RUN").forEach(row -> inDump.put(Integer.parseInt(row.field(0)), Long.parseLong(row.field(1))));
        pids.putAll(inDump);
        dump.lines()
                .getOrDefault("pci_reservations", List.of())
                .forEach(line -> reservations.put(line.split(" ")[0], line.substring(line.indexOf(' ') + 1)));
    }

    /** Whether a guest ran already when the dump was taken. */
    boolean ranInDump(int vmid) {
        return inDump.containsKey(vmid);
    }

    /** Whether a guest runs in the dump, and nobody has started it since. */
    boolean onlyInDump(int vmid) {
        return pids.containsKey(vmid) && !launches.containsKey(vmid);
    }

    /** Its process id: that of the dump for a guest that ran there. */
    long start(GuestLaunch launch) {
        launches.put(launch.vmid(), launch);
        return pids.computeIfAbsent(launch.vmid(), vmid -> ++nextPid);
    }

    void stop(int vmid) {
        pids.remove(vmid);
        launches.remove(vmid);
    }

    void stopAll() {
        pids.clear();
        launches.clear();
        reservations.clear();
    }

    /** @param pid null while the guest is only starting */
    void reserve(int vmid, List<String> addresses, @Nullable Long pid) {
        String until = "time:" + (System.currentTimeMillis() / 1000 + 60);
        addresses.forEach(address -> reservations.put(address, vmid + " " + (pid == null ? until : "pid:" + pid)));
    }

    void release(int vmid) {
        reservations.values().removeIf(holder -> holder.startsWith(vmid + " "));
    }

    Collection<GuestLaunch> launches() {
        return launches.values();
    }

    @Nullable
    GuestLaunch launch(int vmid) {
        return launches.get(vmid);
    }

    /** Pid files, reservations and network devices as they are now. */
    void showIn(HostTree tree) {
        Box.erase(tree.at("/run/qemu-server"));
        tree.directory("/run/qemu-server");
        pids.forEach((vmid, pid) -> {
            GuestLaunch launch = launches.get(vmid);
            if (launch == null || launch.kind().equals("qemu")) {
                tree.line("/run/qemu-server/" + vmid + ".pid", "" + pid);
            }
        });
        if (!reservations.isEmpty()) {
            StringBuilder lines = new StringBuilder();
            reservations.forEach((address, holder) ->
                    lines.append(address).append(' ').append(holder).append('\n'));
            tree.write("/run/qemu-server/pci-id-reservations", lines.toString());
        }
        if (!launches.isEmpty() || !inDump.isEmpty()) {
            Taps.show(tree, launches);
        }
    }
}
