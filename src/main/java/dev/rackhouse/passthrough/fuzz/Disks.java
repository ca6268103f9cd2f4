package dev.rackhouse.passthrough.fuzz;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Disks, and what is stacked on them. What is made here is needed only once somebody says so. */
final class Disks {

    /**
     * A block device with the controllers without which it is gone.
     *
     * @param name {@code sda}, {@code nvme0n1p2}, {@code dm-3}, {@code md0}
     * @param device as a mount or a pool names it
     */
    record Layer(String name, String device, List<Fn> controllers) {
        Layer {
            controllers = List.copyOf(controllers);
        }
    }

    private final Board board;
    final List<String> paths = new ArrayList<>();
    final List<String> stack = new ArrayList<>();
    final List<String> arrays = new ArrayList<>();
    final List<String> pools = new ArrayList<>();
    final List<String> usb = new ArrayList<>();
    final List<String> mounts = new ArrayList<>();
    private int sd;
    private int nvme;
    private int dm;
    private int md;
    private int host;
    private int usbBus;
    private @Nullable Fn sata;
    private boolean chipsetSata;
    private @Nullable Fn sas;

    Disks(Board board) {
        this.board = board;
    }

    private String sdName() {
        int n = sd++;
        return "sd" + (n < 26 ? "" : Character.toString('a' + n / 26 - 1)) + Character.toString('a' + n % 26);
    }

    private Layer block(String name, String path, List<Fn> controllers) {
        paths.add("PATH\tblock\t" + name + "\t" + path + "\tsectors=" + (1L << 30) + "\tmodel=MODEL");
        return new Layer(name, "/dev/" + name, controllers);
    }

    private static List<Fn> with(Fn first, @Nullable Fn second) {
        return second == null ? List.of(first) : List.of(first, second);
    }

    /** A disk on some kind of controller, an existing one where that is usual. */
    Layer disk() {
        return switch (board.random.nextInt(12)) {
            case 0, 1, 2, 3 ->
                nvme(board.card(board.place(), "144d:a80a 010802 nvme").getFirst(), null);
            case 4, 5, 6 -> sata();
            case 7, 8, 9 -> sas(false);
            case 10 -> usbDisk();
            default -> board.chance(50) ? twoPathNvme() : multipath();
        };
    }

    Layer nvme(Fn controller, @Nullable Fn also) {
        int n = nvme++;
        String name = "nvme" + n + "n1";
        return block(name, controller.path + "/nvme/nvme" + n + "/" + name, with(controller, also));
    }

    private Layer sata() {
        Fn controller = sata;
        if (controller == null || board.chance(25)) {
            boolean ofTheChipset = !board.amd && !chipsetSata && board.chance(50);
            chipsetSata |= ofTheChipset;
            controller = ofTheChipset
                    ? board.onRootBus("17.0", "8086:a352", "010601", "ahci")
                    : board.card(board.place(), "1b21:1062 010601 ahci").getFirst();
            sata = controller;
        }
        int n = host++;
        String name = sdName();
        return block(
                name,
                controller.path + "/ata%d/host%d/target%d:0:0/%d:0:0:0/block/%s".formatted(n + 1, n, n, n, name),
                List.of(controller));
    }

    /** @param fresh on an adapter of its own */
    Layer sas(boolean fresh) {
        Fn controller = sas;
        if (controller == null || fresh || board.chance(20)) {
            String raid = board.chance(30) ? "1000:005d 010400 megaraid_sas" : "1000:0097 010700 mpt3sas";
            controller = board.card(board.place(), raid).getFirst();
            controller.attributes.put("rom", "1");
            if (!fresh) {
                sas = controller;
            }
        }
        return sasBehind(controller);
    }

    Layer sasBehind(Fn controller) {
        int n = host++;
        String name = sdName();
        return block(
                name,
                controller.path
                        + "/host%d/port-%d:0/end_device-%d:0/target%d:0:0/%d:0:0:0/block/%s"
                                .formatted(n, n, n, n, n, name),
                List.of(controller));
    }

    private Layer usbDisk() {
        return usbDisk(board.card(board.place(), "1b21:2142 0c0330 xhci_hcd").getFirst());
    }

    Layer usbDisk(Fn controller) {
        int bus = plug(controller, "0781:5583", "Ultra Fit");
        int n = host++;
        String name = sdName();
        return block(
                name,
                controller.path
                        + "/usb%d/%d-1/%d-1:1.0/host%d/target%d:0:0/%d:0:0:0/block/%s"
                                .formatted(bus, bus, bus, n, n, n, name),
                List.of(controller));
    }

    /** @return the number of the bus */
    int plug(Fn controller, String ids, String product) {
        int bus = ++usbBus;
        usb.add("PATH\tusb\tusb" + bus + "\t" + controller.path + "/usb" + bus + "\tid=1d6b:0003\tproduct=xHCI Host");
        usb.add("PATH\tusb\t" + bus + "-1\t" + controller.path + "/usb" + bus + "/" + bus + "-1\tid=" + ids
                + "\tproduct=" + product);
        return bus;
    }

    /** A disk that comes over the network: the cards that carry it are what the host needs. */
    Layer overNetwork(List<Fn> carriers) {
        int n = host++;
        String name = sdName();
        return block(
                name,
                "/sys/devices/platform/host%d/session1/target%d:0:0/%d:0:0:1/block/%s".formatted(n, n, n, name),
                carriers);
    }

    /** One namespace behind two controllers: the block device itself is virtual. */
    private Layer twoPathNvme() {
        int n = nvme++;
        nvme++;
        Fn one = board.card(board.place(), "1344:51c3 010802 nvme").getFirst();
        Fn two = board.card(board.place(), "1344:51c3 010802 nvme").getFirst();
        block("nvme%dc0n1".formatted(n), one.path + "/nvme/nvme%d/nvme%dc0n1".formatted(n, n), List.of());
        block("nvme%dc1n1".formatted(n), two.path + "/nvme/nvme%d/nvme%dc1n1".formatted(n + 1, n), List.of());
        String name = "nvme" + n + "n1";
        return block(name, "/sys/devices/virtual/nvme-subsystem/nvme-subsys" + n + "/" + name, List.of(one, two));
    }

    /** One disk behind two adapters, put together by the device mapper. */
    private Layer multipath() {
        Layer one = sas(true);
        Layer two = sas(true);
        return mapped("mpath" + (char) ('a' + dm % 26), List.of(one, two));
    }

    Layer partition(Layer disk, int number) {
        if (disk.name().startsWith("dm-")) {
            return mapped(disk.device().substring("/dev/mapper/".length()) + "-part" + number, List.of(disk));
        }
        String name =
                disk.name() + (Character.isDigit(disk.name().charAt(disk.name().length() - 1)) ? "p" : "") + number;
        String parent = paths.stream()
                .map(l -> l.split("\t"))
                .filter(f -> f[2].equals(disk.name()))
                .findFirst()
                .orElseThrow()[3];
        return block(name, parent + "/" + name, disk.controllers());
    }

    private static List<Fn> below(List<Layer> layers) {
        return layers.stream().flatMap(l -> l.controllers().stream()).distinct().toList();
    }

    /** A device of the device mapper: a logical volume, an opened dm-crypt, a multipath. */
    Layer mapped(String name, List<Layer> on) {
        String node = "dm-" + dm++;
        on.forEach(l -> stack.add("SLAVE\t" + node + "\t" + l.name()));
        stack.add("DM\t" + node + "\t" + name);
        paths.add("PATH\tblock\t" + node + "\t/sys/devices/virtual/block/" + node + "\tsectors=2048\tmodel=");
        return new Layer(node, "/dev/mapper/" + name, below(on));
    }

    Layer array(int level, List<Layer> on) {
        String name = "md" + md++;
        on.forEach(l -> stack.add("SLAVE\t" + name + "\t" + l.name()));
        arrays.add("%s : active raid%d %s".formatted(name, level, members(on)));
        return block(name, "/sys/devices/virtual/block/" + name, below(on));
    }

    /** Assembled but not running: no block device stands on its members. */
    Layer idleArray(List<Layer> on) {
        String name = "md" + (127 - md++);
        arrays.add(name + " : inactive " + members(on));
        return new Layer(name, "/dev/" + name, below(on));
    }

    private static String members(List<Layer> on) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < on.size(); i++) {
            words.add(on.get(i).name() + "[" + i + "]");
        }
        return String.join(" ", words);
    }

    Layer cached(Layer slow, Layer fast) {
        String name = "bcache" + md++;
        stack.add("SLAVE\t" + name + "\t" + slow.name());
        stack.add("SLAVE\t" + name + "\t" + fast.name());
        return block(name, "/sys/devices/virtual/block/" + name, below(List.of(slow, fast)));
    }

    /** A pool; its lines name the members as {@code zpool list -vHPL} does, or by id, as it does for a lost link. */
    Layer pool(String name, List<Layer> on) {
        pools.add("L\tzpool\t" + name + " 7.27T 2.11T 5.16T - - 3% 29% 1.00x ONLINE -");
        if (on.size() > 1) {
            pools.add("L\tzpool\t " + (on.size() == 2 ? "mirror-0" : "raidz1-0")
                    + " 7.27T 2.11T 5.16T - - 3% 29.0% - ONLINE");
        }
        boolean byId = board.chance(4);
        for (Layer member : on) {
            String shown = byId
                    ? "/dev/disk/by-id/ata-MODEL_" + board.random.nextInt(99999) + "-part1"
                    : "/dev/" + member.name();
            pools.add("L\tzpool\t " + shown + " 7.28T - - - - - - - ONLINE");
        }
        return new Layer(name, name, below(on));
    }

    void mount(String point, Layer layer, String type) {
        mounts.add("MNT\t" + point + "\t" + layer.device() + "\t" + type);
        needed(layer, "mounted on " + point);
    }

    void needed(Layer layer, String why) {
        layer.controllers().forEach(c -> c.needed(layer.name() + " <- " + why));
    }
}
