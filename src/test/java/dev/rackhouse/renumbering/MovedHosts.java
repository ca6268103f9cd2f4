package dev.rackhouse.renumbering;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.proxmox.PciMapping;
import dev.rackhouse.proxmox.PveMappings;
import dev.rackhouse.renumbering.RenumberPlace.HostFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sample hosts after their hardware was changed: buses have other numbers, while names still say the old ones. */
final class MovedHosts {

    static final NodeRef CARAXES = new NodeRef(LabId.parse("5f0c4cb4-7f52-4a6e-9d1b-0a7c2b9b5f11"), "caraxes");

    private static final Pattern ADDRESS = Pattern.compile("0000:([0-9a-f]{2}):");

    private MovedHosts() {}

    /** After the firmware update: something new took bus 0d, and all behind it moved on by one. */
    static HostFacts caraxesAfterTheUpdate() {
        return SampleHosts.parsed(dumpAfterTheUpdate());
    }

    static String dumpAfterTheUpdate() {
        return shiftedDump("caraxes", Map.of("0d", "0e", "0e", "0f", "0f", "10", "10", "11"));
    }

    /** @param buses old to new; the records of hardware only, not what people wrote about it */
    static HostFacts shifted(String host, Map<String, String> buses) {
        return SampleHosts.parsed(shiftedDump(host, buses));
    }

    private static String shiftedDump(String host, Map<String, String> buses) {
        return SampleHosts.changedDump(host, hardware(line -> {
            Matcher m = ADDRESS.matcher(line);
            return m.replaceAll(r -> "0000:" + buses.getOrDefault(r.group(1), r.group(1)) + ":");
        }));
    }

    static UnaryOperator<String> hardware(UnaryOperator<String> change) {
        return dump -> {
            List<String> lines = new ArrayList<>();
            dump.lines()
                    .forEach(line -> lines.add(
                            line.matches("(G|P|DRV|PATH|FBMEM)\\t.*") || line.startsWith("L\tpci_reservations")
                                    ? change.apply(line)
                                    : line.replaceFirst("^(K\\tboot_id\\t).*", "$1a-later-boot")));
            return String.join("\n", lines) + "\n";
        };
    }

    static RenumberPlace caraxes(HostFacts now, HostFile... files) {
        return place(CARAXES, SampleHosts.facts("caraxes"), now, files);
    }

    static RenumberPlace place(NodeRef node, HostFacts before, HostFacts now, HostFile... files) {
        Map<String, List<PciMapping>> entries = new LinkedHashMap<>();
        before.mappings()
                .forEach(m -> entries.computeIfAbsent(m.mapping(), k -> new ArrayList<>())
                        .add(new PciMapping(
                                m.node(), m.path(), Objects.requireNonNull(m.ids()), m.subsystem(), m.group(), null)));
        List<PveMappings.Mapping> mappings = new ArrayList<>();
        entries.forEach((id, list) -> mappings.add(new PveMappings.Mapping(
                id,
                null,
                list,
                list.stream().map(PciMapping::print).toList(),
                List.of(),
                false,
                false,
                List.of(),
                "d1")));
        return new RenumberPlace(
                node, before, Instant.parse("2026-11-21T00:00:00Z"), "", now, mappings, List.of(files));
    }
}
