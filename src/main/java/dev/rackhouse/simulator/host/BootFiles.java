package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The commands that write boot files. They take their time; a machine that loses its power meanwhile keeps the old file, or
 * half of the new one.
 */
final class BootFiles {
    private static final double INITRAMFS_SECONDS = 60;
    private static final double GRUB_SECONDS = 5;
    private static final double REFRESH_SECONDS = 4;
    private static final long INITRD_BYTES = 70L << 20;
    private static final long GRUB_BYTES = 16L << 10;
    private static final Answer POWER_LOST = Answer.failed(137, "");

    private final Box box;
    private final ProbeDump dump;
    private final EspLoader esp;
    private final DiskSpace space;
    private final Pace pace;
    private final IntSupplier boots;
    private final Consumer<Boolean> cutPower;
    private final AtomicReference<@Nullable Boolean> cutNext = new AtomicReference<>();
    private volatile String writing = "";

    /**
     * @param cutPower takes the machine's power away
     * @param boots number of the present boot: another number after a pause means that the power was gone
     */
    BootFiles(
            Box box,
            ProbeDump dump,
            EspLoader esp,
            DiskSpace space,
            Pace pace,
            IntSupplier boots,
            Consumer<Boolean> cutPower) {
        this.box = box;
        this.dump = dump;
        this.esp = esp;
        this.space = space;
        this.pace = pace;
        this.boots = boots;
        this.cutPower = cutPower;
    }

    private String kernel() {
        return BootDisk.kernel(dump);
    }

    Answer run(String program, List<String> words) {
        try {
            return switch (program) {
                case "update-initramfs" -> updateInitramfs(words);
                case "update-grub" -> updateGrub();
                case "grub-script-check" -> scriptCheck(words);
                case "lsinitramfs" -> list(words);
                default -> bootTool(words);
            };
        } catch (IOException e) {
            return Answer.failed(1, program + ": " + e.getMessage() + "\n");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return POWER_LOST;
        }
    }

    private Answer updateInitramfs(List<String> words) {
        boolean update = words.contains("-u") || words.contains("-c");
        int k = words.indexOf("-k");
        String version = k >= 0 && k + 1 < words.size() ? words.get(k + 1) : kernel();
        if (!update) {
            return Answer.failed(1, "You must specify at least one of -c, -u, or -d.\n");
        }
        if (!version.equals("all") && !version.equals(kernel())) {
            return Answer.failed(
                    1,
                    "WARNING: missing /lib/modules/" + version + "\nEnsure all necessary drivers are built into the"
                            + " linux image!\nupdate-initramfs: failed for /boot/initrd.img-" + version + " with 1.\n");
        }
        String file = Initramfs.file(kernel());
        byte[] image = Initramfs.made(box.tree(), kernel(), none -> false).bytes();
        String said = "update-initramfs: Generating " + file + "\n";
        String refusal = write(file, image, INITRD_BYTES, INITRAMFS_SECONDS);
        if (refusal.equals("power lost")) {
            return POWER_LOST;
        }
        if (!refusal.isEmpty()) {
            return new Answer(
                    1, said, "cat: write error: " + refusal + "\nupdate-initramfs: failed for " + file + " with 1.\n");
        }
        List<String> uuids = EspLoader.uuids(box.tree());
        if (uuids.isEmpty()) {
            return Answer.ok(said);
        }
        Answer refreshed = refresh(uuids);
        return new Answer(
                refreshed.code(),
                said + "Running hook script 'zz-proxmox-boot'..\n" + refreshed.out(),
                refreshed.err());
    }

    private Answer updateGrub() throws IOException, InterruptedException {
        Grub.Read read = Grub.read(box);
        if (read.settings().isEmpty()) {
            return Answer.failed(2, read.complaint());
        }
        String said = "Generating grub configuration file ...\n";
        String root = BootDisk.root(dump).orElse("root=/dev/mapper/pve-root");
        String text = Grub.text(read.settings().get(), kernel(), root);
        String refusal =
                write(Grub.FILE, text.getBytes(java.nio.charset.StandardCharsets.UTF_8), GRUB_BYTES, GRUB_SECONDS);
        if (refusal.equals("power lost")) {
            return POWER_LOST;
        }
        if (!refusal.isEmpty()) {
            return Answer.failed(
                    1, said + "/usr/sbin/grub-mkconfig: 1: cannot create " + Grub.FILE + ".new: " + refusal + "\n");
        }
        said += "Found linux image: /boot/vmlinuz-" + kernel() + "\nFound initrd image: " + Initramfs.file(kernel())
                + "\n";
        String wrong = Grub.complaint(Grub.FILE, text);
        if (!wrong.isEmpty()) {
            return Answer.failed(
                    1,
                    said + wrong + "Syntax errors are detected in generated GRUB config file.\nEnsure that there are no"
                            + " errors in /etc/default/grub\nand /etc/grub.d/* files or please file a bug report with\n"
                            + Grub.FILE + " file attached.\n");
        }
        List<String> uuids = EspLoader.uuids(box.tree());
        Answer refreshed = uuids.isEmpty() ? Answer.ok("") : refresh(uuids);
        return new Answer(refreshed.code(), refreshed.out(), said + read.complaint() + refreshed.err() + "done\n");
    }

    private Answer scriptCheck(List<String> words) {
        String file =
                words.stream().filter(word -> !word.startsWith("-")).findFirst().orElse(Grub.FILE);
        if (!box.tree().exists(file)) {
            return Answer.failed(
                    1, "grub-script-check: error: cannot open `" + file + "': No such file or directory.\n");
        }
        String wrong = Grub.complaint(file, HostFiles.text(box.tree(), file));
        return wrong.isEmpty() ? Answer.ok("") : Answer.failed(1, wrong);
    }

    private Answer list(List<String> words) {
        String file =
                words.stream().filter(word -> !word.startsWith("-")).findFirst().orElse("");
        if (!box.tree().exists(file)) {
            return Answer.failed(1, "cannot access '" + file + "': No such file or directory\n");
        }
        Optional<Initramfs> image = Initramfs.read(box.tree().at(file));
        return image.map(found -> Answer.ok(String.join("\n", found.entries().keySet()) + "\n"))
                .orElse(Answer.failed(2, "cpio: premature end of archive\n"));
    }

    private Answer bootTool(List<String> words) {
        List<String> uuids = EspLoader.uuids(box.tree());
        if (words.contains("status")) {
            return status(uuids);
        }
        if (!words.contains("refresh")) {
            return Answer.failed(1, "E: no subcommand specified: USAGE: proxmox-boot-tool <command> [ARGS]\n");
        }
        if (uuids.isEmpty()) {
            return Answer.ok("Running hook script 'proxmox-auto-removal'..\nRunning hook script 'zz-proxmox-boot'..\n"
                    + "No /etc/kernel/proxmox-boot-uuids found, skipping ESP sync.\n");
        }
        Answer done = refresh(uuids);
        return new Answer(
                done.code(),
                "Running hook script 'proxmox-auto-removal'..\nRunning hook script 'zz-proxmox-boot'..\n" + done.out(),
                done.err());
    }

    private Answer status(List<String> uuids) {
        if (uuids.isEmpty()) {
            return Answer.failed(2, "E: /etc/kernel/proxmox-boot-uuids does not exist.\n");
        }
        String how = BootDisk.systemdBoot(dump) ? "uefi" : "grub";
        StringBuilder out =
                new StringBuilder("Re-executing '/usr/sbin/proxmox-boot-tool' in new private mount namespace..\n"
                        + "System currently booted with uefi\n");
        uuids.forEach(uuid -> out.append(uuid)
                .append(" is configured with: ")
                .append(how)
                .append(" (versions: ")
                .append(kernel())
                .append(")\n"));
        return Answer.ok(out.toString());
    }

    /** Copies words and RAM disk to every managed partition. */
    private Answer refresh(List<String> uuids) {
        HostTree tree = box.tree();
        String words = BootDisk.systemdBoot(dump)
                ? HostFiles.text(tree, "/etc/kernel/cmdline")
                        .lines()
                        .findFirst()
                        .orElse("")
                        .strip()
                : Grub.words(HostFiles.text(tree, Grub.FILE)).orElse("");
        if (words.isEmpty()) {
            words = BootDisk.words(dump);
        }
        byte[] image;
        try {
            image = Files.readAllBytes(tree.at(Initramfs.file(kernel())));
        } catch (IOException gone) {
            return Answer.failed(1, "cp: cannot stat '" + Initramfs.file(kernel()) + "': No such file or directory\n");
        }
        StringBuilder out = new StringBuilder();
        int boot = boots.getAsInt();
        for (String uuid : uuids) {
            String refusal = space.refusal(DiskSpace.ESP, INITRD_BYTES);
            out.append("Copying and configuring kernels on /dev/disk/by-uuid/")
                    .append(uuid)
                    .append('\n');
            if (refusal.startsWith("No space")) {
                esp.copy(uuid, kernel(), words, image, 0.5);
            }
            if (!refusal.isEmpty()) {
                return new Answer(
                        1,
                        out.toString(),
                        "cp: error writing '/var/tmp/espmounts/" + uuid + "/EFI/proxmox/" + kernel() + "/initrd.img-"
                                + kernel() + "': " + refusal + "\nrun-parts: /etc/kernel/postinst.d/zz-proxmox-boot"
                                + " exited with return code 1\n");
            }
            pace.sleepSeconds(REFRESH_SECONDS / 2);
            if (boots.getAsInt() != boot) {
                return POWER_LOST;
            }
            esp.copy(uuid, kernel(), words, image, 1);
            out.append("\tCopying kernel ").append(kernel()).append('\n');
            pace.sleepSeconds(REFRESH_SECONDS / 2 / uuids.size());
        }
        return Answer.ok(out.toString());
    }

    /**
     * Writes a boot file beside the old one and puts it in its place. @return why not, in the kernel's words; empty when done
     */
    private String write(String file, byte[] bytes, long room, double seconds) {
        HostTree tree = box.tree();
        if (space.readOnly(file)) {
            pace.sleepSeconds(1);
            return "Read-only file system";
        }
        int boot = boots.getAsInt();
        tree.write(file + ".new", Arrays.copyOf(bytes, bytes.length / 2));
        writing = file;
        Boolean cut = cutNext.getAndSet(null);
        if (cut != null) {
            cutPower.accept(cut);
        }
        pace.sleepSeconds(seconds);
        if (boots.getAsInt() != boot) {
            return "power lost";
        }
        writing = "";
        String refusal = space.refusal(file, room);
        if (!refusal.isEmpty()) {
            return refusal;
        }
        tree.write(file + ".new", bytes);
        try {
            Files.move(tree.at(file + ".new"), tree.at(file), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "";
    }

    /** The power goes in the middle of the next boot file, which is left half written under its name when torn. */
    void cutNext(boolean torn) {
        cutNext.set(torn);
    }

    /**
     * The power is gone.
     *
     * @param torn the name of the new file was on disk already, but not all of its bytes
     */
    void powerLost(boolean torn) {
        String file = writing;
        writing = "";
        if (torn && !file.isEmpty() && box.tree().exists(file + ".new")) {
            try {
                Files.move(box.tree().at(file + ".new"), box.tree().at(file), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
