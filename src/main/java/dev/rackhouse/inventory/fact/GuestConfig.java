package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.VmId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The part of a guest's configuration that the probe reads, as it stands in Proxmox's file: current section only, no snapshots.
 *
 * @param node the node whose folder holds it
 * @param options key to value as written: {@code hostpci0} to {@code mapping=HBA-1,pcie=1}
 */
public record GuestConfig(String node, Kind kind, VmId vmid, SequencedMap<String, String> options) {

    /** Virtual machine or container. */
    public enum Kind {
        VM,
        CONTAINER
    }

    public GuestConfig {
        options = new LinkedHashMap<>(options);
    }

    /** @throws UnsupportedOperationException never: a copy */
    @Override
    public SequencedMap<String, String> options() {
        return java.util.Collections.unmodifiableSequencedMap(options);
    }

    public @Nullable String option(String key) {
        return options.get(key);
    }

    /** The value of an option, or this when it is not set. */
    public String option(String key, String otherwise) {
        return options.getOrDefault(key, otherwise);
    }

    public boolean flag(String key) {
        String value = options.get(key);
        return value != null
                && (value.equals("1") || value.equals("yes") || value.equals("on") || value.equals("true"));
    }

    public int number(String key, int otherwise) {
        String value = options.get(key);
        return value != null && value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : otherwise;
    }

    /** {@code name} of a VM, {@code hostname} of a container. */
    public @Nullable String name() {
        return options.get(kind == Kind.VM ? "name" : "hostname");
    }

    /** {@code VM 110 (ai-inference)} */
    public String label() {
        String name = name();
        return (kind == Kind.VM ? "VM " : "CT ") + vmid + (name == null ? "" : " (" + name + ")");
    }

    /** Memory in MiB; Proxmox takes 512 when nothing is set. In version 9 the key may hold {@code current=N}. */
    public int memoryMiB() {
        String value = options.get("memory");
        if (value != null && value.startsWith("current=")) {
            value = value.substring("current=".length());
        }
        return value != null && value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : 512;
    }

    public int vcpus() {
        return number("sockets", 1) * number("cores", 1);
    }

    /** The options {@code hostpci0} to {@code hostpci15}, by index. */
    public Map<Integer, String> hostPci() {
        return indexed("hostpci");
    }

    /** The options with this name and a number behind, by number. */
    public Map<Integer, String> indexed(String name) {
        Map<Integer, String> found = new java.util.TreeMap<>();
        options.forEach((key, value) -> {
            if (key.startsWith(name) && key.substring(name.length()).matches("[0-9]{1,3}")) {
                found.put(Integer.parseInt(key.substring(name.length())), value);
            }
        });
        return found;
    }

    /** The record as the probe printed it: {@code GUEST caraxes/qemu-server/102.conf balloon 4096}. */
    public String line(String key) {
        String folder = kind == Kind.VM ? "qemu-server" : "lxc";
        return "GUEST %s/%s/%s.conf %s %s".formatted(node, folder, vmid, key, options.getOrDefault(key, "(not set)"));
    }
}
