package dev.rackhouse.simulator.serving;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The cards of one pretend computer as long as their driver is loaded: which process holds how much of their memory, how busy they
 * are, and what is wrong with them. Safe for many threads.
 */
public final class GpuRack {
    /**
     * @param address as the computer sees it, {@code 0000:01:00.0}
     * @param memoryMiB all of it
     * @param computeTenths compute capability, 86 for 8.6
     */
    public record Card(String uuid, int index, String address, String name, int memoryMiB, int computeTenths) {
        /** What the driver keeps for itself. */
        public int reservedMiB() {
            return switch (memoryMiB) {
                case 16384 -> 410;
                case 8192 -> 408;
                default -> (int) Math.round(memoryMiB * 0.01322);
            };
        }

        public int usableMiB() {
            return memoryMiB - reservedMiB();
        }
    }

    /** What a process holds on a card. */
    public record Use(String uuid, int pid, String process, int memoryMiB, double load) {}

    private final Map<String, Card> cards = new LinkedHashMap<>();
    private final Map<String, Map<Integer, Use>> uses = new TreeMap<>();
    private final Map<String, Integer> foreignMiB = new TreeMap<>();
    private final Map<String, Boolean> lost = new TreeMap<>();

    /** The driver knows these cards now. */
    public synchronized void plugged(List<Card> now) {
        cards.clear();
        now.forEach(card -> cards.put(card.uuid(), card));
    }

    public synchronized List<Card> cards() {
        return List.copyOf(cards.values());
    }

    /** A card by UUID, or by index as CDI names it. */
    public synchronized Optional<Card> find(String name) {
        return cards.values().stream()
                .filter(card -> card.uuid().equalsIgnoreCase(name) || name.equals("" + card.index()))
                .findFirst();
    }

    public synchronized int usedMiB(String uuid) {
        return 1
                + foreignMiB.getOrDefault(uuid, 0)
                + on(uuid).values().stream().mapToInt(Use::memoryMiB).sum();
    }

    public synchronized int freeMiB(String uuid) {
        Card card = cards.get(uuid);
        return card == null ? 0 : Math.max(0, card.usableMiB() - usedMiB(uuid));
    }

    /** How busy a card is, 0 to 1. */
    public synchronized double load(String uuid) {
        return Math.min(1, on(uuid).values().stream().mapToDouble(Use::load).sum());
    }

    /** Who uses the cards, by card and process. */
    public synchronized List<Use> uses() {
        List<Use> all = new ArrayList<>();
        uses.values().forEach(one -> all.addAll(one.values()));
        return all;
    }

    /** From now on the process holds so much of the card in all. @return whether there was room for it */
    synchronized boolean take(String uuid, int pid, String process, int memoryMiB) {
        Use before = on(uuid).get(pid);
        int had = before == null ? 0 : before.memoryMiB();
        if (memoryMiB - had > freeMiB(uuid) || lost(uuid)) {
            return false;
        }
        uses.computeIfAbsent(uuid, key -> new TreeMap<>())
                .put(pid, new Use(uuid, pid, process, memoryMiB, before == null ? 0 : before.load()));
        return true;
    }

    synchronized void busy(String uuid, int pid, double load) {
        on(uuid).computeIfPresent(pid, (key, use) -> new Use(uuid, pid, use.process(), use.memoryMiB(), load));
    }

    /** The process has ended. */
    synchronized void release(int pid) {
        uses.values().forEach(one -> one.remove(pid));
    }

    /** Somebody else holds so much of the card. */
    public synchronized void foreign(String uuid, int memoryMiB) {
        foreignMiB.put(uuid, memoryMiB);
    }

    /** The card falls off its bus, or is back. */
    public synchronized void lost(String uuid, boolean gone) {
        lost.put(uuid, gone);
    }

    public synchronized boolean lost(String uuid) {
        return lost.getOrDefault(uuid, false);
    }

    private Map<Integer, Use> on(String uuid) {
        return uses.getOrDefault(uuid, new TreeMap<>());
    }
}
