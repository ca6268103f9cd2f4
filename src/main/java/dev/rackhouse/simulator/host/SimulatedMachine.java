package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.world.AgentAnswer;
import dev.rackhouse.simulator.world.GuestLaunch;
import dev.rackhouse.simulator.world.Machine;
import dev.rackhouse.simulator.world.MachineRefusal;
import dev.rackhouse.simulator.world.PciFunction;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One pretend machine: the file tree of its dump, the processes on it, its SSH door, and the guests that run there. What
 * the Proxmox side does to it is seen in its files, and what a person does over SSH is seen by the Proxmox side.
 */
public final class SimulatedMachine implements Machine, AutoCloseable {
    private final SimulatedLab lab;
    private final String name;
    private final ProbeDump dump;
    private final Path folder;
    private final String authorizedKey;
    private final Box box;
    private final Units units;
    private final Software software;
    private final SshDoor door;
    private final RunningSystem system;
    private final EspLoader esp;
    private final DiskSpace space;
    private final BootFiles bootFiles;
    private final Power power;
    private final MachineControl control;
    private final MachineGuests guests;
    private final FirstState first = new FirstState();
    private volatile boolean closed;
    private int sshPort;

    /**
     * @param name what the machine calls itself
     * @param folder where its tree and those of its guests lie
     * @param hostKey of its SSH server
     * @param authorizedKey line of {@code authorized_keys} for root
     */
    SimulatedMachine(
            SimulatedLab lab, String name, ProbeDump dump, Path folder, KeyPair hostKey, String authorizedKey) {
        this.lab = lab;
        this.name = name;
        this.dump = dump;
        this.folder = folder;
        this.authorizedKey = authorizedKey;
        this.guests = new MachineGuests(lab, name, folder, authorizedKey);
        this.esp = new EspLoader(folder.resolve("esp"));
        this.space = new DiskSpace(dump);
        this.box = new Box(this, node(), lab.jails(), folder.resolve("tree"), this::fill, new HostCommands(this)::run);
        this.system = new RunningSystem(box, dump, new MachineMemory(dump, guests.seeds()));
        box.beforeStart(this::tick);
        box.afterEnd(this::look);
        this.units = new Units(box, HostCommands.services(isProxmox()), lab.pace());
        this.software = new Software(box, units, lab.pace(), name, () -> Software.wholeMachine(dump));
        software.computer().network(lab::reach);
        this.power = new Power(box, dump, esp, lab.pace(), new Boots());
        this.bootFiles = new BootFiles(box, dump, esp, space, lab.pace(), power::boots, torn -> powerCut(true, torn));
        this.control = new MachineControl(this);
        this.door = new SshDoor(
                box, Map.of("root", "/root"), address(), hostKey, new SftpAccess(box, control), this::reach);
    }

    /** A Mac has neither /proc nor /sys, so its dump does not even know its name. */
    private boolean isMac() {
        return dump.fact("hostname").isEmpty();
    }

    /** Whether it has cards and Docker of its own. */
    private boolean computes() {
        return dump.rows("MOD").stream().anyMatch(row -> row.field(0).equals("nvidia"));
    }

    private void fill(HostTree tree) {
        if (isMac()) {
            MacTree.write(tree, name, authorizedKey);
            software.servesSinceLongAgo(name);
            return;
        }
        system.showIn(tree, node(), authorizedKey, power.bootId(), lab.configFiles());
        if (computes()) {
            Shims.dockerHost(tree);
            software.runsHere(name, system.pci().functions());
        }
        Box.erase(esp.folder());
        BootDisk.asDumped(dump, tree, esp);
        system.untouched(tree);
        first.taken(tree, esp);
    }

    private java.net.@Nullable InetSocketAddress reach(String host, int port) {
        return host.equals(address()) && port != 22
                ? software.computer().reach("127.0.0.1", port)
                : software.computer().reach(host, port);
    }

    /** Name that the machine calls itself. */
    @Override
    public String node() {
        return name;
    }

    boolean isProxmox() {
        return dump.lines().containsKey("pveversion");
    }

    SimulatedLab lab() {
        return lab;
    }

    Box box() {
        return box;
    }

    Units units() {
        return units;
    }

    /** What is installed on a machine that is no Proxmox host. */
    Software software() {
        return software;
    }

    /** Whether the lab has ended for it: nothing is written to its files any more. */
    boolean closed() {
        return closed;
    }

    BootFiles bootFiles() {
        return bootFiles;
    }

    DiskSpace space() {
        return space;
    }

    Power power() {
        return power;
    }

    /** Whether it runs, and is reached: {@code up}, {@code no network}, {@code off}, {@code stopped in boot: why}. */
    public String state() {
        return power.state();
    }

    /** Loads a module by name, as {@code modprobe} does. */
    void loadModule(String module) {
        synchronized (this) {
            if (!power.loadEarly(module)) {
                system.loadModule(module);
            }
        }
    }

    /** Its SSH server's failures. */
    public SshFaults sshFaults() {
        return door.faults();
    }

    /** Content of a file of the machine without its last line end, empty when there is none. */
    public String file(String path) {
        return box.tree().read(path).orElse("");
    }

    /** How many commands ran and files were written over SSH since the start. */
    public Map<String, Long> sshCounters() {
        return Map.of("commands", door.commands(), "filesWritten", door.filesWritten());
    }

    /** Its SSH server's key. */
    public java.security.PublicKey hostKey() {
        return door.hostKey();
    }

    /** Shows another host key from the next connection on, as after a reinstallation or with somebody in between. */
    public void changeHostKey() {
        door.replaceHostKey(SshKeys.fresh());
    }

    /** Closes the SSH port and cuts its connections, or opens it again. */
    public void refuseSsh(boolean refuse) {
        if (refuse) {
            door.close();
        } else if (power.up()) {
            door.open(sshPort);
        }
    }

    /** Opens the SSH door on this loopback port, 0 for any; returns the port. */
    public int openSsh(int port) {
        door.open(port);
        sshPort = door.port();
        return sshPort;
    }

    int sshPort() {
        return door.isOpen() ? sshPort : 0;
    }

    /** Address of the machine in its own network: that of the interface with the default route. */
    public String address() {
        return NetworkFiles.address(dump);
    }

    @Override
    public synchronized List<PciFunction> pciFunctions() {
        return system.pci().functions();
    }

    @Override
    public boolean iommuPresent() {
        return system.pci().vfioAvailable();
    }

    @Override
    public long memoryTotalBytes() {
        return system.memory().totalBytes();
    }

    @Override
    public synchronized long memoryUsedBytes() {
        return system.memory().usedBytes();
    }

    @Override
    public void autostartOver(boolean over) {
        units.service("pve-guests", over);
    }

    @Override
    public long uptimeSeconds() {
        return (long) power.uptime();
    }

    @Override
    public String kernelRelease() {
        return dump.fact("kernel").orElse("6.8.12-15-pve");
    }

    @Override
    public synchronized int freeHugePages(int pageMiB) {
        return system.memory().hugePages().free(pageMiB);
    }

    @Override
    public synchronized void takeHugePages(int vmid, int pageMiB, int count, int hostNode) throws MachineRefusal {
        system.takeHugePages(vmid, pageMiB, count, hostNode, pageMiB == 2 || power.uptime() < 900);
    }

    @Override
    public synchronized void releaseHugePages(int vmid, boolean keep) {
        system.releaseHugePages(vmid, keep);
    }

    @Override
    public synchronized void bindToVfio(String address) throws MachineRefusal {
        system.bindToVfio(address, folder);
    }

    /** Driver that holds a function now, empty when none does. */
    public synchronized String driver(String address) {
        return system.pci().driver(address).orElse("");
    }

    @Override
    public synchronized void reserve(int vmid, List<String> addresses, @Nullable Long pid) {
        system.reserve(vmid, addresses, pid);
    }

    @Override
    public synchronized void releaseReservations(int vmid) {
        system.releaseReservations(vmid);
    }

    @Override
    public void configWritten(String path, @Nullable String text) {
        lab.configFiles().write(path, text);
        Matcher guest = Pattern.compile(".*/(\\d+)\\.conf").matcher(path);
        if (text == null && guest.matches()) {
            guests.destroyed(Integer.parseInt(guest.group(1)));
        }
    }

    @Override
    public String networkFile(boolean staged) {
        return box.built()
                ? HostFiles.text(box.tree(), staged ? NetworkFiles.STAGED : NetworkFiles.LIVE)
                : NetworkFiles.dumped(dump, staged);
    }

    @Override
    public void networkStaged(@Nullable String text) {
        if (text == null) {
            box.tree().delete(NetworkFiles.STAGED);
        } else {
            box.tree().write(NetworkFiles.STAGED, text);
        }
    }

    @Override
    public void networkApplied() {
        NetworkFiles.makeLive(box.tree());
    }

    @Override
    public long startGuest(GuestLaunch launch) throws MachineRefusal {
        long pid;
        ArrayList<PciFunction> passed = new ArrayList<>();
        synchronized (this) {
            pid = system.start(launch, passed);
        }
        guests.start(launch, passed);
        return pid;
    }

    @Override
    public void stopGuest(int vmid) {
        synchronized (this) {
            system.stop(vmid);
        }
        guests.stop(vmid);
    }

    @Override
    public boolean shutdownGuest(int vmid) {
        return guests.obeysShutdown(vmid);
    }

    @Override
    public boolean agentRunning(int vmid) {
        return guests.agentRunning(vmid);
    }

    @Override
    public AgentAnswer agentExec(int vmid, List<String> command, byte[] input) throws MachineRefusal {
        return guests.agentExec(vmid, command, input);
    }

    @Override
    public @Nullable Object agentInfo(int vmid, String command) {
        return guests.agentInfo(vmid, command);
    }

    @Override
    public synchronized long guestMemoryUsedBytes(int vmid) {
        return system.guestMemoryUsedBytes(vmid);
    }

    /** What shall go wrong with software in a guest; null: no such guest has run here. */
    public @Nullable SoftwareFaults guestFaults(int vmid) {
        return guests.find(vmid).map(guest -> guest.software().faults()).orElse(null);
    }

    @Override
    public Map<String, Integer> effects() {
        return guests.effects(software.effects().counts());
    }

    @Override
    public void showServing(List<Object> engines, List<Object> gpus) {
        ServingControls.show(software, name, 0, engines, gpus);
        guests.running().forEach(guest -> ServingControls.show(guest.software(), name, guest.vmid(), engines, gpus));
    }

    @Override
    public Object controlServing(String what, int vmid, Map<String, @Nullable Object> body) {
        if (vmid == 0 && what.equals("router/fault")) {
            guests.running().forEach(guest -> ServingControls.control(guest.software(), what, body));
        }
        Software there = vmid == 0
                ? software
                : guests.find(vmid)
                        .map(SimulatedGuest::software)
                        .orElseThrow(() -> new IllegalArgumentException("No guest " + vmid + " has run on " + name));
        return ServingControls.control(there, what, body);
    }

    @Override
    public long imageBytes(String path) {
        return Downloads.imageBytes(box.tree(), path);
    }

    @Override
    public Map<String, String> disks() {
        Map<String, String> disks = new TreeMap<>();
        runningGuests().stream().filter(SimulatedGuest::reachable).forEach(guest -> {
            guest.settle();
            disks.putAll(GuestDisk.contents(guest.vmid(), guest.box()));
        });
        return disks;
    }

    /** All running guests by address that cloud-init gave them, for the lab's forwarding. */
    List<SimulatedGuest> runningGuests() {
        return guests.running();
    }

    @Override
    public void restart(boolean powerOff, Runnable back) {
        power.restart(powerOff, back);
    }

    /** What the machine does when its power goes and comes. */
    private final class Boots implements Power.Parts {
        @Override
        public void down() {
            door.close();
            synchronized (SimulatedMachine.this) {
                system.guests().stopAll();
            }
            guests.stopAll();
            units.forget();
            software.powerOff();
            box.powerOff();
        }

        @Override
        public void running(KernelBoot.Outcome outcome) {
            synchronized (SimulatedMachine.this) {
                if (NetworkFiles.commit(box.tree(), dump)) {
                    first.stagedNetworkWentLive();
                }
                system.booted(outcome, power.bootId());
                if (isMac()) {
                    software.servesAgain(name);
                }
                if (computes()) {
                    software.runsHere(name, system.pci().functions());
                    system.untouched(box.tree());
                }
            }
        }

        @Override
        public void started() {
            units.booted();
        }

        @Override
        public void reachable() {
            if (sshPort != 0) {
                door.open(sshPort);
            }
        }
    }

    /** Tells the Proxmox side that the machine is there again. */
    Runnable whenReachable() {
        NodeApi api = lab.api();
        return api == null ? () -> {} : () -> api.cameUp(node());
    }

    /** Brings a machine up whose power was off. @param back told when it can be reached */
    public void powerOn(Runnable back) {
        power.on(back);
    }

    /**
     * The power goes, without any warning.
     *
     * @param comesBack whether it returns, and the machine boots by itself
     * @param torn whether a boot file that is being written is left half written under its name
     */
    void powerCut(boolean comesBack, boolean torn) {
        bootFiles.powerLost(torn);
        NodeApi api = lab.api();
        if (api == null) {
            power.restart(!comesBack, () -> {});
        } else {
            api.rebootRequested(node(), !comesBack);
        }
    }

    @Override
    public Map<String, Object> control(Map<String, @Nullable Object> wishes) {
        return control.apply(wishes);
    }

    @Override
    public String digest() {
        if (isMac()) {
            return "";
        }
        synchronized (this) {
            return FirstState.digest(differences(), system, power.hardware());
        }
    }

    /** Files on its disk and its boot partitions that are not as they were when the lab began, one a line. */
    public synchronized String differences() {
        return box.built() ? first.differences(box.tree(), esp) : "";
    }

    /** Called before each command: the clocks of the machine go on. */
    void tick() {
        if (isMac()) {
            return;
        }
        look();
        if (box.built() && !closed) {
            box.tree().line("/proc/uptime", "%.2f %.2f".formatted(power.uptime(), power.uptime() * 14));
        }
    }

    /** What somebody wrote to files of {@code /sys} takes effect. */
    synchronized void look() {
        if (!isMac() && !closed && box.built() && power.alive()) {
            system.look();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            system.close();
        }
        power.end();
        door.close();
        guests.stopAll();
        software.powerOff();
        box.powerOff();
    }
}
