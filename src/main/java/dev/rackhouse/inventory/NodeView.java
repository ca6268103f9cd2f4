package dev.rackhouse.inventory;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Seen;
import dev.rackhouse.base.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A node: what it is, how it stands, what it carries. Numbers that are not known are null, never zero.
 *
 * @param platform {@code proxmox}, or {@code host} for a machine that only SSH reaches
 * @param status in the source's word: {@code online}, {@code offline}, {@code unknown}, {@code unreachable}
 * @param seen where status and size come from
 * @param figures what moves all the time; null when never measured
 * @param host what the machine says about itself; null when never asked
 * @param probed the last complete probe; null: never
 * @param guests counted without templates
 */
public record NodeView(
        NodeRef ref,
        String labName,
        String platform,
        String status,
        Verdict verdict,
        Seen seen,
        @Nullable Integer cpus,
        @Nullable ByteSize memory,
        @Nullable ByteSize rootDisk,
        @Nullable Figures figures,
        @Nullable Host host,
        @Nullable Seen probed,
        int guests,
        int guestsRunning,
        int gpus,
        @Nullable Instant goneAt) {

    /** @param cpu fraction of all CPUs, 0 to 1 */
    public record Figures(
            Instant at,
            @Nullable Double cpu,
            @Nullable ByteSize memory,
            @Nullable ByteSize rootDisk,
            @Nullable Duration uptime) {}

    /** @param firmware {@code efi} or {@code bios} */
    public record Host(
            @Nullable String bootId,
            @Nullable String pveVersion,
            @Nullable String kernel,
            @Nullable String cpuModel,
            @Nullable Integer sockets,
            @Nullable Integer cores,
            @Nullable Integer threads,
            @Nullable ByteSize memory,
            @Nullable String board,
            @Nullable String bios,
            @Nullable String firmware,
            @Nullable Boolean secureBoot,
            @Nullable String loader,
            @Nullable String cmdline,
            @Nullable Boolean iommu,
            @Nullable Boolean stagedNetwork,
            Seen seen) {}

    public String name() {
        return ref.node();
    }

    /** Whether facts come from a node that answers now. */
    public boolean stale() {
        return verdict.level() == Verdict.Level.STALE || verdict.level() == Verdict.Level.UNKNOWN;
    }
}
