package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import dev.rackhouse.simulator.serving.DockerDaemon;
import dev.rackhouse.simulator.serving.Effects;
import dev.rackhouse.simulator.serving.EngineFaults;
import dev.rackhouse.simulator.serving.GpuRack;
import dev.rackhouse.simulator.serving.Routers;
import dev.rackhouse.simulator.serving.SeededServing;
import dev.rackhouse.simulator.serving.StandingPrograms;
import dev.rackhouse.simulator.world.PciFunction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is installed on a pretend computer beyond a shell: packages, units on its disk, the NVIDIA driver, Docker. Safe for many
 * threads: one thing after the other, except for what sleeps.
 */
final class Software implements Units.Daemons {
    private final Box box;
    private final GpuDriver driver;
    private final Packages packages;
    private final SoftwareFaults faults = new SoftwareFaults();
    private final AptTools apt;
    private final NvidiaSmi smi;
    private final NvidiaCtk ctk;
    private final Docker docker;
    private final Units units;
    private final ServingComputer computer;
    private final Routers routers;
    private final StandingPrograms programs;
    private final EngineFaults engineFaults = new EngineFaults();
    private final Effects effects = new Effects();

    /** @param affinity CPUs and NUMA nodes, as {@link NvidiaSmi} wants them */
    Software(Box box, Units units, Pace pace, String machine, Supplier<String> affinity) {
        this.box = box;
        GpuRack rack = new GpuRack();
        this.driver = new GpuDriver(machine, rack);
        this.computer = new ServingComputer(box, pace, rack, faults);
        this.packages = new Packages(box);
        this.apt = new AptTools(box, packages, faults, pace);
        this.smi = new NvidiaSmi(driver, affinity);
        this.ctk = new NvidiaCtk(box, driver);
        this.docker = new Docker(box, new DockerDaemon(computer, engineFaults, effects), driver, smi, pace);
        this.routers = new Routers(computer, effects);
        this.programs = new StandingPrograms(computer, engineFaults, effects);
        this.units = units;
        units.daemons(this);
    }

    SoftwareFaults faults() {
        return faults;
    }

    Packages packages() {
        return packages;
    }

    GpuDriver driver() {
        return driver;
    }

    /** What can be reached of it by TCP, and what it reaches. */
    ServingComputer computer() {
        return computer;
    }

    Routers routers() {
        return routers;
    }

    StandingPrograms programs() {
        return programs;
    }

    /** On a machine without containers: what serves models there runs since long ago. */
    void servesSinceLongAgo(String machine) {
        SeededServing.of(machine).ifPresent(seed -> {
            seed.putOn(computer, docker.daemon());
            seed.programs().forEach(program -> programs.start(program, true));
        });
    }

    /** The same after a boot. */
    void servesAgain(String machine) {
        SeededServing.of(machine).ifPresent(seed -> seed.programs().forEach(program -> programs.start(program, false)));
    }

    EngineFaults engineFaults() {
        return engineFaults;
    }

    Effects effects() {
        return effects;
    }

    DockerDaemon docker() {
        return docker.daemon();
    }

    /** Null: none of the commands here. */
    @Nullable
    Answer run(CommandDoor.Call call) {
        List<String> words = call.words();
        return switch (call.program()) {
            case "apt-get" -> {
                Answer answer = apt.run(call.program(), words);
                servicesFollowPackages();
                yield answer;
            }
            case "apt-cache", "apt-mark", "apt-config", "dpkg-query", "dpkg" -> apt.run(call.program(), words);
            case "modprobe" -> modprobe(words);
            case "nvidia-smi" -> smi.run(words);
            case "nvidia-ctk" -> ctk.run(words);
            case "docker" -> docker.run(call);
            case "curl" -> Downloads.run(box.tree(), computer, call.program(), words);
            case "df" -> free();
            default -> null;
        };
    }

    /** As the scripts of Debian packages do: a new service starts at once, a removed one is stopped. */
    private void servicesFollowPackages() {
        for (String name : List.of("containerd", "docker", "nvidia-persistenced")) {
            Optional<UnitFile> unit = units.files().find(name);
            if (unit.isEmpty()) {
                units.stop(UnitFiles.full(name));
            } else if (unit.get().installable()) {
                units.start(unit.get(), true);
            }
        }
    }

    /** As {@code df -Pk /} prints it. */
    private Answer free() {
        long used = 2_100_000L
                + 1024L
                        * packages.installed().keySet().stream()
                                .map(Packages::known)
                                .filter(java.util.Objects::nonNull)
                                .mapToInt(Packages.Known::mib)
                                .sum();
        long all = 100L << 20;
        long left = faults.noSpace() ? 120_000 : all - used;
        return Answer.ok("Filesystem     1024-blocks     Used Available Capacity Mounted on\n"
                + "/dev/sda1 %d %d %d %d%% /%n".formatted(all, all - left, left, (all - left) * 100 / all));
    }

    private Answer modprobe(List<String> words) {
        String module =
                words.stream().filter(w -> !w.startsWith("-")).findFirst().orElse("");
        if (!module.startsWith("nvidia")) {
            return Answer.ok("");
        }
        String kernel = box.tree().read("/proc/sys/kernel/osrelease").orElse("");
        if (!moduleThere()) {
            return Answer.failed(
                    1, "modprobe: FATAL: Module " + module + " not found in directory /lib/modules/" + kernel + "\n");
        }
        load();
        return driver.loaded()
                ? Answer.ok("")
                : Answer.failed(1, "modprobe: ERROR: could not insert '" + module + "': No such device\n");
    }

    private boolean moduleThere() {
        return packages.brings("module:nvidia") || packages.brings("module:nvidia-open");
    }

    /** Loads the driver, and shows it in the files. */
    void load() {
        driver.load(packages.brings("module:nvidia-open"));
        show();
    }

    void show() {
        HostTree tree = box.tree();
        if (!driver.loaded()) {
            Box.erase(tree.at("/proc/driver"));
            for (String device : List.of("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia0", "nvidia1")) {
                tree.delete("/dev/" + device);
            }
            return;
        }
        boolean open = packages.brings("module:nvidia-open");
        tree.write(
                "/proc/driver/nvidia/version",
                "NVRM version: NVIDIA UNIX " + (open ? "Open Kernel Module for x86_64  " : "x86_64 Kernel Module  ")
                        + GpuDriver.VERSION
                        + "  Release Build  (dvs-builder@U22-I3-B16-02-1)\nGCC version:  gcc version 13.3.0 (Ubuntu 13.3.0-6ubuntu2~24.04)\n");
        tree.line("/sys/module/nvidia/version", GpuDriver.VERSION);
        for (String device : List.of("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools")) {
            tree.write("/dev/" + device, "");
        }
        driver.cards().forEach(card -> tree.write("/dev/nvidia" + card.index, ""));
    }

    /** The kernel is up: udev loads what belongs to the devices, and what is enabled starts. */
    void boot(Map<String, PciFunction> functions) {
        driver.unload();
        driver.plugged(functions);
        if (moduleThere()) {
            load();
        } else {
            show();
        }
        if (driver.loaded()) {
            units.files().find("nvidia-persistenced").ifPresent(unit -> units.start(unit, true));
        }
        routers.start();
        units.startEnabled();
    }

    /** On a host whose dump shows the driver: it is loaded, and Docker runs with CDI. */
    void runsHere(String machine, List<PciFunction> functions) {
        Map<String, PciFunction> byAddress = new TreeMap<>();
        functions.forEach(function -> byAddress.put(function.address(), function));
        driver.plugged(byAddress);
        driver.load(true);
        if (!box.tree().exists("/etc/docker/daemon.json")) {
            box.tree()
                    .write(
                            "/etc/docker/daemon.json",
                            "{\n  \"features\": {\"cdi\": true},\n  \"runtimes\": {\n    \"nvidia\": {\"args\": [], \"path\":"
                                    + " \"nvidia-container-runtime\"}\n  }\n}\n");
            ctk.run(List.of("cdi", "generate", "--output=" + NvidiaCtk.SPECIFICATION));
            SeededServing.of(machine).ifPresent(seed -> seed.putOn(computer, docker.daemon()));
        }
        docker.daemon().start();
        routers.start();
    }

    /** CPUs and NUMA nodes of a machine, from its dump, as {@link NvidiaSmi} shows them. */
    static String wholeMachine(ProbeDump dump) {
        List<ProbeDump.Row> nodes = dump.rows("NODE");
        String cpus = nodes.stream()
                .flatMap(node -> node.value("cpus").stream())
                .collect(java.util.stream.Collectors.joining(","));
        return cpus + "\t" + (nodes.size() > 1 ? "0-" + (nodes.size() - 1) : "0");
    }

    /** Nothing of this boot is left. */
    void powerOff() {
        routers.close();
        programs.stop();
        docker.powerOff();
        driver.unload();
    }

    @Override
    public boolean knows(UnitFile unit) {
        return List.of("containerd.service", "docker.service", "nvidia-persistenced.service")
                .contains(unit.name());
    }

    @Override
    public String start(UnitFile unit) {
        if (unit.name().equals("docker.service")) {
            return docker.daemon().start().orElse("");
        }
        if (unit.name().equals("nvidia-persistenced.service")) {
            if (driver.cards().isEmpty()) {
                return "the control process exited with error code.";
            }
            driver.persistence(!unit.last("Service.ExecStart", "").contains("--no-persistence-mode"));
        }
        return "";
    }

    @Override
    public void stopped(String name) {
        switch (name) {
            case "docker.service" -> docker.stop();
            case "nvidia-persistenced.service" -> driver.persistence(false);
            default -> {}
        }
    }

    /** What somebody did long ago in a guest of the seed that has cards: driver, persistence, power, Docker with CDI. */
    void prepareLongAgo(String name, Map<String, PciFunction> functions) {
        driver.plugged(functions);
        if (!driver.anyCard()) {
            return;
        }
        packages.install(packages.missing(List.of("docker.io", "nvidia-container-toolkit", "qemu-guest-agent")));
        List<String> drivers = List.of(
                "linux-modules-nvidia-580-server-open-generic",
                "nvidia-headless-no-dkms-580-server-open",
                "nvidia-utils-580-server");
        packages.install(packages.missing(drivers));
        drivers.forEach(one -> packages.hold(one, true));
        HostTree tree = box.tree();
        tree.write(
                "/etc/apt/apt.conf.d/51homelab-blacklist",
                "Unattended-Upgrade::Package-Blacklist {\n    \"nvidia\";\n    \"libnvidia\";\n    \"linux-modules-nvidia\";\n};\n");
        tree.write(
                UnitFiles.FOLDER + "/nvidia-persistenced.service.d/override.conf",
                "[Unit]\nStopWhenUnneeded=false\n\n[Service]\nExecStart=\nExecStart=/usr/bin/nvidia-persistenced --user"
                        + " nvidia-persistenced --persistence-mode --verbose\n");
        tree.write(
                "/etc/docker/daemon.json",
                "{\n  \"features\": {\"cdi\": true},\n  \"live-restore\": true,\n  \"runtimes\": {\n    \"nvidia\": {\"args\": [], \"path\":"
                        + " \"nvidia-container-runtime\"}\n  }\n}\n");
        driver.load(true);
        StringBuilder limits = new StringBuilder();
        driver.cards()
                .forEach(card -> limits.append("ExecStart=/usr/bin/nvidia-smi -i ")
                        .append(card.uuid)
                        .append(" -pl ")
                        .append(Math.round(card.model.shipped()))
                        .append('\n'));
        tree.write(
                UnitFiles.FOLDER + "/homelab-gpu-power.service",
                "[Unit]\nDescription=Power limits of the GPUs\nAfter=nvidia-persistenced.service\nWants=nvidia-persistenced.service\n\n"
                        + "[Service]\nType=oneshot\nRemainAfterExit=yes\n" + limits
                        + "\n[Install]\nWantedBy=multi-user.target\n");
        units.files().find("homelab-gpu-power").ifPresent(unit -> units.files().enable(unit));
        ctk.run(List.of("cdi", "generate", "--output=" + NvidiaCtk.SPECIFICATION));
        docker.daemon().putImage("ubuntu:24.04");
        docker.daemon().putImage("vllm/vllm-openai:v0.11.0");
        SeededServing.of(name).ifPresent(seed -> seed.putOn(computer, docker.daemon()));
        driver.unload();
    }
}
