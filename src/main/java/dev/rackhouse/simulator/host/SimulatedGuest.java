package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import dev.rackhouse.simulator.world.GuestLaunch;
import dev.rackhouse.simulator.world.PciFunction;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A guest of a pretend node: a small tree that keeps what is written to it from start to start, and after a while an SSH
 * door that only the lab's nodes can reach. Its system is what a stock cloud image brings: no guest agent until somebody
 * installs it.
 */
final class SimulatedGuest {
    private final int vmid;
    private final String node;
    private final Pace pace;
    private final Box box;
    private final Units units;
    private final Software software;
    private final String authorizedKey;
    private final KeyPair hostKey;
    private final @Nullable Boolean seededAgent;
    private volatile @Nullable GuestLaunch launch;
    private volatile List<PciFunction> passed = List.of();
    private volatile @Nullable SshDoor door;
    private volatile long bootedAt;
    private volatile int boots;

    /**
     * @param node on which it stands: its devices have their identities there
     * @param seededAgent whether the agent of a guest from the seed answers, null for a guest that was made later
     * @param authorizedKey who may come into a guest of the seed, as the one who set it up let in
     */
    SimulatedGuest(
            int vmid,
            String node,
            Jails jails,
            Path root,
            Pace pace,
            @Nullable Boolean seededAgent,
            String authorizedKey) {
        this.vmid = vmid;
        this.node = node;
        this.pace = pace;
        this.seededAgent = seededAgent;
        this.hostKey = SshKeys.fresh();
        this.box = new Box(new Object(), "guest " + vmid, jails, root, this::fill, this::command);
        this.authorizedKey = authorizedKey;
        this.units = new Units(box, List.of("ssh", "cron", "systemd-networkd"), pace);
        this.software = new Software(box, units, pace, node, () -> GuestTree.affinity(box.tree()));
    }

    private void fill(HostTree tree) {
        GuestLaunch now = launch;
        if (now != null) {
            GuestTree.firstBoot(tree, now);
            GuestTree.boot(tree, now, passed);
            software.packages().putImage();
            if (seededAgent != null) {
                GuestTree.letIn(tree, now, authorizedKey);
                software.prepareLongAgo(node + "-" + vmid, GuestTree.slots(passed));
            }
        }
    }

    /** What it reaches besides itself. */
    void network(SshDoor.Reachable reachable) {
        software.computer().network(reachable);
    }

    /** Power on. SSH answers after the guest has booted. */
    void start(GuestLaunch what, List<PciFunction> functions) {
        launch = what;
        passed = functions;
        bootedAt = pace.inSeconds(18);
        int boot = ++boots;
        if (what.kind().equals("qemu") && !address(what).isEmpty()) {
            pace.after(18, () -> {
                if (boots == boot && launch != null) {
                    up();
                }
            });
        } else if (box.built()) {
            GuestTree.boot(box.tree(), what, functions);
        }
    }

    private synchronized void up() {
        GuestLaunch now = launch;
        if (now == null) {
            return;
        }
        GuestTree.boot(box.tree(), now, passed);
        software.boot(GuestTree.slots(passed));
        units.service("qemu-guest-agent", agentInstalled() && agentDevice(now));
        SshDoor opened = new SshDoor(
                box,
                homes(GuestTree.user(now.config())),
                address(now),
                hostKey,
                new SftpAccess(box, new SftpAccess.Watch() {}),
                (host, port) -> software.computer().reach(host.equals(address(now)) ? "127.0.0.1" : host, port));
        opened.open(0);
        door = opened;
    }

    private static Map<String, String> homes(String user) {
        return user.equals("root") ? Map.of("root", "/root") : Map.of("root", "/root", user, "/home/" + user);
    }

    /** Power off; the disk stays. */
    synchronized void stop() {
        launch = null;
        boots++;
        SshDoor open = door;
        door = null;
        if (open != null) {
            open.close();
        }
        units.forget();
        software.powerOff();
        box.powerOff();
    }

    /** Stops and forgets the disk. */
    void destroy() {
        stop();
        box.destroy();
    }

    boolean running() {
        return launch != null;
    }

    Box box() {
        return box;
    }

    /** What is installed in it, and what shall go wrong with that. */
    Software software() {
        return software;
    }

    /** Waits until a guest that is booting has booted: what its first boot writes belongs to its disk. */
    void settle() {
        for (int i = 0; i < 400 && reachable() && sshPort() == 0; i++) {
            pace.sleepSeconds(Math.max(1, 0.05 * pace.speed()));
        }
    }

    /** Whether it has an address at which people can come in. */
    boolean reachable() {
        GuestLaunch now = launch;
        return now != null && now.kind().equals("qemu") && !address(now).isEmpty();
    }

    /** Address that cloud-init was given, without prefix length; empty when it was given none. */
    String address() {
        GuestLaunch now = launch;
        return now == null ? "" : address(now);
    }

    /** MAC address of its first network device, in lower case. */
    String hardwareAddress() {
        GuestLaunch now = launch;
        String net = now == null ? "" : now.config().getOrDefault("net0", "");
        return net.replaceAll("(?i)^.*?((?:[0-9a-f]{2}:){5}[0-9a-f]{2}).*$", "$1")
                .toLowerCase(Locale.ROOT);
    }

    private static String address(GuestLaunch launch) {
        for (String part : launch.config().getOrDefault("ipconfig0", "").split(",")) {
            if (part.startsWith("ip=") && part.contains(".")) {
                return part.substring(3).split("/")[0];
            }
        }
        return "";
    }

    /** Loopback port of its SSH server, 0 while it does not answer. */
    int sshPort() {
        SshDoor open = door;
        return open == null ? 0 : open.port();
    }

    boolean agentRunning() {
        GuestLaunch now = launch;
        if (now == null || !pace.reached(bootedAt)) {
            return false;
        }
        if (seededAgent != null) {
            return seededAgent;
        }
        return agentDevice(now) && units.serviceRuns("qemu-guest-agent");
    }

    private static boolean agentDevice(GuestLaunch launch) {
        String agent = launch.config().getOrDefault("agent", "0");
        return agent.startsWith("1") || agent.contains("enabled=1");
    }

    private boolean agentInstalled() {
        return box.built() && software.packages().has("qemu-guest-agent");
    }

    private Answer command(CommandDoor.Call call) {
        List<String> words = call.words();
        return switch (call.program()) {
            case "systemctl" -> words.contains("reboot") ? reboot() : new Systemctl(units).run(words);
            case "reboot" -> reboot();
            case "shutdown" -> words.contains("-r") ? reboot() : Answer.failed(1, "shutdown: only -r is known here\n");
            case "systemd-run" -> units.systemdRun(words, call.environment());
            case "journalctl" ->
                Answer.ok(
                        words.contains("-k") || words.contains("--dmesg")
                                ? box.tree()
                                        .read("/cmd/dmesg.txt")
                                        .map(text -> text + "\n")
                                        .orElse("-- No entries --\n")
                                : "-- No entries --\n");
            case "cloud-init" -> cloudInit(words);
            case "lspci" -> Answer.ok(Lspci.print(box.tree(), words));
            default -> {
                Answer answer = software.run(call);
                if (call.program().equals("apt-get")) {
                    GuestLaunch now = launch;
                    units.service("qemu-guest-agent", agentInstalled() && now != null && agentDevice(now));
                }
                yield answer != null ? answer : Answer.failed(1, call.program() + ": not available in this guest\n");
            }
        };
    }

    /** The same process goes on, with a fresh kernel in it. Whoever asked for it still hears that it was asked for. */
    private Answer reboot() {
        GuestLaunch now = launch;
        List<PciFunction> functions = passed;
        pace.after(Math.max(1, 0.4 * pace.speed()), () -> {
            if (now != null && launch == now) {
                stop();
                start(now, functions);
            }
        });
        return Answer.ok("");
    }

    private Answer cloudInit(List<String> words) {
        if (words.isEmpty() || !words.getFirst().equals("status")) {
            return Answer.failed(2, "usage: cloud-init status [--wait]\n");
        }
        if (words.contains("--wait")) {
            pace.sleepSeconds(3);
        }
        return Answer.ok("status: done\n");
    }

    /** Runs a command as the guest agent does, without a shell. */
    CommandDoor.Answer agentExec(List<String> command, byte[] input) throws java.io.IOException, InterruptedException {
        String line =
                command.stream().map(RunRequest::quoted).collect(java.util.stream.Collectors.joining(" ", "exec ", ""));
        Process process = box.start(line, Map.of());
        try (var in = process.getOutputStream()) {
            in.write(input);
        }
        String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor(10, TimeUnit.SECONDS);
        return new Answer(process.exitValue(), out, err);
    }

    int vmid() {
        return vmid;
    }
}
