package dev.rackhouse.passthrough;

import dev.rackhouse.inventory.fact.DeviceUse;
import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.HostPciEntry;
import dev.rackhouse.inventory.fact.PciFunction;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One guest on its host, existing or planned, with the devices that its configuration names.
 *
 * @param running whether it has its memory and devices already
 */
record GuestCase(
        HostFacts facts, GuestConfig guest, List<HostPciEntry> entries, List<PciFunction> functions, boolean running) {

    private static final Pattern PART = Pattern.compile("(?:^|,)([a-z]+)=([^,]*)");

    static GuestCase of(HostFacts facts, GuestConfig guest) {
        List<DeviceUse> uses = DeviceUse.of(facts).stream()
                .filter(u -> u.guest().vmid().equals(guest.vmid()))
                .toList();
        List<PciFunction> functions = facts.functions().stream()
                .filter(f -> uses.stream().anyMatch(u -> u.names(f.address())))
                .toList();
        return new GuestCase(facts, guest, HostPciEntry.of(guest), functions, facts.runs(guest.vmid()));
    }

    Target target() {
        return new Target.Guest(guest.vmid());
    }

    boolean passesDevices() {
        return !entries.isEmpty();
    }

    /** Graphics cards it takes; where addresses could not be resolved, each entry counts as one. */
    int gpus() {
        long slots = functions.stream()
                .filter(PciFunction::gpu)
                .map(PciFunction::slot)
                .distinct()
                .count();
        return functions.isEmpty() ? entries.size() : (int) slots;
    }

    /** One {@code numaN}, taken apart. */
    record Cell(int number, long memoryMiB, List<Integer> hostNodes, String text) {}

    /** The {@code numaN} of the guest, by number. */
    List<Cell> cells() {
        Map<Integer, Cell> cells = new TreeMap<>();
        guest.indexed("numa").forEach((number, text) -> {
            long memory = 0;
            List<Integer> nodes = List.of();
            Matcher m = PART.matcher(text);
            while (m.find()) {
                if (m.group(1).equals("memory") && m.group(2).matches("[0-9]{1,9}")) {
                    memory = Long.parseLong(m.group(2));
                } else if (m.group(1).equals("hostnodes")) {
                    nodes = numbers(m.group(2));
                }
            }
            cells.put(number, new Cell(number, memory, nodes, text));
        });
        return List.copyOf(cells.values());
    }

    private static List<Integer> numbers(String text) {
        List<Integer> found = new java.util.ArrayList<>();
        for (String part : text.split(";")) {
            String[] ends = part.split("-", 2);
            if (ends[0].matches("[0-9]{1,3}") && ends[ends.length - 1].matches("[0-9]{1,3}")) {
                for (int n = Integer.parseInt(ends[0]); n <= Integer.parseInt(ends[ends.length - 1]); n++) {
                    found.add(n);
                }
            }
        }
        return found;
    }
}
