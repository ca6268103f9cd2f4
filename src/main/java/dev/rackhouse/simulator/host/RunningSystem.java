package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.world.GuestLaunch;
import dev.rackhouse.simulator.world.MachineRefusal;
import dev.rackhouse.simulator.world.PciFunction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a machine's kernel and Proxmox know until the next boot: functions and their drivers, memory, who holds what. The
 * files of {@code /proc}, {@code /sys} and {@code /run} follow as soon as the tree is written. Guarded by its machine.
 */
final class RunningSystem {
    private final Box box;
    private final ProbeDump dump;
    private final PciState pci;
    private final MachineMemory memory;
    private final ControlFiles controlFiles;
    private final RunningGuests guests;
    private ProbeDump now;
    private boolean changed;
    private boolean closed;

    RunningSystem(Box box, ProbeDump dump, MachineMemory memory) {
        this.box = box;
        this.dump = dump;
        this.now = dump;
        this.pci = new PciState(dump);
        this.memory = memory;
        this.controlFiles = new ControlFiles(pci, memory);
        this.guests = new RunningGuests(dump);
    }

    PciState pci() {
        return pci;
    }

    MachineMemory memory() {
        return memory;
    }

    RunningGuests guests() {
        return guests;
    }

    /** Words that the kernel was booted with. */
    String commandLine() {
        return now.fact("cmdline").orElse("");
    }

    /** Writes what the system shows into a tree that has never been looked at. */
    void showIn(HostTree tree, String node, String authorizedKey, String bootId, ConfigFiles configs) {
        FirstContents.write(tree, node, dump, now, authorizedKey);
        pci.showIn(tree);
        configs.showIn(tree);
        if (changed) {
            guests.showIn(tree);
            memory.showIn(tree, guests.launches());
        }
        tree.line("/proc/sys/kernel/random/boot_id", bootId);
    }

    /** The tree is whole: what lies in it was written by nobody. */
    void untouched(HostTree tree) {
        controlFiles.fresh(tree);
    }

    /** A boot is over; the files of the one before are gone already. */
    void booted(KernelBoot.Outcome outcome, String bootId) {
        now = outcome.dump();
        pci.booted(now, outcome.binding());
        memory.booted(now);
        HostTree tree = box.tree();
        TreeFromDump.running(now, tree);
        tree.line("/proc/sys/kernel/random/boot_id", bootId);
        pci.showIn(tree);
        show();
        controlFiles.fresh(tree);
    }

    /** Loads a module by name, as {@code modprobe} does. */
    void loadModule(String module) {
        pci.change(box.tree(), true, drivers -> drivers.loadByName(module, BootDisk.modprobe(box.tree())));
    }

    void bindToVfio(String address, Path folder) throws MachineRefusal {
        boolean built = box.built() && !closed;
        pci.bindToVfio(address, built ? box.tree() : new HostTree(folder), built);
    }

    /** @param fresh whether memory is not yet in pieces, so that large pages are still to be had */
    void takeHugePages(int vmid, int pageMiB, int count, int hostNode, boolean fresh) throws MachineRefusal {
        if (guests.onlyInDump(vmid) && memory.hugePages().adopt(vmid)) {
            return; // ran in the dump already, and has them
        }
        long spareKib = fresh ? memory.availableKib(guests.launches()) : 0;
        memory.hugePages().take(vmid, pageMiB, count, hostNode, spareKib);
        show();
    }

    void releaseHugePages(int vmid, boolean keep) {
        memory.hugePages().release(vmid, keep);
        show();
    }

    void reserve(int vmid, List<String> addresses, @Nullable Long pid) {
        guests.reserve(vmid, addresses, pid);
        show();
    }

    void releaseReservations(int vmid) {
        guests.release(vmid);
        show();
    }

    /** @param passed gets the functions that the guest holds @return its process */
    long start(GuestLaunch launch, ArrayList<PciFunction> passed) throws MachineRefusal {
        long pid = guests.start(launch);
        if (guests.ranInDump(launch.vmid()) && launch.config().containsKey("hugepages")) {
            memory.hugePages().adopt(launch.vmid());
        }
        launch.devices().forEach(address -> pci.function(address).ifPresent(passed::add));
        show();
        return pid;
    }

    void stop(int vmid) {
        guests.stop(vmid);
        show();
    }

    long guestMemoryUsedBytes(int vmid) {
        GuestLaunch launch = guests.launch(vmid);
        return launch == null ? 0 : launch.memoryMiB() * 1024 * 1024 * 2 / 5;
    }

    /** What somebody wrote to files of {@code /sys} takes effect. */
    void look() {
        if (controlFiles.look(box.tree())) {
            show();
        }
    }

    /** The lab ends: nothing is written any more, whatever still comes. */
    void close() {
        closed = true;
    }

    /** Files follow what changed. */
    private void show() {
        changed = true;
        if (box.built() && !closed) {
            guests.showIn(box.tree());
            memory.showIn(box.tree(), guests.launches());
        }
    }
}
