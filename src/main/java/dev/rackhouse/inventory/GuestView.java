package dev.rackhouse.inventory;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Seen;
import dev.rackhouse.base.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A VM or a container.
 *
 * @param kind {@code qemu} or {@code lxc}, as Proxmox says
 * @param name null when never told
 * @param node where it stands; null when not known
 * @param status in Proxmox's word: {@code running}, {@code stopped}, {@code paused}, {@code unknown}...
 * @param lock {@code backup}, {@code migrate}...; null when none
 * @param passesDevices whether its configuration, as last read, passes PCI devices
 * @param cpu fraction of its CPUs, 0 to 1; null when not measured
 */
public record GuestView(
        GuestRef ref,
        String labName,
        String kind,
        @Nullable String name,
        @Nullable NodeRef node,
        String status,
        Verdict verdict,
        Seen seen,
        boolean template,
        @Nullable Integer cpus,
        @Nullable ByteSize memory,
        @Nullable ByteSize disk,
        List<String> tags,
        @Nullable String pool,
        @Nullable String lock,
        @Nullable String ha,
        boolean passesDevices,
        @Nullable Double cpu,
        @Nullable ByteSize memoryUsed,
        @Nullable Duration uptime,
        @Nullable Instant goneAt) {

    public GuestView {
        tags = List.copyOf(tags);
    }

    public boolean running() {
        return status.equals("running");
    }

    public boolean vm() {
        return kind.equals("qemu");
    }

    /** Its name, or its number where it has none. */
    public String title() {
        return name == null ? ref.vmid().toString() : name;
    }

    /** {@code 110 ai-inference} */
    public String label() {
        return name == null ? ref.vmid().toString() : ref.vmid() + " " + name;
    }
}
