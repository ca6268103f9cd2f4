package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.ProbeDump.Row;
import dev.rackhouse.simulator.world.MachineRefusal;
import dev.rackhouse.simulator.world.PciFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** PCI functions of a running machine and the drivers that hold them now. Guarded by its machine. */
final class PciState {
    private final Map<String, PciFunction> functions = new TreeMap<>();
    private final Map<String, String> paths = new LinkedHashMap<>();
    private final Set<String> removed = new LinkedHashSet<>();
    private final Map<String, String> takenForGuests = new LinkedHashMap<>();
    private ProbeDump dump;
    private DriverBinding binding;
    private boolean vfioAvailable;

    /** As in a dump of a running machine. */
    PciState(ProbeDump dump) {
        this.dump = dump;
        this.binding = DumpedFunctions.atWork(dump);
        read();
        takenInTheDump(dump);
    }

    /** What running guests have and vfio-pci would not have got by itself was taken for them, also before the lab began. */
    private void takenInTheDump(ProbeDump dump) {
        Map<String, String> natives = NativeDrivers.of(dump);
        for (String line : dump.lines().getOrDefault("pci_reservations", List.of())) {
            String address = line.split(" ")[0];
            boolean byItself = binding.takes("vfio-pci", address);
            if ("vfio-pci".equals(binding.drivers().get(address)) && !byItself) {
                takenForGuests.put(address, natives.getOrDefault(address, ""));
            }
        }
    }

    /** The machine was booted. */
    void booted(ProbeDump now, DriverBinding decided) {
        dump = now;
        binding = decided;
        removed.clear();
        takenForGuests.clear();
        read();
    }

    private void read() {
        functions.clear();
        paths.clear();
        functions.putAll(DumpedFunctions.functions(dump));
        dump.paths("pci").forEach((address, row) -> paths.put(address, row.field(2)));
        vfioAvailable = !dump.rows("IOMMU").isEmpty();
    }

    List<PciFunction> functions() {
        return functions.values().stream()
                .filter(function -> !removed.contains(function.address()))
                .toList();
    }

    Optional<PciFunction> function(String address) {
        return removed.contains(address) ? Optional.empty() : Optional.ofNullable(functions.get(address));
    }

    Optional<String> driver(String address) {
        return Optional.ofNullable(binding.drivers().get(address));
    }

    /**
     * Drivers by address for comparing. A function that Proxmox took for a guest counts with the driver that it had before:
     * Proxmox never gives it back by itself, and nobody else did that.
     */
    Map<String, String> driversAsKept() {
        Map<String, String> kept = new TreeMap<>(binding.drivers());
        takenForGuests.forEach((address, before) -> {
            if ("vfio-pci".equals(kept.get(address))) {
                kept.put(address, before);
            }
        });
        kept.values().removeIf(String::isEmpty);
        return kept;
    }

    Map<String, String> overrides() {
        return new TreeMap<>(binding.overrides());
    }

    boolean vfioAvailable() {
        return vfioAvailable;
    }

    /** As Proxmox does it at the start of a guest: {@code new_id}, unbind, bind (pve-common, SysFSTools, 8.2). */
    void bindToVfio(String address, HostTree tree, boolean built) throws MachineRefusal {
        PciFunction function = function(address)
                .orElseThrow(() -> new MachineRefusal("no pci device info for device '" + address + "'"));
        if (!vfioAvailable) {
            throw new MachineRefusal("can't unbind/bind PCI group to VFIO '" + address + "'");
        }
        if (!"vfio-pci".equals(binding.drivers().get(address))) {
            if (built) {
                virtualFunctions(address, 0, false, tree);
            }
            takenForGuests.putIfAbsent(address, binding.drivers().getOrDefault(address, ""));
            change(tree, built, drivers -> {
                drivers.loadVfio();
                drivers.dynamicId(function.ids(), true);
                drivers.unbind(address);
                drivers.bind(address, "vfio-pci");
            });
        }
    }

    /** Changes drivers, and lets the files follow. */
    void change(HostTree tree, boolean built, Consumer<DriverBinding> work) {
        Map<String, String> before = new LinkedHashMap<>(binding.drivers());
        Map<String, String> overridden = new LinkedHashMap<>(binding.overrides());
        Set<String> modules = new LinkedHashSet<>(binding.loaded());
        work.accept(binding);
        removed.forEach(binding::unbind);
        if (built) {
            show(tree, before);
            binding.overrides().forEach((address, driver) -> {
                if (!driver.equals(overridden.get(address))) {
                    tree.line(path(address) + "/driver_override", driver);
                }
            });
            showModules(tree, modules);
        }
    }

    private void show(HostTree tree, Map<String, String> before) {
        Map<String, String> now = binding.drivers();
        before.forEach((address, driver) -> {
            if (!driver.equals(now.get(address))) {
                tree.delete("/sys/bus/pci/drivers/" + driver + "/" + address);
                tree.delete(path(address) + "/driver");
            }
        });
        now.forEach((address, driver) -> {
            if (!driver.equals(before.get(address))) {
                tree.link("/sys/bus/pci/drivers/" + driver + "/" + address, path(address));
                tree.link(path(address) + "/driver", "/sys/bus/pci/drivers/" + driver);
            }
        });
    }

    private void showModules(HostTree tree, Set<String> before) {
        StringBuilder fresh = new StringBuilder();
        for (String module : new ArrayList<>(binding.loaded()).reversed()) {
            if (!before.contains(module) && KernelBoot.told(module)) {
                fresh.append(module).append(" 16384 0 - Live 0x0000000000000000\n");
                if (Modules.vfio(module)) {
                    tree.directory("/sys/module/" + module);
                }
                if (module.equals("vfio_iommu_type1")) {
                    tree.line("/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", "N");
                }
            }
        }
        if (!fresh.isEmpty()) {
            String old = HostFiles.text(tree, "/proc/modules");
            tree.write("/proc/modules", fresh + old);
            ControlFiles.furnish(tree, registered(), paths());
        }
    }

    /** Corrects a tree that was just written from the dump, and adds the files to which one writes. */
    void showIn(HostTree tree) {
        Map<String, String> dumped = new LinkedHashMap<>();
        dump.rows("DRV").forEach(row -> dumped.put(row.field(0), row.field(1)));
        show(tree, dumped);
        Set<String> told = new LinkedHashSet<>();
        dump.rows("M").forEach(row -> told.add(row.field(0)));
        ControlFiles.furnish(tree, registered(), paths());
        showModules(tree, told);
        binding.overrides().forEach((address, driver) -> tree.line(path(address) + "/driver_override", driver));
        removed.forEach(address -> hide(address, tree));
    }

    /** Names of drivers that are there, with or without a function. */
    private Set<String> registered() {
        Set<String> registered = new LinkedHashSet<>(binding.drivers().values());
        if (binding.loaded().contains(Modules.VFIO_PCI)) {
            registered.add("vfio-pci");
        }
        binding.candidates().stream()
                .map(DriverBinding.Candidate::nativeDriver)
                .filter(driver -> binding.loaded().contains(Modules.ofDriver(driver)))
                .forEach(registered::add);
        return registered;
    }

    /** Takes a function off the bus, as writing to its {@code remove} does; what hangs on it goes with it. */
    void remove(String address, HostTree tree) {
        virtualFunctions(address, 0, false, tree);
        if (functions.containsKey(address) && removed.add(address)) {
            change(tree, true, drivers -> drivers.unbind(address));
            hide(address, tree);
        }
    }

    private void hide(String address, HostTree tree) {
        tree.delete("/sys/bus/pci/devices/" + address);
        dump.rows("G").stream()
                .filter(group ->
                        List.of(group.value("devices").orElse("").split(",")).contains(address))
                .forEach(group -> tree.delete("/sys/kernel/iommu_groups/" + group.field(0) + "/devices/" + address));
        for (String kind : List.of("block", "net")) {
            dump.paths(kind).forEach((name, row) -> {
                if (row.field(2).startsWith(path(address) + "/")) {
                    tree.delete("/sys/class/" + kind + "/" + name);
                }
            });
        }
        Box.erase(tree.at(path(address)));
    }

    /** Finds what was removed again; drivers that are there take it. */
    void rescan(HostTree tree) {
        Set<String> back = new LinkedHashSet<>(removed);
        back.removeAll(virtual()); // a scan of the bus does not find them
        removed.removeAll(back);
        if (back.isEmpty()) {
            return;
        }
        TreeFromDump.devices(
                dump.with(row -> row.tag().equals("DRV") || (row.tag().equals("P") && !back.contains(row.field(0)))
                        ? null
                        : row),
                tree);
        ControlFiles.furnish(tree, registered(), paths());
        change(
                tree,
                true,
                drivers -> back.forEach(address -> {
                    drivers.override(address, "");
                    drivers.probe(address);
                }));
    }

    /**
     * Gives a card so many virtual functions, 0 for none. As in the kernel, nothing happens when there are more than it can
     * have, when it has others already, or when its own driver is not at work. They go with the driver of their card.
     *
     * @param probed whether drivers may take the new ones at once
     */
    void virtualFunctions(String address, int count, boolean probed, HostTree tree) {
        Row card = BootDisk.functions(dump).get(address);
        if (card == null || !mayHave(card, count)) {
            return;
        }
        List<String> gone = VirtualFunctions.addresses(address, VirtualFunctions.count(card));
        List<String> fresh = VirtualFunctions.addresses(address, count);
        gone.forEach(function -> {
            change(tree, true, drivers -> drivers.vanished(function));
            removed.remove(function);
            takenForGuests.remove(function);
            hide(function, tree);
        });
        groupsOf(gone).forEach(group -> Box.erase(tree.at("/sys/kernel/iommu_groups/" + group)));
        dump = VirtualFunctions.with(dump, card, count);
        read();
        Set<String> grouped = new LinkedHashSet<>(groupsOf(fresh));
        String driver = VirtualFunctions.driver(card);
        new PciFromDump(
                        dump.with(row -> row.tag().equals("PATH")
                                        || row.tag().equals("P") && fresh.contains(row.field(0))
                                        || row.tag().equals("G") && grouped.contains(row.field(0))
                                ? row
                                : null),
                        tree)
                .write();
        showCard(address, gone, fresh, tree);
        BootDisk.functions(dump).forEach((function, row) -> {
            if (fresh.contains(function)) {
                binding.appeared(new DriverBinding.Candidate(
                        function, NativeDrivers.ids(row), driver, false, !grouped.isEmpty()));
            }
        });
        ControlFiles.furnish(tree, registered(), paths());
        if (probed) {
            ModprobeConfig config = BootDisk.modprobe(tree);
            change(tree, true, drivers -> {
                fresh.forEach(drivers::probe);
                if (!config.blacklisted(driver)) {
                    drivers.loadByName(driver, config);
                    fresh.forEach(drivers::probe);
                }
            });
            ControlFiles.furnish(tree, registered(), paths());
        }
    }

    private boolean mayHave(Row card, int count) {
        String driver = binding.drivers().get(card.field(0));
        boolean alone = count == 0 || VirtualFunctions.count(card) == 0;
        return alone
                && count != VirtualFunctions.count(card)
                && count <= VirtualFunctions.total(card)
                && !VirtualFunctions.driver(card).isEmpty()
                && driver != null
                && !driver.equals("vfio-pci");
    }

    private List<String> groupsOf(List<String> addresses) {
        return dump.rows("G").stream()
                .filter(group -> addresses.contains(group.value("devices").orElse("")))
                .map(group -> group.field(0))
                .toList();
    }

    private void showCard(String address, List<String> gone, List<String> fresh, HostTree tree) {
        tree.line(path(address) + "/sriov_numvfs", "" + fresh.size());
        for (int i = 0; i < gone.size(); i++) {
            tree.delete(path(address) + "/virtfn" + i);
        }
        for (int i = 0; i < fresh.size(); i++) {
            tree.link(path(address) + "/virtfn" + i, path(fresh.get(i)));
            tree.link(path(fresh.get(i)) + "/physfn", path(address));
        }
    }

    private Set<String> virtual() {
        Set<String> all = new LinkedHashSet<>();
        virtualCounts().forEach((card, count) -> all.addAll(VirtualFunctions.addresses(card, count)));
        return all;
    }

    /** Cards that have virtual functions now, and how many. */
    Map<String, Integer> virtualCounts() {
        Map<String, Integer> counts = new TreeMap<>();
        dump.rows("P").stream()
                .filter(row -> VirtualFunctions.count(row) > 0)
                .forEach(row -> counts.put(row.field(0), VirtualFunctions.count(row)));
        return counts;
    }

    /** Paths of the cards that can have virtual functions. */
    List<String> cards() {
        return dump.rows("P").stream()
                .filter(row -> VirtualFunctions.total(row) > 0)
                .map(row -> path(row.field(0)))
                .toList();
    }

    /** Address to sysfs path of the functions that are there. */
    Map<String, String> paths() {
        Map<String, String> all = new LinkedHashMap<>();
        functions().forEach(function -> all.put(function.address(), path(function.address())));
        return all;
    }

    private String path(String address) {
        return paths.getOrDefault(address, "/sys/devices/pci0000:00/" + address);
    }
}
