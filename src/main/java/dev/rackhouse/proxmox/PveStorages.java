package dev.rackhouse.proxmox;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Storages as one node sees them, and what lies on them. */
public final class PveStorages {

    /**
     * @param content kinds it may hold, sorted: {@code images}, {@code iso}, {@code import}...
     * @param active false when it cannot be used now; asking for its content may then hang
     */
    public record Storage(
            String name,
            String type,
            List<String> content,
            boolean enabled,
            boolean active,
            boolean shared,
            OptionalLong totalBytes,
            OptionalLong usedBytes,
            OptionalLong availableBytes) {

        public boolean holds(String kind) {
            return content.contains(kind);
        }
    }

    /**
     * One volume.
     *
     * @param id {@code local:iso/x.iso}
     * @param kind {@code images}, {@code iso}, {@code vztmpl}, {@code backup}, {@code import}...
     */
    public record Volume(
            String id,
            String kind,
            String format,
            OptionalLong sizeBytes,
            OptionalInt vmid,
            @Nullable Instant createdAt,
            @Nullable String notes,
            boolean isProtected) {}

    private final PveClient client;

    PveStorages(PveClient client) {
        this.client = client;
    }

    /** All storages of a node; those without a right are missing. */
    public List<Storage> list(String node) {
        return client.get("list the storages of " + node, PvePath.of("nodes", node, "storage")).rows().stream()
                .map(r -> new Storage(
                        r.text("storage", ""),
                        r.text("type", ""),
                        PveCluster.words(r.text("content", "")),
                        !r.has("enabled") || r.flag("enabled"),
                        !r.has("active") || r.flag("active"),
                        r.flag("shared"),
                        r.whole("total"),
                        r.whole("used"),
                        r.whole("avail")))
                .toList();
    }

    /**
     * What lies on one storage. An unreachable one makes the call hang up to 30 s.
     *
     * @param kind {@code iso}, {@code import}, ...; null for all
     */
    public List<Volume> content(String node, String storage, @Nullable String kind) {
        Map<String, List<String>> parameters = new TreeMap<>();
        if (kind != null) {
            parameters.put("content", List.of(kind));
        }
        return client
                .call(
                        "list what lies on storage " + storage,
                        PveMethod.GET,
                        PvePath.of("nodes", node, "storage", storage, "content"),
                        parameters)
                .rows()
                .stream()
                .map(PveStorages::volume)
                .toList();
    }

    private static Volume volume(PveFields r) {
        OptionalLong created = r.whole("ctime");
        return new Volume(
                r.text("volid", ""),
                r.text("content", ""),
                r.text("format", ""),
                r.whole("size"),
                PveNodes.atLeastZero(r.whole("vmid")),
                created.isPresent() ? Instant.ofEpochSecond(created.getAsLong()) : null,
                r.text("notes"),
                r.flag("protected"));
    }
}
