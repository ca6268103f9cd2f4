package dev.rackhouse.simulator.world;

import dev.rackhouse.simulator.world.LabSeed.GuestSeed;
import dev.rackhouse.simulator.world.LabSeed.NodeSeed;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A machine without files: for replays and tests. Its hardware is what the seed says; guests start at once. Without
 * hardware virtualisation ({@code hvm} empty) guests cannot use KVM and have no system that reacts to a shutdown.
 */
public final class MemoryMachine implements Machine {
    private final NodeSeed seed;
    private final Map<Integer, GuestSeed> known = new ConcurrentHashMap<>();
    private final Map<Integer, Long> running = new ConcurrentHashMap<>();
    private final Map<Integer, int[]> pages = new ConcurrentHashMap<>();
    private final Set<String> vfio = new HashSet<>();
    private final AtomicLong pids = new AtomicLong(4000);
    private final long bootedNanos = System.nanoTime();

    public MemoryMachine(NodeSeed seed, List<GuestSeed> guests) {
        this.seed = seed;
        for (GuestSeed guest : guests) {
            if (guest.node().equals(seed.name())) {
                known.put(guest.vmid(), guest);
            }
        }
    }

    @Override
    public String node() {
        return seed.name();
    }

    @Override
    public List<PciFunction> pciFunctions() {
        return seed.pci();
    }

    @Override
    public long memoryTotalBytes() {
        return seed.memory();
    }

    @Override
    public long memoryUsedBytes() {
        return seed.memoryUsed();
    }

    @Override
    public long uptimeSeconds() {
        return seed.uptime() + (System.nanoTime() - bootedNanos) / 1_000_000_000L;
    }

    @Override
    public String kernelRelease() {
        return seed.kernel();
    }

    @Override
    public synchronized int freeHugePages(int pageMiB) {
        int taken = pages.values().stream()
                .filter(entry -> entry[0] == pageMiB)
                .mapToInt(entry -> entry[1])
                .sum();
        return seed.hugePages().getOrDefault(Integer.toString(pageMiB), 0) - taken;
    }

    @Override
    public synchronized void takeHugePages(int vmid, int pageMiB, int count, int hostNode) throws MachineRefusal {
        if (freeHugePages(pageMiB) < count) {
            throw new MachineRefusal("hugepage allocation failed");
        }
        pages.merge(vmid, new int[] {pageMiB, count}, (a, b) -> new int[] {pageMiB, a[1] + b[1]});
    }

    @Override
    public void releaseHugePages(int vmid, boolean keep) {
        pages.remove(vmid);
    }

    @Override
    public synchronized void bindToVfio(String address) {
        vfio.add(address);
    }

    /** Functions that were bound to vfio-pci since the machine was made. */
    public synchronized Set<String> boundToVfio() {
        return Set.copyOf(vfio);
    }

    @Override
    public long startGuest(GuestLaunch launch) throws MachineRefusal {
        boolean kvm =
                launch.kind().equals("qemu") && !"0".equals(launch.config().get("kvm"));
        if (kvm && seed.cpu().hvm().isEmpty()) {
            throw new MachineRefusal(
                    "start failed: QEMU exited with code 1",
                    List.of(
                            "kvm: error: failed to set MSR 0x10a to 0xc000069",
                            "kvm: ../target/i386/kvm/kvm.c:3877: kvm_buf_set_msrs: Assertion `ret =="
                                    + " cpu->kvm_msr_buf->nmsrs' failed."));
        }
        if (!launch.devices().isEmpty() && !seed.hasVfio()) {
            String address = launch.devices().getFirst();
            int group = pciFunctions().stream()
                    .filter(function -> function.address().equals(address))
                    .mapToInt(PciFunction::iommuGroup)
                    .findFirst()
                    .orElse(-1);
            boolean many = launch.devices().size() > 1;
            throw new MachineRefusal(
                    "start failed: QEMU exited with code 1",
                    List.of("kvm: -device vfio-pci,host=" + address + ",id=hostpci0" + (many ? ".0" : "")
                            + ",bus=ich9-pcie-port-1,addr=0x0" + (many ? ".0,multifunction=on" : "") + ": vfio "
                            + address
                            + ": Could not open '/dev/vfio/" + group + "': No such file or directory"));
        }
        long pid = pids.incrementAndGet();
        running.put(launch.vmid(), pid);
        return pid;
    }

    @Override
    public void stopGuest(int vmid) {
        running.remove(vmid);
    }

    @Override
    public boolean shutdownGuest(int vmid) {
        GuestSeed guest = known.get(vmid);
        if (seed.cpu().hvm().isEmpty()) {
            return false;
        }
        return guest == null || !guest.ignoresShutdown();
    }

    @Override
    public boolean agentRunning(int vmid) {
        GuestSeed guest = known.get(vmid);
        return guest != null && Boolean.TRUE.equals(guest.agentRunning());
    }

    @Override
    public AgentAnswer agentExec(int vmid, List<String> command, byte[] input) throws MachineRefusal {
        return switch (command.isEmpty() ? "" : command.getFirst()) {
            case "echo", "/bin/echo" ->
                new AgentAnswer(0, String.join(" ", command.subList(1, command.size())) + "\n", "");
            case "cat", "/bin/cat" ->
                new AgentAnswer(0, new String(input, java.nio.charset.StandardCharsets.UTF_8), "");
            case "true", "/bin/true" -> new AgentAnswer(0, "", "");
            case "false", "/bin/false" -> new AgentAnswer(1, "", "");
            default ->
                throw new MachineRefusal("Guest agent command failed: Failed to execute child process \u201c"
                        + (command.isEmpty() ? "" : command.getFirst()) + "\u201d (No such file or directory)");
        };
    }

    @Override
    public @Nullable Object agentInfo(int vmid, String command) {
        GuestSeed guest = known.get(vmid);
        return guest == null ? null : guest.agent().get(command);
    }

    @Override
    public void restart(boolean powerOff, Runnable up) {
        running.clear();
        pages.clear();
        if (!powerOff) {
            Thread.ofVirtual().start(up);
        }
    }
}
