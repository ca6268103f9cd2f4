package dev.rackhouse.preparation;

import dev.rackhouse.base.NodeRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is needed to prepare one host; the outline follows from it alone. Stored with the run.
 *
 * @param edits in the order in which they are made
 * @param folders that are missing and are made before the edits, outermost first
 * @param reboots whether something takes effect only with the next boot
 * @param initramfs whether the initial RAM disks must be written anew
 * @param words that the kernel must show after the boot
 * @param cmdline of the running kernel, as it was seen
 * @param early functions that vfio-pci must have after the boot
 * @param keeps functions that must have the same driver after the boot
 * @param interfaces physical ones, which must be there again with the same name
 * @param addresses {@code vmbr0 10.0.10.41/24}, which the host must have again
 * @param pools that must be imported again
 * @param remapped whether interrupts are remapped now
 * @param iommu whether the IOMMU must run after the boot
 * @param pages that must be set aside after the boot; null: not looked at
 * @param guests that run now or start with the host, in start order
 * @param forecast sentences on what a reboot may bring, for whoever approves it
 * @param carries what of the console itself this host carries; empty: nothing
 * @param revertMinutes after a boot, until the host goes back by itself
 * @param accepted warnings that a person has ticked, with what they showed
 */
public record PreparationPlan(
        NodeRef node,
        String title,
        List<Edit> edits,
        List<String> folders,
        boolean reboots,
        boolean initramfs,
        BootFiles boot,
        List<String> words,
        String cmdline,
        List<Function> early,
        List<Function> keeps,
        List<String> interfaces,
        List<String> addresses,
        List<String> pools,
        boolean remapped,
        boolean iommu,
        @Nullable Hugepages pages,
        List<PlannedGuest> guests,
        List<String> forecast,
        List<String> carries,
        int revertMinutes,
        List<String> accepted) {

    /** Which boot loader's files carry the kernel's words, and so must be written anew. */
    public enum BootFiles {
        /** No word changes. */
        NONE,
        GRUB,
        SYSTEMD_BOOT,
        /** Not clear which one is in use: an unused one does no harm. */
        BOTH;

        boolean grub() {
            return this == GRUB || this == BOTH;
        }

        boolean systemdBoot() {
            return this == SYSTEMD_BOOT || this == BOTH;
        }
    }

    /**
     * One file.
     *
     * @param before as it was read; null: absent
     * @param after as it will be; null: removed
     * @param owner of the file, now or to be: {@code 0:0}
     * @param mode octal, {@code 0644}
     */
    public record Edit(
            String path,
            @Nullable String before,
            @Nullable String after,
            String owner,
            String mode) {}

    /**
     * One PCI function.
     *
     * @param ids {@code 10de:2504}
     * @param driver that it must have
     * @param slot {@code 0000:01:00}
     */
    public record Function(String address, String slot, String ids, String driver) {}

    /** A guest, and whether it ran. */
    public record PlannedGuest(int vmid, String kind, String label, boolean ran, boolean onboot) {}

    public PreparationPlan {
        edits = List.copyOf(edits);
        folders = List.copyOf(folders);
        words = List.copyOf(words);
        early = List.copyOf(early);
        keeps = List.copyOf(keeps);
        interfaces = List.copyOf(interfaces);
        addresses = List.copyOf(addresses);
        pools = List.copyOf(pools);
        guests = List.copyOf(guests);
        forecast = List.copyOf(forecast);
        carries = List.copyOf(carries);
        accepted = List.copyOf(accepted);
        if (edits.isEmpty()) {
            throw new IllegalArgumentException("A preparation without an edit is none");
        }
    }

    List<PlannedGuest> ran() {
        return guests.stream().filter(PlannedGuest::ran).toList();
    }

    /** Guests that do not run now, and that Proxmox will start with the host. */
    List<PlannedGuest> startedByTheBoot() {
        return guests.stream().filter(g -> g.onboot() && !g.ran()).toList();
    }
}
