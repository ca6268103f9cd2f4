package dev.rackhouse.simulator.lab;

import dev.rackhouse.simulator.host.ProbeDump;
import dev.rackhouse.simulator.host.ProbeDump.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The boards from which generated nodes are made: packed dumps under another name, without their guests. */
enum NodeShape {
    LARGE_WITH_GPU(
            "targaryen",
            "caraxes",
            "10.0.10.41",
            "",
            "id=10de:1e81,iommugroup=31,node=?,path=0000:0e:00,subsystem-id=3842:3081"),
    SMALL_WITH_GPU(
            "prepared",
            "pve",
            "192.168.1.50",
            "",
            "id=10de:2504,iommugroup=1,node=?,path=0000:01:00,subsystem-id=1043:881d"),
    SMALL("prepared", "pve", "192.168.1.50", "0000:01:00.", null);

    private static final Map<NodeShape, ProbeDump> TEMPLATES = Arrays.stream(values())
            .collect(Collectors.toMap(shape -> shape, shape -> ProbeDump.packed(shape.lab, shape.machine)));

    private final String lab;
    private final String machine;
    private final String address;
    private final String leftOut;
    private final @Nullable String gpuMapping;

    NodeShape(String lab, String machine, String address, String leftOut, @Nullable String gpuMapping) {
        this.lab = lab;
        this.machine = machine;
        this.address = address;
        this.leftOut = leftOut;
        this.gpuMapping = gpuMapping;
    }

    /** Shape of the n-th node of a cluster, from 1. */
    static NodeShape of(int number) {
        return switch (number % 5) {
            case 1 -> LARGE_WITH_GPU;
            case 2 -> SMALL_WITH_GPU;
            default -> SMALL;
        };
    }

    /** Entry of a resource mapping for the GPU, with {@code node=?}; null without a GPU. */
    @Nullable
    String gpuMapping() {
        return gpuMapping;
    }

    ProbeDump dump(String node, String nodeAddress) {
        ProbeDump template = TEMPLATES.get(this);
        if (template == null) {
            throw new IllegalStateException(name());
        }
        return template.with(row -> change(row, node, nodeAddress));
    }

    private @Nullable Row change(Row row, String node, String nodeAddress) {
        String first = row.field(0);
        return switch (row.tag()) {
            case "GUEST", "RUN", "SWAP" -> null;
            case "K" ->
                switch (first) {
                    case "hostname" -> new Row("K", List.of(first, node));
                    case "boot_id" -> new Row("K", List.of(first, uuid(node)));
                    default -> row;
                };
            case "L" ->
                switch (first) {
                    case "pci_reservations", "/etc/pve/mapping/pci.cfg" -> null;
                    case "ip_addr" -> guestDevice(row.field(1)) ? null : addressed(row, nodeAddress);
                    case "/etc/network/interfaces" -> addressed(row, nodeAddress);
                    default -> row;
                };
            case "LOWER" -> guestDevice(row.field(1)) ? null : row;
            case "P", "DRV", "FBMEM" -> leftOut(first) ? null : row;
            case "PATH" -> leftOut(row.field(1)) || guestDevice(row.field(1)) ? null : row;
            case "G" -> leftOut.isEmpty() ? row : group(row);
            default -> row;
        };
    }

    private boolean leftOut(String device) {
        return !leftOut.isEmpty() && device.startsWith(leftOut);
    }

    private static boolean guestDevice(String name) {
        return name.matches("(tap|veth|fwbr|fwpr)\\d.*");
    }

    private Row group(Row row) {
        List<String> fields = new ArrayList<>();
        for (String field : row.fields()) {
            fields.add(
                    field.startsWith("devices=")
                            ? "devices="
                                    + Arrays.stream(field.substring(8).split(","))
                                            .filter(device -> !leftOut(device))
                                            .collect(Collectors.joining(","))
                            : field);
        }
        return new Row(row.tag(), fields);
    }

    private Row addressed(Row row, String nodeAddress) {
        String line = row.field(1);
        String gateway = address.substring(0, address.lastIndexOf('.')) + ".1";
        String nodeGateway = nodeAddress.substring(0, nodeAddress.lastIndexOf('.')) + ".1";
        String changed =
                line.contains("gateway") ? line.replace(gateway, nodeGateway) : line.replace(address, nodeAddress);
        return changed.equals(line) ? row : new Row(row.tag(), List.of(row.field(0), changed));
    }

    private static String uuid(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
