package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import java.util.List;

/** The commands that write boot files. They take their time and leave a note of when they ran. */
final class BootFiles {
    private BootFiles() {}

    static Answer run(SimulatedMachine machine, String program, List<String> words) {
        HostTree tree = machine.box().tree();
        String kernel = machine.kernelRelease();
        switch (program) {
            case "update-initramfs" -> {
                machine.lab().pace().sleepSeconds(20);
                tree.line("/boot/initrd.img-" + kernel, "made " + System.currentTimeMillis());
                return Answer.ok("update-initramfs: Generating /boot/initrd.img-" + kernel + "\n");
            }
            case "update-grub" -> {
                machine.lab().pace().sleepSeconds(4);
                tree.line("/boot/grub/grub.cfg", "# made " + System.currentTimeMillis());
                return new Answer(
                        0,
                        "",
                        "Generating grub configuration file ...\nFound linux image: /boot/vmlinuz-" + kernel
                                + "\ndone\n");
            }
            default -> {
                if (words.contains("status")) {
                    String uuid = tree.read("/etc/kernel/proxmox-boot-uuids").orElse("");
                    return uuid.isEmpty()
                            ? Answer.failed(2, "E: /etc/kernel/proxmox-boot-uuids does not exist.\n")
                            : Answer.ok("System currently booted with uefi\n" + uuid
                                    + " is configured with: uefi (versions: " + kernel + ")\n");
                }
                machine.lab().pace().sleepSeconds(3);
                return Answer.ok(
                        "Running hook script 'proxmox-auto-removal'..\nRunning hook script 'zz-proxmox-boot'..\n");
            }
        }
    }
}
