package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;

/**
 * The commands of a pretend machine that are not the real machine's: small shell scripts in {@code /usr/sbin}. Those that
 * change the lab's state are one script under many names, which hands its words to {@link CommandDoor}.
 */
final class Shims {
    private static final List<String> EVERYWHERE =
            List.of("systemctl", "systemd-run", "journalctl", "reboot", "poweroff", "shutdown", "apt-get", "lspci");

    private static final List<String> HOST =
            List.of("update-initramfs", "update-grub", "grub-script-check", "lsinitramfs", "modprobe", "df");

    private static final List<String> PROXMOX =
            List.of("qm", "pct", "pvesh", "pvesm", "proxmox-boot-tool", "wget", "curl");

    private static final List<String> GUEST = List.of(
            "cloud-init", "apt-cache", "apt-mark", "apt-config", "dpkg-query", "dpkg", "modprobe", "df", "curl");

    private Shims() {}

    /** Kinds of machines, by the commands they have. */
    enum Flavour {
        PROXMOX,
        LINUX,
        GUEST,
        MAC
    }

    static void install(HostTree tree, Flavour flavour) {
        if (flavour == Flavour.MAC) {
            script(tree, "mac-uname", "uname");
            script(tree, "mac-hostname", "hostname");
            script(tree, "sudo", "sudo");
            script(tree, "sysctl", "sysctl");
            script(tree, "sw_vers", "sw_vers");
            return;
        }
        script(tree, "uname", "uname");
        script(tree, "hostname", "hostname");
        script(tree, "sudo", "sudo");
        script(tree, "printed", "dmesg");
        script(tree, "printed", "ip");
        EVERYWHERE.forEach(name -> script(tree, "machine-call", name));
        switch (flavour) {
            case PROXMOX -> {
                HOST.forEach(name -> script(tree, "machine-call", name));
                PROXMOX.forEach(name -> script(tree, "machine-call", name));
                script(tree, "printed", "pveversion");
            }
            case GUEST -> GUEST.forEach(name -> script(tree, "machine-call", name));
            case LINUX -> {
                HOST.forEach(name -> script(tree, "machine-call", name));
                script(tree, "machine-call", "curl");
            }
            case MAC -> {}
        }
        if (tree.exists("/cmd/zpool.txt")) {
            script(tree, "printed", "zpool");
        }
    }

    /** Commands of a host with the NVIDIA driver and Docker of its own. */
    static void dockerHost(HostTree tree) {
        List.of("nvidia-smi", "nvidia-ctk", "nvidia-container-runtime", "docker")
                .forEach(name -> call(tree, name));
    }

    /** Puts a command there that the simulator answers. */
    static void call(HostTree tree, String name) {
        script(tree, name.equals("docker") ? "docker" : "machine-call", name);
    }

    /** Puts one script of the resources below a name into {@code /usr/sbin}. */
    static void script(HostTree tree, String resource, String name) {
        try (InputStream in = Objects.requireNonNull(Shims.class.getResourceAsStream(resource), resource)) {
            String place = "/usr/sbin/" + name;
            tree.delete(place);
            tree.write(place, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            Files.setPosixFilePermissions(tree.at(place), PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
