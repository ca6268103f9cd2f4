package dev.rackhouse.simulator.world;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pretend machine as its Proxmox side sees it. The Proxmox side decides and keeps configurations, tasks and rights;
 * the machine has the hardware, the files and the running guests.
 *
 * <p>Implementations are thread-safe: every task of the Proxmox side runs on a thread of its own. No method may wait
 * long; time passes in the task, not here.
 */
public interface Machine {

    /** How often each thing was changed on it and in its guests that is no task of the Proxmox side. */
    default Map<String, Integer> effects() {
        return Map.of();
    }

    /** Adds a row for each engine and each card of the machine and its guests. */
    default void showServing(List<Object> engines, List<Object> gpus) {}

    /**
     * Does what {@link ServingControl} describes.
     *
     * @param what its path
     * @param vmid 0 for the machine itself
     */
    default Object controlServing(String what, int vmid, Map<String, @Nullable Object> body) {
        return Map.of();
    }

    /** Name of the node, as the machine calls itself. */
    String node();

    /** All PCI functions as they are now, bridges included, in the order of their addresses. */
    List<PciFunction> pciFunctions();

    /** Whether the kernel has an IOMMU to offer ({@code /sys/kernel/iommu_groups} is not empty). */
    default boolean iommuPresent() {
        return pciFunctions().stream().anyMatch(function -> function.iommuGroup() >= 0);
    }

    /** Physical memory in bytes, as {@code MemTotal}. */
    long memoryTotalBytes();

    /** Memory in bytes that is in use now without the guests' own: reserved huge pages count as used. */
    long memoryUsedBytes();

    /** Seconds since the last boot. */
    long uptimeSeconds();

    /** Running kernel, {@code 6.17.2-1-pve}. */
    String kernelRelease();

    /** Reserved huge pages of this size (2 or 1024 MiB) that no guest uses, over all NUMA nodes. */
    int freeHugePages(int pageMiB);

    /**
     * Takes huge pages for a guest; Proxmox reserves missing ones when memory allows.
     *
     * @param hostNode NUMA node of the pages, or -1 for any
     * @throws MachineRefusal when there are not enough pages and none can be reserved
     */
    void takeHugePages(int vmid, int pageMiB, int count, int hostNode) throws MachineRefusal;

    /** Gives the huge pages of a guest back; with keep they stay reserved. */
    void releaseHugePages(int vmid, boolean keep);

    /**
     * Binds one function to {@code vfio-pci}, taking it from the driver that has it. Already bound: nothing happens.
     *
     * @throws MachineRefusal when the driver does not let go or there is no vfio
     */
    void bindToVfio(String address) throws MachineRefusal;

    /**
     * Binds the whole IOMMU group of a function, bridges excepted, as Proxmox does at the start of a guest.
     *
     * @throws MachineRefusal when a function of the group cannot be bound
     */
    default void bindGroupToVfio(String address) throws MachineRefusal {
        PciFunction asked = pciFunctions().stream()
                .filter(function -> function.address().equals(address))
                .findFirst()
                .orElseThrow(() -> new MachineRefusal("no pci device info for device '" + address + "'"));
        for (PciFunction function : pciFunctions()) {
            boolean mate = function.address().equals(address)
                    || (asked.iommuGroup() >= 0 && function.iommuGroup() == asked.iommuGroup());
            if (mate && !function.bridge()) {
                bindToVfio(function.address());
            }
        }
    }

    /**
     * Writes the reservation of devices ({@code /run/qemu-server/pci-id-reservations}).
     *
     * @param pid process of the running guest, or null while it is only starting
     */
    default void reserve(int vmid, List<String> addresses, @Nullable Long pid) {}

    /**
     * Whether Proxmox has started all that starts with the host since the boot: the unit {@code pve-guests.service} is active then.
     */
    default void autostartOver(boolean over) {}

    /** Removes all reservations of a guest. */
    default void releaseReservations(int vmid) {}

    /**
     * A configuration file below {@code /etc/pve} was written or removed.
     *
     * @param path relative to {@code /etc/pve}, {@code nodes/thor/qemu-server/110.conf}
     * @param text the new content, null when the file is gone
     */
    default void configWritten(String path, @Nullable String text) {}

    /**
     * Starts the guest's process.
     *
     * @return its process id
     * @throws MachineRefusal when QEMU or the container does not come up
     */
    long startGuest(GuestLaunch launch) throws MachineRefusal;

    /** The guest's process is gone now (stopped, shut down, killed). Unknown guests are ignored. */
    void stopGuest(int vmid);

    /** Asks the guest to shut down; false when it does not obey (no ACPI handling, no agent, hanging). */
    boolean shutdownGuest(int vmid);

    /** Whether the guest agent answers in this guest now. */
    boolean agentRunning(int vmid);

    /**
     * Runs a command in the guest through its agent.
     *
     * @throws MachineRefusal when the agent reports an error (the text after {@code Agent error: })
     */
    default AgentAnswer agentExec(int vmid, List<String> command, byte[] input) throws MachineRefusal {
        throw new MachineRefusal("Guest agent command failed: command 'guest-exec' has been disabled");
    }

    /**
     * Result of an information command of the agent ({@code get-osinfo}, {@code network-get-interfaces}...), as the
     * value of {@code result}; null when this machine has nothing to tell.
     */
    default @Nullable Object agentInfo(int vmid, String command) {
        return null;
    }

    /** Memory in bytes that the guest itself reports as used. */
    default long guestMemoryUsedBytes(int vmid) {
        return 0;
    }

    /**
     * What lies on the disks of the guests that run here and that people can come into: guest and file, to a hash. Without what
     * each boot writes anew, caches, and the journals of our own steps.
     */
    default Map<String, String> disks() {
        return Map.of();
    }

    /**
     * Size in bytes of the disk in an image file of this machine; negative when there is no such file. A machine without files has
     * any.
     */
    default long imageBytes(String path) {
        return 4L << 30;
    }

    /** A volume (disk image, archive, ISO) was created on a storage of this machine. */
    default void volumeCreated(String volumeId, long bytes) {}

    /** A volume was removed. */
    default void volumeRemoved(String volumeId) {}

    /**
     * Text of {@code /etc/network/interfaces}, or of the staged {@code interfaces.new} beside it; empty when there is no such
     * file, null when this machine has no files.
     */
    default @Nullable String networkFile(boolean staged) {
        return null;
    }

    /** The Proxmox side stages this text, or drops what is staged (null). */
    default void networkStaged(@Nullable String text) {}

    /** What is staged replaces the live file. */
    default void networkApplied() {}

    /**
     * The machine shall reboot (or power off). Guests were stopped before. The machine calls {@code up} when it is
     * there again, from any thread; after a power-off never.
     */
    void restart(boolean powerOff, Runnable up);

    /**
     * A hash of what lies on the machine's disk and of the state of its devices, for comparing; it does not depend on when
     * something happened. Empty for machines without files.
     */
    default String digest() {
        return "";
    }

    /**
     * Wishes of whoever controls the lab: what goes wrong from now on.
     *
     * @return how the machine is now
     * @throws IllegalArgumentException when there is no such wish
     */
    default Map<String, Object> control(Map<String, @Nullable Object> wishes) {
        throw new IllegalArgumentException("This machine has no files and no boots");
    }
}
