package dev.rackhouse.simulator.host;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Who gets which PCI function while a machine boots. Two stages: the initramfs with the files and modules that lie in it,
 * then the system with the files on its disk. In each, the listed modules are loaded first; then udev loads for every
 * function the module that fits. A module that is loaded takes all free functions that it matches.
 *
 * <p>{@code driver_override} wins over everything (kernel ABI, sysfs-bus-pci). {@code ids=} of vfio-pci takes every
 * function with these ids, twins included, if vfio-pci is loaded before the driver of the function.
 */
final class DriverBinding {
    /**
     * One stage of a boot.
     *
     * @param config modprobe rules that hold then
     * @param modules loaded without being asked by a device
     * @param overrides address to {@code driver_override}, set before any module is loaded
     * @param available whether a module can be found
     * @param obeysBlacklist whether the list of modules is subject to the blacklist: systemd-modules-load is, the
     *     initramfs's list is not
     */
    record Stage(
            ModprobeConfig config,
            List<String> modules,
            Map<String, String> overrides,
            Predicate<String> available,
            boolean obeysBlacklist) {}

    /**
     * A function that waits for a driver.
     *
     * @param ids {@code 10de:2204}
     * @param nativeDriver empty when the kernel has none for it
     * @param grouped whether it has an IOMMU group, without which vfio-pci refuses it
     */
    record Candidate(String address, String ids, String nativeDriver, boolean bridge, boolean grouped) {}

    private final Map<String, Candidate> functions = new LinkedHashMap<>();
    private final KernelWords words;
    private final Map<String, String> drivers = new LinkedHashMap<>();
    private final Map<String, String> overrides = new LinkedHashMap<>();
    private final Set<String> loaded = new LinkedHashSet<>();
    private final Set<String> dynamicIds = new LinkedHashSet<>();
    private List<String> ids = List.of();

    DriverBinding(List<Candidate> candidates, KernelWords words) {
        candidates.forEach(function -> functions.put(function.address(), function));
        this.words = words;
        // drivers that are part of the kernel are there before any module
        for (Candidate function : candidates) {
            if (!function.nativeDriver().isEmpty()
                    && Modules.ofDriver(function.nativeDriver()).isEmpty()) {
                drivers.put(function.address(), function.nativeDriver());
            }
        }
    }

    /** Takes over the state of a running machine, to go on from there. */
    void resume(Map<String, String> bound, Map<String, String> overridden, Set<String> modules, List<String> vfioIds) {
        drivers.clear();
        drivers.putAll(bound);
        overrides.putAll(overridden);
        loaded.addAll(modules);
        ids = List.copyOf(vfioIds);
    }

    /** Goes through one stage. */
    void run(Stage stage) {
        overrides.putAll(stage.overrides());
        for (String module : stage.modules()) {
            String name = Modules.normal(module);
            if (!stage.obeysBlacklist() || !blacklisted(stage, name)) {
                load(name, stage, true);
            }
        }
        for (Candidate function : functions.values()) {
            String module = Modules.ofDriver(function.nativeDriver());
            if (!drivers.containsKey(function.address()) && !module.isEmpty() && !blacklisted(stage, module)) {
                load(module, stage, false);
            }
        }
    }

    private boolean blacklisted(Stage stage, String module) {
        return stage.config().blacklisted(module) || words.blacklist().contains(module);
    }

    /** Loads a module with what its rules want before it, and lets its driver take what it matches. */
    void load(String module, Stage stage, boolean asked) {
        if (loaded.contains(module) || stage.config().blocked(module)) {
            return;
        }
        if (!asked && !stage.available().test(module)) {
            return;
        }
        for (String first : stage.config().before(module)) {
            if (!first.equals(module)) {
                load(first, stage, true);
            }
        }
        Modules.dependencies(module).forEach(below -> load(below, stage, true));
        loaded.add(module);
        if (module.equals(Modules.VFIO_PCI)) {
            ids = List.of(words.last("vfio-pci.ids")
                    .or(() -> words.last("vfio_pci.ids"))
                    .orElse(stage.config().option(module, "ids", ""))
                    .split(","));
        }
        for (Candidate function : functions.values()) {
            String driver = module.equals(Modules.VFIO_PCI) ? "vfio-pci" : function.nativeDriver();
            if (Modules.ofDriver(driver).equals(module)
                    && !drivers.containsKey(function.address())
                    && matches(driver, function)) {
                drivers.put(function.address(), driver);
            }
        }
    }

    /** Loads vfio as Proxmox does when a guest wants a function. */
    void loadVfio() {
        Stage now = new Stage(new ModprobeConfig(Map.of()), List.of(), Map.of(), module -> true, false);
        if (!loaded.contains(Modules.VFIO_PCI)) {
            load(Modules.VFIO_PCI, now, true);
        }
        load("vfio_iommu_type1", now, true);
    }

    /** Loads a module that somebody names, with what its rules want before it. */
    void loadByName(String module, ModprobeConfig config) {
        load(Modules.normal(module), new Stage(config, List.of(), Map.of(), any -> true, false), true);
    }

    /** Lets the drivers that are there look at one function, as {@code drivers_probe} does: the first that was loaded first. */
    void probe(String address) {
        Candidate function = functions.get(address);
        if (function == null || drivers.containsKey(address)) {
            return;
        }
        boolean mine = takes("vfio-pci", address);
        boolean others = takes(function.nativeDriver(), address);
        if (mine && others) {
            List<String> order = List.copyOf(loaded);
            mine = order.indexOf(Modules.VFIO_PCI) < order.indexOf(Modules.ofDriver(function.nativeDriver()));
        }
        if (mine) {
            drivers.put(address, "vfio-pci");
        } else if (others) {
            drivers.put(address, function.nativeDriver());
        }
    }

    /** Whether a driver is there and would take a function. */
    boolean takes(String driver, String address) {
        Candidate function = functions.get(address);
        return function != null && !driver.isEmpty() && registered(driver) && matches(driver, function);
    }

    private boolean registered(String driver) {
        String module = Modules.ofDriver(driver);
        return module.isEmpty() || loaded.contains(module);
    }

    private boolean matches(String driver, Candidate function) {
        if (driver.equals("vfio-pci")) {
            return vfioTakes(function);
        }
        String override = overrides.get(function.address());
        return driver.equals(function.nativeDriver()) && (override == null || override.equals(driver));
    }

    private boolean vfioTakes(Candidate function) {
        if (function.bridge() || !function.grouped()) {
            return false;
        }
        String override = overrides.get(function.address());
        if (override != null) {
            return override.equals("vfio-pci");
        }
        return ids.stream().anyMatch(id -> id.equals(function.ids()) || id.startsWith(function.ids() + ":"))
                || dynamicIds.contains(function.ids());
    }

    /** Adds or removes an id of vfio-pci while the machine runs ({@code new_id}, {@code remove_id}). */
    void dynamicId(String id, boolean add) {
        if (!add) {
            dynamicIds.remove(id);
            return;
        }
        dynamicIds.add(id);
        for (Candidate function : functions.values()) {
            if (function.ids().equals(id) && !drivers.containsKey(function.address()) && vfioTakes(function)) {
                drivers.put(function.address(), "vfio-pci");
            }
        }
    }

    void override(String address, String driver) {
        if (driver.isEmpty()) {
            overrides.remove(address);
        } else {
            overrides.put(address, driver);
        }
    }

    /** A function comes into being; no driver looks at it yet. */
    void appeared(Candidate function) {
        functions.put(function.address(), function);
    }

    /** A function ceases to be. */
    void vanished(String address) {
        functions.remove(address);
        drivers.remove(address);
        overrides.remove(address);
    }

    void unbind(String address) {
        drivers.remove(address);
    }

    void bind(String address, String driver) {
        drivers.put(address, driver);
    }

    /** Address to driver now. */
    Map<String, String> drivers() {
        return drivers;
    }

    /** Address to {@code driver_override} now. */
    Map<String, String> overrides() {
        return overrides;
    }

    /** Loaded modules in the order of their loading. */
    Set<String> loaded() {
        return loaded;
    }

    /** Ids that vfio-pci was loaded with. */
    List<String> ids() {
        return ids.stream().filter(id -> !id.isEmpty()).toList();
    }

    java.util.Collection<Candidate> candidates() {
        return functions.values();
    }
}
