package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.PciFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which PCI functions a guest gets at its start. Works under the world's lock. */
final class PciPlan {
    private final World world;
    private final Node node;
    private final Map<String, PciFunction> functions = new LinkedHashMap<>();

    PciPlan(World world, Node node) {
        this.world = world;
        this.node = node;
        node.machine.pciFunctions().forEach(function -> functions.put(function.address(), function));
    }

    /** Addresses by hostpci key, mappings resolved, alternatives chosen. */
    Map<String, List<String>> choose(Guest guest, Map<String, String> config) {
        Map<String, List<List<String>>> alternatives = new TreeMap<>();
        config.forEach((key, value) -> {
            if (GuestConfig.base(key).equals("hostpci")) {
                alternatives.put(key, alternatives(value));
            }
        });
        Map<String, List<String>> chosen = new TreeMap<>();
        Set<String> used = new LinkedHashSet<>();
        alternatives.forEach((key, list) -> {
            if (list.size() == 1) {
                for (String address : list.getFirst()) {
                    if (!used.add(address)) {
                        throw ApiError.died("device '" + address + "' assigned more than once");
                    }
                }
                chosen.put(key, list.getFirst());
            }
        });
        alternatives.forEach((key, list) -> {
            if (list.size() > 1) {
                List<String> free = list.stream()
                        .filter(addresses -> addresses.stream()
                                .noneMatch(address -> used.contains(address) || takenByOther(guest, address)))
                        .findFirst()
                        .orElseThrow(() -> ApiError.died("could not find a free device for '" + key + "'"));
                used.addAll(free);
                chosen.put(key, free);
            }
        });
        return chosen;
    }

    private boolean takenByOther(Guest guest, String address) {
        Integer holder = node.reservations.get(address);
        return holder != null && holder != guest.vmid;
    }

    private List<List<String>> alternatives(String value) {
        Map<String, String> parts = PropertyString.parse("pve-qm-hostpci", value);
        String host = parts.get("host");
        String mapping = parts.get("mapping");
        if (host != null && mapping != null) {
            throw ApiError.died("Cannot set both 'host' and 'mapping'.");
        }
        if (mapping == null) {
            return List.of(expand(host == null ? "" : host));
        }
        List<List<String>> found = new ArrayList<>();
        for (Map<String, String> entry : entries(mapping)) {
            String problem = problem(mapping, entry);
            if (problem != null) {
                throw ApiError.died("PCI device mapping invalid (hardware probably changed): " + problem + "\n\n");
            }
            found.add(expand(entry.getOrDefault("path", "")));
        }
        if (found.isEmpty()) {
            throw ApiError.died("PCI device mapping not found for '" + mapping + "'");
        }
        return found;
    }

    /** Entries of a mapping for this node; empty when it does not exist. */
    List<Map<String, String>> entries(String mapping) {
        Map<String, Object> known = world.mappings.getOrDefault("pci", Map.of()).get(mapping);
        List<Map<String, String>> own = new ArrayList<>();
        for (String entry : Validator.strings(known == null ? null : known.get("map"))) {
            Map<String, String> parts = PropertyString.parse("pci-map", entry);
            if (node.name().equals(parts.get("node"))) {
                own.add(parts);
            }
        }
        return own;
    }

    /** What does not fit between an entry and the hardware, null when all does. */
    @Nullable
    String problem(String mapping, Map<String, String> entry) {
        String path = entry.getOrDefault("path", "");
        String first = path.split(";")[0];
        if (!node.machine.iommuPresent()) {
            return "missing IOMMU support";
        }
        PciFunction function = first.contains(".") ? functions.get(first) : functions.get(first + ".0");
        if (function == null) {
            return "pci device '" + first + "' not found";
        }
        String expectedId = entry.getOrDefault("id", "");
        if (!expectedId.equals(function.ids())) {
            return "'id' does not match for '" + mapping + "' (" + function.ids() + " != " + expectedId + ")";
        }
        String group = function.iommuGroup() < 0 ? null : Integer.toString(function.iommuGroup());
        String found = compare(mapping, path, "iommugroup", group, entry.get("iommugroup"));
        if (found == null) {
            found = compare(mapping, path, "subsystem-id", function.subsystemIds(), entry.get("subsystem-id"));
        }
        return found;
    }

    private static @Nullable String compare(
            String mapping, String path, String property, @Nullable String actual, @Nullable String expected) {
        if (actual != null && expected == null) {
            return "missing expected property '" + property + "' for device '" + path + "'";
        }
        if (actual == null && expected != null) {
            return "unexpected property '" + property + "' configured for device '" + path + "'";
        }
        if (actual != null && !actual.equals(expected)) {
            return "'" + property + "' does not match for '" + mapping + "' (" + actual + " != " + expected + ")";
        }
        return null;
    }

    /** Full addresses of all functions meant: a slot without function means all of them. */
    private List<String> expand(String path) {
        List<String> addresses = new ArrayList<>();
        for (String part : path.split(";")) {
            if (part.isEmpty()) {
                continue;
            }
            String full = part.matches("[0-9a-f]{2}:.*") ? "0000:" + part : part;
            if (full.contains(".")) {
                addresses.add(full);
                continue;
            }
            List<String> slot = functions.keySet().stream()
                    .filter(address -> address.startsWith(full + "."))
                    .toList();
            addresses.addAll(slot.isEmpty() ? List.of(full) : slot);
        }
        return addresses;
    }

    /** Takes the devices for a guest, or says who has them. */
    void reserve(Guest guest, List<String> addresses) {
        for (String address : addresses) {
            Integer holder = node.reservations.get(address);
            if (holder != null && holder != guest.vmid) {
                Guest other = world.guests.get(holder);
                throw ApiError.died("PCI device '" + address + "' "
                        + (other != null && other.running
                                ? "already in use by VMID '"
                                : "is currently reserved for use by VMID '")
                        + holder + "'");
            }
        }
        addresses.forEach(address -> node.reservations.put(address, guest.vmid));
    }

    static void release(Node node, int vmid) {
        node.reservations.values().removeIf(holder -> holder == vmid);
    }

    boolean exists(String address) {
        return functions.containsKey(address);
    }
}
