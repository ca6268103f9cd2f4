package dev.rackhouse.proxmox;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cluster-wide names for PCI devices. Mappings the token may not see are missing. */
public final class PveMappings {

    /**
     * @param severity {@code error} or {@code warning}
     */
    public record Finding(String severity, String message) {}

    /**
     * @param entries one per node and alternative: at start the first free one of the node is taken
     * @param texts all entries, as they came
     * @param unreadable entries that this console does not understand, as they came
     * @param findings what the server found when it compared with the hardware of the node asked for
     * @param digest to send back with a change
     */
    public record Mapping(
            String id,
            @Nullable String description,
            List<PciMapping> entries,
            List<String> texts,
            List<String> unreadable,
            boolean mediated,
            boolean liveMigration,
            List<Finding> findings,
            String digest) {

        public List<PciMapping> on(String node) {
            return entries.stream().filter(e -> e.node().equals(node)).toList();
        }
    }

    private final PveClient client;

    PveMappings(PveClient client) {
        this.client = client;
    }

    /**
     * All PCI mappings.
     *
     * @param checkedOn the node whose hardware they are compared with; null for no comparison
     */
    public List<Mapping> pci(@Nullable String checkedOn) {
        Map<String, List<String>> parameters = checkedOn == null ? Map.of() : Map.of("check-node", List.of(checkedOn));
        return client.call("list the PCI mappings", PveMethod.GET, "/cluster/mapping/pci", parameters).rows().stream()
                .map(r -> mapping(r.text("id", ""), r))
                .toList();
    }

    /** One mapping; a missing one is refused with 500 "mapping '...' not found". */
    public Mapping pciOne(String id) {
        return mapping(
                id,
                client.get("read PCI mapping " + id, PvePath.of("cluster", "mapping", "pci", id))
                        .fields());
    }

    private static Mapping mapping(String id, PveFields r) {
        List<String> texts = r.texts("map");
        return new Mapping(
                id,
                r.text("description"),
                texts.stream().flatMap(t -> PciMapping.find(t).stream()).toList(),
                texts,
                texts.stream().filter(t -> PciMapping.find(t).isEmpty()).toList(),
                r.flag("mdev"),
                r.flag("live-migration-capable"),
                r.rows("checks").stream()
                        .map(c -> new Finding(c.text("severity", "warning"), c.text("message", "")))
                        .toList(),
                r.text("digest", ""));
    }
}
