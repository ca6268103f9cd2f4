package dev.rackhouse.passthrough;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares what a plan expects at its addresses with what is there now: cards and firmware settings move addresses. */
final class PlannedIds {

    private static final String REMEDY = "Make the plan again: choose the device where it is now.";

    private PlannedIds() {}

    /** @param planned vendor:device, or vendor:device/vendor:device with the subsystem, by address */
    static List<Finding> check(HostFacts facts, Map<PciAddress, String> planned) {
        List<Finding> found = new ArrayList<>();
        planned.forEach((address, ids) -> {
            Target target = new Target.Device(address);
            PciFunction function = facts.function(address).orElse(null);
            if (function == null) {
                found.add(Finding.blocker(
                        "dev.missing", target, "nothing answers at " + address + " any more", REMEDY, "no P record"));
            } else {
                String now = ids.contains("/") ? function.ids() + "/" + function.subsystem() : function.ids();
                if (!now.equalsIgnoreCase(ids)) {
                    found.add(Finding.blocker(
                            "dev.ids",
                            target,
                            "at %s is %s now, planned was %s".formatted(address, now, ids),
                            REMEDY,
                            function.line("vendor", "device", "subsystem_vendor", "subsystem_device")));
                }
            }
        });
        return found;
    }
}
