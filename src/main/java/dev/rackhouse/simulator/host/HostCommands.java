package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import dev.rackhouse.simulator.host.CommandDoor.Call;
import java.util.List;
import java.util.stream.Collectors;

/** What the commands of a pretend machine do that change the lab's state. */
final class HostCommands {
    private final SimulatedMachine machine;

    HostCommands(SimulatedMachine machine) {
        this.machine = machine;
    }

    /** Services that run on such a machine. */
    static List<String> services(boolean proxmox) {
        return proxmox
                ? List.of(
                        "ssh",
                        "cron",
                        "pveproxy",
                        "pvedaemon",
                        "pvestatd",
                        "pve-cluster",
                        "pve-guests",
                        "pvescheduler",
                        "zfs-zed")
                : List.of("ssh", "cron", "docker");
    }

    Answer run(Call call) {
        machine.look();
        List<String> words = call.words();
        return switch (call.program()) {
            case "systemctl" -> systemctl(words);
            case "systemd-run" -> machine.units().systemdRun(words, call.environment());
            case "journalctl" -> Answer.ok("-- No entries --\n");
            case "reboot" -> reboot(false);
            case "poweroff" -> reboot(true);
            case "shutdown" -> reboot(!words.contains("-r"));
            case "wget", "curl" ->
                Downloads.run(machine.box().tree(), machine.software().computer(), call.program(), words);
            case "nvidia-smi", "nvidia-ctk", "docker" -> {
                Answer answer = machine.software().run(call);
                yield answer == null ? Answer.failed(127, "sh: 1: " + call.program() + ": not found\n") : answer;
            }
            case "lspci" -> Answer.ok(Lspci.print(machine.box().tree(), words));
            case "apt-get" -> Answer.ok("Reading package lists...\n");
            case "modprobe" -> modprobe(words);
            case "df" -> machine.space().df(words);
            case "update-grub", "update-initramfs", "proxmox-boot-tool", "grub-script-check", "lsinitramfs" ->
                machine.bootFiles().run(call.program(), words);
            case "qm", "pct", "pvesh", "pvesm" -> {
                NodeApi api = machine.lab().api();
                yield api == null
                        ? Answer.failed(255, "ipcc_send_rec[1] failed: Connection refused\n")
                        : new ProxmoxTools(machine.node(), api).run(call.program(), words);
            }
            default -> Answer.failed(127, "sh: 1: " + call.program() + ": not found\n");
        };
    }

    private Answer modprobe(List<String> words) {
        HostTree tree = machine.box().tree();
        ModprobeConfig config = BootDisk.modprobe(tree);
        String complaints =
                config.complaints().stream().map(line -> line + "\n").collect(Collectors.joining());
        List<String> names =
                words.stream().filter(word -> !word.startsWith("-")).toList();
        if (words.contains("--showconfig") || words.contains("-c")) {
            StringBuilder out = new StringBuilder();
            HostFiles.list(tree, "/etc/modprobe.d").stream()
                    .filter(file -> file.endsWith(".conf"))
                    .forEach(file -> HostFiles.lines(tree, file)
                            .forEach(line -> out.append(line).append('\n')));
            return new Answer(0, out.toString(), complaints);
        }
        boolean blacklisted = (words.contains("-b") || words.contains("--use-blacklist"))
                && names.stream().allMatch(name -> config.blacklisted(Modules.normal(name)));
        if (names.isEmpty() || words.contains("-r") || words.contains("-n") || blacklisted) {
            return new Answer(0, "", complaints);
        }
        String module = Modules.normal(names.getFirst());
        if (!module.matches("[A-Za-z0-9_]+")
                || module.equals("vfio_virqfd") && !machine.kernelRelease().matches("[1-5]\\..*|6\\.[01]\\..*")) {
            return Answer.failed(
                    1,
                    "modprobe: FATAL: Module " + names.getFirst() + " not found in directory /lib/modules/"
                            + machine.kernelRelease() + "\n");
        }
        machine.loadModule(module);
        return new Answer(0, "", complaints);
    }

    private Answer systemctl(List<String> words) {
        String verb =
                words.stream().filter(word -> !word.startsWith("-")).findFirst().orElse("");
        return switch (verb) {
            case "reboot" -> reboot(false);
            case "poweroff", "halt" -> reboot(true);
            default -> new Systemctl(machine.units()).run(words);
        };
    }

    /** The command still returns; then the connection breaks. */
    private Answer reboot(boolean powerOff) {
        NodeApi api = machine.lab().api();
        machine.lab().pace().after(1, () -> {
            if (api == null) {
                machine.restart(powerOff, () -> {});
            } else {
                api.rebootRequested(machine.node(), powerOff);
            }
        });
        return Answer.ok("");
    }
}
