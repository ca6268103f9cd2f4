package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.serving.GpuRack;
import dev.rackhouse.simulator.world.PciFunction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The NVIDIA driver of one pretend computer: which cards are there, and what lives only as long as it is loaded, such as power
 * limits and persistence mode. Safe for many threads.
 */
final class GpuDriver {
    static final String VERSION = "580.105.08";

    private static final Map<String, Model> MODELS = models();
    private static final Map<String, String> UUIDS = uuids();

    private final String machine;
    private final GpuRack rack;
    private Map<String, PciFunction> present = Map.of();
    private final List<Card> cards = new ArrayList<>();
    private boolean loaded;

    /**
     * @param machine the computer in which the cards stick: with the address there it tells one card from the other
     * @param rack what is in use of the cards while the driver is loaded
     */
    GpuDriver(String machine, GpuRack rack) {
        this.machine = machine;
        this.rack = rack;
    }

    GpuRack rack() {
        return rack;
    }

    /** @param nvlinks links of 14.062 or 25.781 GB/s to a second card; 0: none */
    record Model(
            String name,
            int memoryMiB,
            String videoBios,
            double least,
            double shipped,
            double most,
            String generation,
            int nvlinks,
            String ecc) {
        /** Compute capability, 86 for 8.6. */
        int computeTenths() {
            return switch (generation) {
                case "pascal" -> 61;
                case "turing" -> 75;
                case "ampere" -> 86;
                default -> 120;
            };
        }
    }

    /** A card as the loaded driver has it. */
    static final class Card {
        final int index;
        /** As the computer sees it, {@code 0000:01:00.0}. */
        final String address;

        final String uuid;
        final String ids;
        final Model model;
        double limit;
        boolean persistent;

        Card(int index, String address, String uuid, String ids, Model model) {
            this.index = index;
            this.address = address;
            this.uuid = uuid;
            this.ids = ids;
            this.model = model;
            this.limit = model.shipped();
        }

        private GpuRack.Card inRack() {
            return new GpuRack.Card(uuid, index, address, model.name(), model.memoryMiB(), model.computeTenths());
        }

        /** As nvidia-smi writes it: {@code 00000000:01:00.0}. */
        String bus() {
            return "0000" + address.toUpperCase(java.util.Locale.ROOT);
        }
    }

    /** @param functions by the address at which this computer sees them; the functions tell their address on the machine */
    synchronized void plugged(Map<String, PciFunction> functions) {
        Map<String, PciFunction> gpus = new TreeMap<>();
        functions.forEach((address, function) -> {
            if (function.vendor().equals("0x10de") && function.pciClass().startsWith("0x03")) {
                gpus.put(address, function);
            }
        });
        present = gpus;
    }

    synchronized boolean anyCard() {
        return !present.isEmpty();
    }

    /**
     * Loads the kernel module.
     *
     * @param open the open kernel modules, which know nothing older than Turing
     */
    synchronized void load(boolean open) {
        if (loaded || present.isEmpty()) {
            return;
        }
        loaded = true;
        cards.clear();
        present.forEach((address, function) -> {
            Model model = MODELS.get(function.device().substring(2));
            boolean supported = model != null
                    && !(open && model.generation().equals("pascal"))
                    && (open || !model.generation().equals("blackwell"));
            if (model != null && supported) {
                cards.add(new Card(cards.size(), address, uuid(function.address()), function.ids(), model));
            }
        });
        rack.plugged(cards.stream().map(Card::inRack).toList());
    }

    private String uuid(String address) {
        String known = UUIDS.get(machine + " " + address);
        return known != null
                ? known
                : "GPU-" + UUID.nameUUIDFromBytes((machine + " " + address).getBytes(StandardCharsets.UTF_8));
    }

    synchronized void unload() {
        loaded = false;
        cards.clear();
        rack.plugged(List.of());
    }

    synchronized boolean loaded() {
        return loaded;
    }

    synchronized List<Card> cards() {
        return List.copyOf(cards);
    }

    synchronized void persistence(boolean on) {
        cards.forEach(card -> card.persistent = on);
    }

    /** The card with this index, UUID or bus address; null: none. */
    synchronized @Nullable Card find(String id) {
        return cards.stream()
                .filter(c -> id.equals("" + c.index)
                        || c.uuid.equalsIgnoreCase(id)
                        || c.bus().equalsIgnoreCase(id)
                        || c.address.equalsIgnoreCase(id))
                .findFirst()
                .orElse(null);
    }

    private static Map<String, Model> models() {
        Map<String, Model> models = new LinkedHashMap<>();
        for (String[] row : Tables.rows("cards.tsv", 10)) {
            models.put(
                    row[0],
                    new Model(
                            row[1],
                            Integer.parseInt(row[2]),
                            row[3],
                            Double.parseDouble(row[4]),
                            Double.parseDouble(row[5]),
                            Double.parseDouble(row[6]),
                            row[7],
                            Integer.parseInt(row[8]),
                            row[9]));
        }
        return models;
    }

    private static Map<String, String> uuids() {
        Map<String, String> uuids = new LinkedHashMap<>();
        Tables.rows("card-uuids.tsv", 3).forEach(row -> uuids.put(row[0] + " " + row[1], row[2]));
        return uuids;
    }
}
