package dev.rackhouse.inventory;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.Rows.GuestRow;
import dev.rackhouse.inventory.Rows.NodeRow;
import dev.rackhouse.inventory.Rows.StorageRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One answer of {@code /cluster/resources}: the facts apart from the figures that move all the time. Pure.
 *
 * <p>A guest on a node that is down comes with status {@code unknown} and without name and numbers, and for about ten seconds after
 * a node's daemons start everything does (Proxmox VE 7 to 9): such rows are unsure, and what was known of them stays.
 */
record ClusterResources(List<NodeRow> nodes, List<GuestRow> guests, List<StorageRow> storages, Sample sample) {

    /** Figures of one moment, as parallel lists. */
    record Sample(List<NodeFigures> nodes, List<GuestFigures> guests, List<StorageFigures> storages) {}

    /** @param cpu fraction of all CPUs */
    record NodeFigures(
            String node, @Nullable Double cpu, @Nullable Long memory, @Nullable Long disk, @Nullable Long uptime) {}

    record GuestFigures(long vmid, @Nullable Double cpu, @Nullable Long memory, @Nullable Long uptime) {}

    record StorageFigures(String node, String storage, @Nullable Long used) {}

    /** Rows that this version does not know, or that lack an identity, are left out. */
    static ClusterResources parse(JsonNode data) {
        var nodes = new ArrayList<NodeRow>();
        var guests = new ArrayList<GuestRow>();
        var storages = new ArrayList<StorageRow>();
        var nodeFigures = new ArrayList<NodeFigures>();
        var guestFigures = new ArrayList<GuestFigures>();
        var storageFigures = new ArrayList<StorageFigures>();
        for (JsonNode row : data) {
            String type = Json.text(row, "type");
            String node = Json.text(row, "node");
            if (type == null) {
                continue;
            }
            switch (type) {
                case "node" -> {
                    if (node != null && isNode(node)) {
                        nodes.add(node(row, node));
                        nodeFigures.add(new NodeFigures(
                                node,
                                Json.real(row, "cpu"),
                                Json.number(row, "mem"),
                                Json.number(row, "disk"),
                                Json.number(row, "uptime")));
                    }
                }
                case "qemu", "lxc" -> {
                    Long vmid = Json.number(row, "vmid");
                    if (vmid != null && vmid >= 100 && vmid <= 999_999_999) {
                        GuestRow guest = guest(row, type, vmid, node);
                        guests.add(guest);
                        if ("running".equals(guest.status())) {
                            guestFigures.add(new GuestFigures(
                                    vmid, Json.real(row, "cpu"), Json.number(row, "mem"), Json.number(row, "uptime")));
                        }
                    }
                }
                case "storage" -> {
                    String storage = Json.text(row, "storage");
                    if (node != null && storage != null) {
                        storages.add(storage(row, node, storage));
                        Long used = Json.number(row, "disk");
                        if (used != null && Json.number(row, "maxdisk") != null) {
                            storageFigures.add(new StorageFigures(node, storage, used));
                        }
                    }
                }
                default -> {
                    // pools, virtual networks: not kept yet
                }
            }
        }
        return new ClusterResources(
                List.copyOf(nodes),
                List.copyOf(guests),
                List.copyOf(storages),
                new Sample(nodeFigures, guestFigures, storageFigures));
    }

    private static boolean isNode(String name) {
        try {
            return !new NodeRef(new dev.rackhouse.base.LabId(new java.util.UUID(0, 0)), name)
                    .node()
                    .isEmpty();
        } catch (IllegalArgumentException noName) {
            return false;
        }
    }

    private static NodeRow node(JsonNode row, String node) {
        String status = Objects.requireNonNullElse(Json.text(row, "status"), "unknown");
        return new NodeRow(
                node,
                "proxmox",
                status,
                positive(Json.number(row, "maxcpu")),
                positive(Json.number(row, "maxmem")),
                positive(Json.number(row, "maxdisk")),
                Json.text(row, "host-arch"),
                Json.text(row, "level"),
                !status.equals("online"));
    }

    private static GuestRow guest(JsonNode row, String type, long vmid, @Nullable String node) {
        String status = Objects.requireNonNullElse(Json.text(row, "status"), "unknown");
        boolean unsure = status.equals("unknown");
        String name = Json.text(row, "name");
        return new GuestRow(
                vmid,
                type,
                unsure && ("VM " + vmid).equals(name) ? null : name,
                node,
                status,
                unsure ? null : Json.flag(row, "template"),
                unsure ? positive(Json.number(row, "maxcpu")) : Json.number(row, "maxcpu"),
                unsure ? positive(Json.number(row, "maxmem")) : Json.number(row, "maxmem"),
                unsure ? positive(Json.number(row, "maxdisk")) : Json.number(row, "maxdisk"),
                Json.text(row, "tags"),
                Json.text(row, "pool"),
                Json.text(row, "lock"),
                Json.text(row, "hastate"),
                unsure);
    }

    private static StorageRow storage(JsonNode row, String node, String storage) {
        String status = Objects.requireNonNullElse(Json.text(row, "status"), "unknown");
        return new StorageRow(
                node,
                storage,
                Json.text(row, "plugintype"),
                sorted(Json.text(row, "content")),
                Json.flag(row, "shared"),
                status,
                positive(Json.number(row, "maxdisk")),
                positive(Json.number(row, "maxdisk")) == null ? null : Json.number(row, "disk"),
                !status.equals("available"));
    }

    /** Proxmox lists the kinds of content in random order. */
    private static @Nullable String sorted(@Nullable String list) {
        return list == null
                ? null
                : java.util.Arrays.stream(list.split("[, ]+"))
                        .filter(s -> !s.isEmpty())
                        .sorted()
                        .collect(java.util.stream.Collectors.joining(","));
    }

    /** Zeros stand where nothing is known. */
    private static @Nullable Long positive(@Nullable Long number) {
        return number == null || number <= 0 ? null : number;
    }
}
