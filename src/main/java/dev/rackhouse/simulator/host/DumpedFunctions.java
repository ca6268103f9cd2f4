package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.ProbeDump.Row;
import dev.rackhouse.simulator.world.PciFunction;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** PCI functions and drivers as a dump tells them. Pure. */
final class DumpedFunctions {
    private DumpedFunctions() {}

    /** Address to function, in the order of the dump. */
    static Map<String, PciFunction> functions(ProbeDump dump) {
        Map<String, Integer> groups = new LinkedHashMap<>();
        for (Row group : dump.rows("G")) {
            for (String address : group.value("devices").orElse("").split(",")) {
                groups.put(address, Integer.parseInt(group.field(0)));
            }
        }
        Map<String, PciFunction> functions = new LinkedHashMap<>();
        dump.rows("P").forEach(row -> functions.put(row.field(0), function(row, groups)));
        return functions;
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

    /** The drivers as they were at work when the dump was taken, to go on from there. */
    static DriverBinding atWork(ProbeDump dump) {
        DriverBinding binding = new DriverBinding(
                NativeDrivers.candidates(dump, dump.rows("G")),
                new KernelWords(dump.fact("cmdline").orElse("")));
        Map<String, String> bound = new LinkedHashMap<>();
        dump.rows("DRV").forEach(row -> bound.put(row.field(0), row.field(1)));
        Map<String, String> overrides = new LinkedHashMap<>();
        dump.rows("P")
                .forEach(row -> row.value("driver_override").ifPresent(driver -> overrides.put(row.field(0), driver)));
        Set<String> modules = new LinkedHashSet<>();
        bound.values().stream()
                .map(Modules::ofDriver)
                .filter(name -> !name.isEmpty())
                .forEach(modules::add);
        List<String> told = dump.rows("M").stream().map(row -> row.field(0)).toList();
        modules.addAll(told.reversed());
        String ids = new ModprobeConfig(NativeDrivers.modprobeFiles(dump)).option(Modules.VFIO_PCI, "ids", "");
        binding.resume(
                bound, overrides, modules, told.contains(Modules.VFIO_PCI) ? List.of(ids.split(",")) : List.of());
        return binding;
    }
}
