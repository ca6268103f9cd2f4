package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.world.GuestLaunch;
import dev.rackhouse.simulator.world.LabSeed.GuestSeed;
import java.util.Collection;

/** Memory of a machine: what its own system uses, its huge pages, and what running guests have pinned. Guarded by its machine. */
final class MachineMemory {
    private static final long LEAST_USED_KIB = 1536L * 1024;

    private final long totalKib;
    private final long baseUsedKib;
    private int defaultPageMib;
    private HugePages hugePages;

    /** @param guests of the seed on this machine: what the running ones had pinned is not the system's own use */
    MachineMemory(ProbeDump dump, Collection<GuestSeed> guests) {
        hugePages = new HugePages(dump);
        totalKib = number(dump, "mem_MemTotal", "8388608");
        defaultPageMib = (int) number(dump, "mem_Hugepagesize", "2048") / 1024;
        long pinned = guests.stream()
                .filter(guest -> guest.running() && !guest.config().containsKey("hugepages"))
                .mapToLong(guest -> memoryKib(guest.config().getOrDefault("memory", "512")))
                .sum();
        long used = totalKib - number(dump, "mem_MemAvailable", "4194304");
        baseUsedKib = Math.max(LEAST_USED_KIB, used - pinned - hugePages.reservedKib());
    }

    private static long number(ProbeDump dump, String fact, String otherwise) {
        return Long.parseLong(dump.fact(fact).orElse(otherwise));
    }

    /** {@code 4096} or {@code current=4096,...} in MiB. */
    private static long memoryKib(String text) {
        String digits = text.split(",")[0].replace("current=", "");
        return (digits.matches("\\d+") ? Long.parseLong(digits) : 512) * 1024;
    }

    /** The machine was booted: its huge pages are those of its command line, all of them free. */
    void booted(ProbeDump now) {
        hugePages = new HugePages(now);
        defaultPageMib = (int) number(now, "mem_Hugepagesize", "2048") / 1024;
    }

    HugePages hugePages() {
        return hugePages;
    }

    long totalBytes() {
        return totalKib * 1024;
    }

    /** Without the guests' own; reserved huge pages count as used. */
    long usedBytes() {
        return (baseUsedKib + hugePages.reservedKib()) * 1024;
    }

    long availableKib(Collection<GuestLaunch> running) {
        long pinned = running.stream()
                .filter(launch -> launch.hugePageMiB() == 0)
                .mapToLong(launch -> launch.memoryMiB() * 1024)
                .sum();
        return Math.max(0, totalKib - baseUsedKib - hugePages.reservedKib() - pinned);
    }

    void showIn(HostTree tree, Collection<GuestLaunch> running) {
        hugePages.showIn(tree);
        String meminfo = tree.read("/proc/meminfo").orElse("") + "\n";
        String available = "MemAvailable:   %10d kB".formatted(availableKib(running));
        String free = "HugePages_Free: %10d".formatted(hugePages.free(defaultPageMib));
        tree.write(
                "/proc/meminfo",
                meminfo.replaceFirst("(?m)^MemAvailable:.*$", available).replaceFirst("(?m)^HugePages_Free:.*$", free));
    }
}
