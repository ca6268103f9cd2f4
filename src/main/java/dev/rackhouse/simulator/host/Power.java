package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches a machine off and on. A boot takes its time, reads the boot files and decides by them; it may end without a
 * network, or nowhere.
 *
 * <table>
 * <caption>states</caption>
 * <tr><td>up</td><td>everything answers</td></tr>
 * <tr><td>no network</td><td>the machine runs, its units and timers too; SSH and API are closed</td></tr>
 * <tr><td>off</td><td>no power, or on the way down or up</td></tr>
 * <tr><td>stopped in boot: why</td><td>only a person at its console can help</td></tr>
 * </table>
 */
final class Power {
    private static final Logger LOG = LoggerFactory.getLogger(Power.class);
    private static final double BOOT_SECONDS = 60;
    private static final double SECONDS_SINCE_KERNEL = 8;
    private static final double SCRIPT_SECONDS = 20;

    /** What the machine does around a boot. */
    interface Parts {
        /** Everything ends: guests, connections, processes. */
        void down();

        /** The running system is this from now on. */
        void running(KernelBoot.Outcome outcome);

        /** Processes can run: the units start. */
        void started();

        /** The network is there. */
        void reachable();
    }

    private final Box box;
    private final ProbeDump dump;
    private final EspLoader esp;
    private final Pace pace;
    private final Parts parts;
    private Hardware hardware = Hardware.AS_DUMPED;
    private Hardware next = Hardware.AS_DUMPED;
    private int withoutNetwork;
    private int nowhere;
    private Runnable back = () -> {};
    private List<String> loadedEarly = new ArrayList<>();
    private volatile boolean early;
    private volatile int boots;
    private volatile String state = "up";
    private volatile double uptimeAtBoot;
    private volatile long bootNanos = System.nanoTime();
    private volatile String bootId;

    Power(Box box, ProbeDump dump, EspLoader esp, Pace pace, Parts parts) {
        this.box = box;
        this.dump = dump;
        this.esp = esp;
        this.pace = pace;
        this.parts = parts;
        this.bootId = dump.fact("boot_id").orElse(UUID.randomUUID().toString());
        this.uptimeAtBoot =
                Double.parseDouble(dump.fact("uptime").orElse("1000").split(" ")[0]);
    }

    String state() {
        return state;
    }

    boolean up() {
        return state.equals("up");
    }

    /** Whether processes run. */
    boolean alive() {
        return up() || state.equals("no network");
    }

    /** Counts the boots; another number means that the machine was off meanwhile. */
    int boots() {
        return boots;
    }

    String bootId() {
        return bootId;
    }

    double uptime() {
        return uptimeAtBoot + (System.nanoTime() - bootNanos) / 1e9;
    }

    synchronized Hardware hardware() {
        return next;
    }

    /** From the next boot on the machine is this one. */
    synchronized void hardware(Hardware changed) {
        next = changed;
    }

    /** So many of the next boots end without a network. */
    synchronized void withoutNetwork(int times) {
        withoutNetwork = times;
    }

    /** So many of the next boots end nowhere. */
    synchronized void nowhere(int times) {
        nowhere = times;
    }

    /** While the scripts of the initramfs run: the module is loaded before all others. @return whether it is that early */
    synchronized boolean loadEarly(String module) {
        if (early) {
            loadedEarly.add(module);
        }
        return early;
    }

    /**
     * Goes down, and up again unless it stays off.
     *
     * @param whenReachable told when the machine can be reached again, after this boot or a later one
     */
    void restart(boolean stayOff, Runnable whenReachable) {
        int mine;
        synchronized (this) {
            boots++;
            mine = boots;
            state = "off";
            back = whenReachable;
        }
        parts.down();
        if (!stayOff) {
            pace.after(BOOT_SECONDS, () -> boot(mine));
        }
    }

    /** Somebody presses the button of a machine that is off. */
    void on(Runnable whenReachable) {
        int mine;
        synchronized (this) {
            if (alive()) {
                return;
            }
            boots++;
            mine = boots;
            back = whenReachable;
        }
        boot(mine);
    }

    /** The lab ends: no boot that is still to come comes. */
    synchronized void end() {
        boots++;
        state = "off";
    }

    private void boot(int number) {
        try {
            if (number == boots) {
                bootNow(number);
            }
        } catch (IOException | RuntimeException broken) {
            LOG.warn("{} did not come up", box.name(), broken);
            state = "stopped in boot: " + broken.getMessage();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void bootNow(int number) throws IOException, InterruptedException {
        boolean lost;
        ProbeDump board;
        synchronized (this) {
            hardware = next;
            board = hardware.applied(dump);
            lost = nowhere > 0;
            nowhere = Math.max(0, nowhere - 1);
        }
        if (lost) {
            state = "stopped in boot: it does not answer";
            return;
        }
        HostTree tree = box.tree();
        Optional<BootDisk> disk = BootDisk.read(tree, esp, board);
        if (disk.isEmpty()) {
            state = "stopped in boot: kernel, initramfs or boot entry is not whole";
            return;
        }
        KernelBoot kernel = new KernelBoot(board, disk.get(), hardware.iommu());
        for (String place : new String[] {"/proc", "/sys", "/run", "/cmd", "/tmp"}) {
            Box.erase(tree.at(place));
            tree.directory(place);
        }
        Map<String, String> overrides = scripts(disk.get().image(), kernel, tree);
        List<String> loaded;
        synchronized (this) {
            loaded = List.copyOf(loadedEarly);
        }
        KernelBoot.Outcome outcome = kernel.outcome(overrides, loaded);
        if (!outcome.root()) {
            state = "stopped in boot: no root file system";
            return;
        }
        bootId = UUID.randomUUID().toString();
        uptimeAtBoot = SECONDS_SINCE_KERNEL;
        bootNanos = System.nanoTime();
        parts.running(outcome);
        boolean network;
        synchronized (this) {
            if (number != boots) {
                return;
            }
            network = outcome.network() && withoutNetwork == 0;
            withoutNetwork = Math.max(0, withoutNetwork - 1);
            state = network ? "up" : "no network";
        }
        parts.started();
        if (network) {
            parts.reachable();
            back.run();
        }
    }

    /** Runs the scripts that the initramfs starts before any module is loaded, and reads what they asked for. */
    private Map<String, String> scripts(Initramfs image, KernelBoot kernel, HostTree tree)
            throws IOException, InterruptedException {
        Map<String, String> overrides = new LinkedHashMap<>();
        synchronized (this) {
            loadedEarly = new ArrayList<>();
        }
        if (image.initTop().isEmpty()) {
            return overrides;
        }
        ProbeDump start = kernel.early();
        TreeFromDump.running(start, tree);
        ControlFiles.furnish(tree, List.of("pcieport"), Map.of());
        for (Map.Entry<String, Initramfs.Entry> entry : image.entries().entrySet()) {
            if (entry.getKey().startsWith("scripts/")) {
                tree.write(
                        "/run/initramfs/" + entry.getKey(),
                        ownRoot(entry.getValue().text(), tree));
            }
        }
        early = true;
        try {
            for (String script : image.initTop()) {
                String file = "/run/initramfs/" + script;
                tree.at(file).toFile().setExecutable(true);
                Process process = box.start("exec \"${R:-}" + file + "\"", Map.of("rootmnt", "/root"));
                process.getOutputStream().close();
                process.getInputStream().readAllBytes();
                String complaint = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
                process.waitFor((long) SCRIPT_SECONDS, java.util.concurrent.TimeUnit.SECONDS);
                if (!complaint.isBlank()) {
                    LOG.info("{} {}: {}", box.name(), script, complaint.strip());
                }
            }
        } finally {
            early = false;
        }
        start.rows("P").forEach(row -> {
            String address = row.field(0);
            String override = HostFiles.text(tree, "/sys/bus/pci/devices/" + address + "/driver_override")
                    .strip();
            if (!override.isEmpty() && !override.equals("(null)")) {
                overrides.put(address, override);
            }
        });
        return overrides;
    }

    /** Where a machine has no root of its own, its scripts must not touch that of the real machine. */
    private String ownRoot(String script, HostTree tree) {
        return box.strict()
                ? script
                : script.replaceAll(
                        "(?m)(^|[\\s\"'=>(])/(sys|proc|etc|run|var|boot|dev/vfio)\\b", "$1" + tree.root() + "/$2");
    }
}
