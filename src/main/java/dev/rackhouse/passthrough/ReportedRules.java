package dev.rackhouse.passthrough;

import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.MappingEntry;
import dev.rackhouse.inventory.fact.PciFunction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks of what is told beside the probe. */
final class ReportedRules {

    private ReportedRules() {}

    /** About the host: what a reboot would also change, and what may have moved. */
    static List<Finding> ofHost(Reported reported) {
        List<Finding> found = new ArrayList<>();
        String staged = reported.stagedNetwork();
        if (staged != null) {
            String[] lines = staged.lines().limit(12).toArray(String[]::new);
            found.add(Finding.warning(
                    "boot.pending",
                    HostRules.NODE,
                    "A staged network change waits: the next reboot makes it live without asking.",
                    "Review it first, then apply or drop it on the network page of the node in Proxmox.",
                    lines));
            found.add(Finding.warning(
                    "net.staged",
                    HostRules.NODE,
                    "The network that is configured and the one that runs differ.",
                    "Apply it under watch, or drop it.",
                    lines));
        }
        String firmware = reported.firmwareChange();
        if (firmware != null) {
            found.add(Finding.warning(
                    "fw.bios-drift",
                    HostRules.NODE,
                    "The firmware changed (" + firmware + "): addresses, groups and link widths may have moved.",
                    "Run all checks again and compare the resource mappings.",
                    "firmware version " + firmware));
        }
        return found;
    }

    /** About mappings: of all of a host, as Proxmox compared them. */
    static List<Finding> mappings(Reported reported) {
        return reported.mappingChecks().stream()
                .map(c -> drift(HostRules.NODE, c))
                .toList();
    }

    /** About the mappings that name one of these functions. */
    static List<Finding> mappings(
            Reported reported, HostFacts facts, Target target, Collection<PciFunction> functions) {
        Set<String> naming = facts.mappingsHere().stream()
                .filter(m -> functions.stream().anyMatch(f -> m.names(f.address())))
                .map(MappingEntry::mapping)
                .collect(Collectors.toSet());
        return reported.mappingChecks().stream()
                .filter(c -> naming.contains(c.mapping()))
                .map(c -> drift(target, c))
                .toList();
    }

    private static Finding drift(Target target, Reported.MappingCheck check) {
        return Finding.of(
                "map.drift",
                check.error() ? Severity.BLOCKER : Severity.WARNING,
                target,
                "Proxmox says of mapping %s: %s".formatted(check.mapping(), check.message()),
                "Compare serial numbers, then map the device anew.",
                List.of("checks[] of " + check.mapping() + ": " + (check.error() ? "error" : "warning") + " "
                        + check.message()));
    }
}
