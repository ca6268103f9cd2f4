package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.ProbeDump.Row;
import dev.rackhouse.simulator.world.MachineRefusal;
import dev.rackhouse.simulator.world.PciFunction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** PCI functions of a machine and the drivers that hold them now. Guarded by its machine. */
final class PciState {
    private final Map<String, PciFunction> functions = new TreeMap<>();
    private final Map<String, String> paths = new LinkedHashMap<>();
    private final Map<String, String> atBoot = new LinkedHashMap<>();
    private final Map<String, String> drivers = new LinkedHashMap<>();
    private final boolean vfioAvailable;

    PciState(ProbeDump dump) {
        Map<String, Integer> groups = new LinkedHashMap<>();
        for (Row group : dump.rows("G")) {
            for (String address : group.value("devices").orElse("").split(",")) {
                groups.put(address, Integer.parseInt(group.field(0)));
            }
        }
        dump.rows("P").forEach(row -> functions.put(row.field(0), function(row, groups)));
        dump.paths("pci").forEach((address, row) -> paths.put(address, row.field(2)));
        dump.rows("DRV").forEach(row -> atBoot.put(row.field(0), row.field(1)));
        drivers.putAll(atBoot);
        vfioAvailable = !dump.rows("IOMMU").isEmpty();
    }

    private static PciFunction function(Row row, Map<String, Integer> groups) {
        String vendor = row.value("vendor").orElse("0x0000");
        String device = row.value("device").orElse("0x0000");
        String subVendor = row.value("subsystem_vendor").orElse("0x0000");
        String subDevice = row.value("subsystem_device").orElse("0x0000");
        String v = vendor.substring(2);
        String d = device.substring(2);
        String sv = subVendor.substring(2);
        String sd = subDevice.substring(2);
        return new PciFunction(
                row.field(0),
                row.value("class").orElse("0x000000"),
                vendor,
                device,
                subVendor,
                subDevice,
                PciNames.vendor(v),
                PciNames.device(v, d),
                sv.equals("0000") ? null : PciNames.vendor(sv),
                PciNames.subsystem(v, d, sv, sd),
                groups.getOrDefault(row.field(0), -1),
                row.value("mdev").isPresent());
    }

    List<PciFunction> functions() {
        return new ArrayList<>(functions.values());
    }

    Optional<PciFunction> function(String address) {
        return Optional.ofNullable(functions.get(address));
    }

    Optional<String> driver(String address) {
        return Optional.ofNullable(drivers.get(address));
    }

    boolean vfioAvailable() {
        return vfioAvailable;
    }

    /** Takes a function from its driver; nothing happens when it has none. */
    void unbind(String address, HostTree tree, boolean built) {
        String driver = drivers.remove(address);
        if (driver != null && built) {
            tree.delete("/sys/bus/pci/drivers/" + driver + "/" + address);
            tree.delete(path(address) + "/driver");
        }
    }

    void bind(String address, String driver, HostTree tree, boolean built) {
        unbind(address, tree, built);
        drivers.put(address, driver);
        if (built) {
            show(address, driver, tree);
        }
    }

    void bindToVfio(String address, HostTree tree, boolean built) throws MachineRefusal {
        if (!functions.containsKey(address)) {
            throw new MachineRefusal("no pci device info for device '" + address + "'");
        }
        if (!vfioAvailable) {
            throw new MachineRefusal("can't unbind/bind PCI group to VFIO '" + address + "'");
        }
        if (!"vfio-pci".equals(drivers.get(address))) {
            bind(address, "vfio-pci", tree, built);
        }
    }

    /** Drivers as the machine finds them at its next boot. */
    void reboot(HostTree tree, boolean built) {
        for (String address : functions.keySet()) {
            String driver = atBoot.get(address);
            if (driver == null) {
                unbind(address, tree, built);
            } else if (!driver.equals(drivers.get(address))) {
                bind(address, driver, tree, built);
            }
        }
    }

    /** Corrects a tree that was just written from the dump. */
    void showIn(HostTree tree) {
        Map<String, String> now = new LinkedHashMap<>(drivers);
        Collection<String> all = List.copyOf(functions.keySet());
        for (String address : all) {
            String dumped = atBoot.get(address);
            String driver = now.get(address);
            if (dumped != null && !dumped.equals(driver)) {
                tree.delete("/sys/bus/pci/drivers/" + dumped + "/" + address);
                tree.delete(path(address) + "/driver");
            }
            if (driver != null && !driver.equals(dumped)) {
                show(address, driver, tree);
            }
        }
    }

    private void show(String address, String driver, HostTree tree) {
        tree.link("/sys/bus/pci/drivers/" + driver + "/" + address, path(address));
        tree.link(path(address) + "/driver", "/sys/bus/pci/drivers/" + driver);
    }

    private String path(String address) {
        return paths.getOrDefault(address, "/sys/devices/pci0000:00/" + address);
    }
}
