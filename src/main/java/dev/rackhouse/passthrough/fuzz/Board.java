package dev.rackhouse.passthrough.fuzz;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The PCI side of a host that is being made: root ports, switches, cards, and at last the IOMMU groups. */
final class Board {

    private static final String ROOT = "/sys/devices/pci0000:00";
    /** Device numbers of root ports; 2 is the processor's display, 7 Thunderbolt. */
    private static final int[] PORT_DEVICES = {1, 3, 4, 5, 6, 8, 9, 10, 11, 12};

    final Random random;
    final boolean amd;
    final boolean iommu;
    final boolean override;
    final List<Fn> functions = new ArrayList<>();
    private final List<Fn> downstreamPorts = new ArrayList<>();
    private int nextBus = 1;
    private int rootPorts;
    private int nextGroup;

    Board(Random random) {
        this.random = random;
        this.amd = random.nextBoolean();
        this.iommu = random.nextInt(20) > 0;
        this.override = random.nextInt(7) == 0;
        own();
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    <T> T oneOf(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private Fn add(Fn fn) {
        functions.add(fn);
        return fn;
    }

    /** What a board has of its own. */
    private void own() {
        if (amd) {
            add(new Fn("0000:00:00.0", "1022:1480", "060000", ROOT, false, null))
                    .attributes
                    .put("nogroup", "1");
            add(new Fn("0000:00:00.2", "1022:1481", "080600", ROOT, false, null))
                    .attributes
                    .put("nogroup", "1");
            add(new Fn("0000:00:14.0", "1022:790b", "0c0500", ROOT, false, "piix4_smbus"));
            add(new Fn("0000:00:14.3", "1022:790e", "060100", ROOT, false, null));
            for (int i = 0; i < 4; i++) {
                add(new Fn("0000:00:18." + i, "1022:144" + i, "060000", ROOT, false, i == 3 ? "k10temp" : null));
            }
        } else {
            add(new Fn("0000:00:00.0", "8086:3e30", "060000", ROOT, false, null));
            add(new Fn("0000:00:1f.0", "8086:a305", "060100", ROOT, false, null));
            add(new Fn("0000:00:1f.3", "8086:a348", "040300", ROOT, false, "snd_hda_intel"));
            add(new Fn("0000:00:1f.4", "8086:a323", "0c0500", ROOT, false, "i801_smbus"));
            add(new Fn("0000:00:1f.5", "8086:a324", "0c8000", ROOT, false, null));
        }
    }

    /** A function on bus 0, such as a controller of the chipset. */
    Fn onRootBus(String device, String ids, String code, @Nullable String driver) {
        return add(new Fn("0000:00:" + device, ids, code, ROOT, false, driver));
    }

    Fn rootPort() {
        String address = "0000:00:%02x.%x".formatted(PORT_DEVICES[rootPorts / 4], rootPorts % 4);
        rootPorts++;
        return add(new Fn(address, amd ? "1022:1483" : "8086:1901", "060400", ROOT, true, "pcieport"));
    }

    /** The root port of an integrated Thunderbolt controller. */
    Fn tunnelPort() {
        return add(new Fn("0000:00:07.0", "8086:9a23", "060400", ROOT, true, "pcieport"));
    }

    private int bus() {
        return nextBus++;
    }

    /** A port below which a card can be plugged in: a root port, or a port of a switch. */
    Fn place() {
        if (rootPorts < 18 && chance(downstreamPorts.isEmpty() ? 80 : 55)) {
            return rootPort();
        }
        if (downstreamPorts.isEmpty()) {
            addSwitch(rootPort());
        }
        return downstreamPorts.remove(random.nextInt(downstreamPorts.size()));
    }

    private void addSwitch(Fn above) {
        String ids = chance(50) ? "10b5:8724" : "1022:57ad";
        Fn up = add(new Fn("0000:%02x:00.0".formatted(bus()), ids, "060400", above.path, true, "pcieport"));
        int below = bus();
        int ports = 2 + random.nextInt(5);
        for (int i = 0; i < ports; i++) {
            downstreamPorts.add(
                    add(new Fn("0000:%02x:%02x.0".formatted(below, i), ids, "060400", up.path, true, "pcieport")));
        }
    }

    /** @param parts {@code ids code driver}, one for each function; a driver {@code -} is none */
    List<Fn> card(Fn port, String... parts) {
        int bus = bus();
        List<Fn> made = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            String[] words = parts[i].split(" ");
            String driver = words[2].equals("-") ? null : words[2];
            made.add(add(new Fn("0000:%02x:00.%x".formatted(bus, i), words[0], words[1], port.path, false, driver)));
        }
        return made;
    }

    /** A card that brings a bridge of its own, as AMD's GPUs do and cards for PCI. */
    Fn bridgeOnCard(Fn port, String ids) {
        return add(new Fn("0000:%02x:00.0".formatted(bus()), ids, "060400", port.path, true, "pcieport"));
    }

    /** Virtual functions beside their parent. */
    List<Fn> virtualFunctions(Fn parent, String ids, int count) {
        parent.attributes.put("sriov_totalvfs", "63");
        parent.attributes.put("sriov_numvfs", Integer.toString(count));
        String above = parent.path.substring(0, parent.path.lastIndexOf('/'));
        String bus = parent.address.substring(0, 8);
        int first = parent.address.endsWith(".1") ? 0x14 : 0x10;
        List<Fn> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Fn virtual =
                    new Fn("%s%02x.%x".formatted(bus, first + i / 8, i % 8), ids, parent.code, above, false, "iavf");
            virtual.attributes.put("vf", "1");
            made.add(add(virtual));
        }
        return made;
    }

    /** An NVMe drive in the PCI domain that a volume management device brings up. */
    Fn behindVmd(Fn vmd, int number) {
        String domain = vmd.path + "/pci10000:e0";
        Fn port = add(new Fn("10000:e0:%02x.0".formatted(6 + number), "8086:a0b0", "060400", domain, true, "pcieport"));
        Fn drive = add(
                new Fn("10000:%02x:00.0".formatted(0xe1 + number), "144d:a80a", "010802", port.path, false, "nvme"));
        port.attributes.put("like", vmd.address);
        drive.attributes.put("like", vmd.address);
        return drive;
    }

    /** Groups as hardware makes them: by slot, by port with all below it, or by function where an override pretends so. */
    void makeGroups() {
        if (!iommu) {
            return;
        }
        Map<String, String> modes = new HashMap<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (Fn fn : functions) {
            if (fn.attributes.containsKey("nogroup") || fn.attributes.containsKey("like")) {
                continue;
            }
            String[] parts = fn.path.split("/");
            String top = parts.length > 5 || fn.bridge ? parts[4] : fn.slot();
            String mode = modes.computeIfAbsent(top, t -> chance(25) ? "port" : chance(20) ? "function" : "slot");
            String key = override || fn.virtual() && !mode.equals("port")
                    ? fn.address
                    : parts.length <= 5 && !fn.bridge
                            ? fn.slot()
                            : switch (mode) {
                                case "port" -> top;
                                case "function" -> fn.address;
                                default -> fn.bridge ? fn.address : fn.slot();
                            };
            fn.group = numbers.computeIfAbsent(key, k -> nextGroup++);
        }
        for (Fn fn : functions) {
            String like = fn.attributes.remove("like");
            if (like != null) {
                fn.group = functions.stream()
                        .filter(f -> f.address.equals(like))
                        .findFirst()
                        .orElseThrow()
                        .group;
            }
        }
    }
}
