package dev.rackhouse.preparation;

import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.preparation.PreparationPlan.BootFiles;

/** Which boot loader's file carries the kernel's words (hosts, 3.2). */
final class BootPath {

    private BootPath() {}

    static BootFiles of(HostFacts facts) {
        String loader = facts.key("loader");
        boolean managed = Boolean.TRUE.equals(facts.flag("boot_tool"));
        if (loader != null && loader.startsWith("systemd-boot")) {
            return BootFiles.SYSTEMD_BOOT;
        }
        boolean unclear = managed && loader == null && "efi".equals(facts.key("firmware"));
        return unclear ? BootFiles.BOTH : BootFiles.GRUB;
    }
}
