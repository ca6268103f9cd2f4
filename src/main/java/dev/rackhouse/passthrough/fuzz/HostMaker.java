package dev.rackhouse.passthrough.fuzz;

import dev.rackhouse.passthrough.fuzz.Disks.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * Makes one host from a seed: first what it needs (a system disk, data, a way in), then what it could spare, each put on cards that are
 * plugged in for it. The same seed makes the same host.
 */
public final class HostMaker {

    private static final List<String> NVIDIA = List.of("10de:2204", "10de:1e81", "10de:2684", "10de:2503");

    private final Board board;
    private final Disks disks;
    private final Wires wires;
    private final List<String> guests = new ArrayList<>();
    private final List<String> guestRecords = new ArrayList<>();
    private final List<String> reservations = new ArrayList<>();
    private final List<String> runs = new ArrayList<>();
    private final List<String> mappings = new ArrayList<>();
    private int nextGuest = 100;

    private HostMaker(long seed) {
        // neighbouring seeds of Random begin alike
        this.board = new Board(new Random(mixed(seed)));
        this.disks = new Disks(board);
        this.wires = new Wires(board, disks);
    }

    private static long mixed(long seed) {
        long z = (seed + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    public static PretendHost make(long seed) {
        HostMaker maker = new HostMaker(seed);
        String name = "pretend" + Long.toUnsignedString(seed % 1000);
        maker.system();
        maker.data();
        maker.wires.management();
        maker.guestNetworks();
        maker.spare();
        maker.display();
        maker.board.makeGroups();
        maker.heldByGuests(name);
        maker.wires.finish();
        return maker.finished(seed, name);
    }

    private Layer part(Layer disk) {
        return disks.partition(disk, 3);
    }

    /** The system, on one of the layouts that installers and people make. */
    private void system() {
        Layer first = board.chance(10) ? special() : disks.disk();
        switch (board.random.nextInt(9)) {
            case 0, 1 -> disks.mount("/", part(first), "ext4");
            case 2, 3 -> {
                Layer volume = part(first);
                disks.mount("/", disks.mapped("pve-root", List.of(volume)), "ext4");
                Layer swap = disks.mapped("pve-swap", List.of(volume));
                disks.mounts.add("SWAP\t/dev/" + swap.name());
                Layer data = disks.mapped("pve-data_tdata", List.of(volume));
                disks.mapped("pve-data-tpool", List.of(data));
            }
            case 4 -> {
                Layer opened = disks.mapped("cryptroot", List.of(part(first)));
                disks.mount("/", disks.mapped("pve-root", List.of(opened)), "ext4");
            }
            case 5 -> {
                Layer array = disks.array(1, List.of(part(first), part(disks.disk())));
                disks.mount("/", disks.partition(array, 1), "ext4");
            }
            case 6 -> {
                Layer array = disks.array(1, List.of(part(first), part(disks.disk())));
                disks.mount("/", disks.mapped("pve-root", List.of(array)), "xfs");
            }
            default -> {
                Layer pool = disks.pool("rpool", List.of(part(first), part(disks.disk())));
                disks.mount("/", new Layer("rpool", "rpool/ROOT/pve-1", pool.controllers()), "zfs");
                if (board.chance(30)) {
                    disks.mounts.add("SWAP\t/dev/zd0");
                }
            }
        }
        if (board.chance(60)) {
            disks.mount("/boot/efi", disks.partition(first, 2), "vfat");
        }
        disks.mounts.add("MNT\t/etc/pve\t/dev/fuse\tfuse");
        if (board.chance(15)) {
            disks.mounts.add("SWAP\t/dev/zram0");
        }
    }

    /** Places of a system disk where something else must stay too. */
    private Layer special() {
        if (board.chance(50)) {
            Fn tunnel = board.onRootBus("0d.2", "8086:9a1b", "0c0340", "thunderbolt");
            Fn drive = board.card(board.tunnelPort(), "144d:a80a 010802 nvme").getFirst();
            return disks.nvme(drive, tunnel);
        }
        Fn vmd = board.onRootBus("0e.0", "8086:467f", "010400", "vmd");
        return disks.nvme(board.behindVmd(vmd, 0), vmd);
    }

    /** Pools, arrays, volume groups and mounts beside the system. */
    private void data() {
        int stacks = board.random.nextInt(4);
        for (int i = 0; i < stacks; i++) {
            switch (board.random.nextInt(8)) {
                case 0, 1 -> pool("tank" + i);
                case 2 -> disks.mount("/mnt/data" + i, part(disks.disk()), "xfs");
                case 3 -> {
                    Layer array = disks.array(5, List.of(disks.disk(), disks.disk(), disks.disk()));
                    disks.mount("/srv/" + i, array, "ext4");
                }
                case 4 -> {
                    Layer group = disks.mapped("vmdata" + i + "-vm--100--disk--0", List.of(part(disks.disk())));
                    disks.needed(group, "volume group of guests");
                }
                case 5 -> {
                    Layer cached = disks.cached(disks.disk(), part(disks.disk()));
                    disks.mount("/mnt/cached" + i, cached, "ext4");
                }
                case 6 ->
                    disks.needed(disks.idleArray(List.of(part(disks.disk()), part(disks.disk()))), "array that waits");
                default -> disks.mount("/mnt/loose" + i, disks.mapped("luks-" + i, List.of(disks.disk())), "ext4");
            }
        }
        if (board.chance(3)) {
            disks.mount("/mnt/btr", part(disks.disk()), "btrfs");
        }
    }

    private void pool(String name) {
        List<Layer> members = new ArrayList<>();
        Layer first = disks.sas(board.chance(40));
        members.add(disks.partition(first, 1));
        int more = 1 + board.random.nextInt(5);
        for (int i = 0; i < more; i++) {
            Fn adapter = first.controllers().getFirst();
            members.add(disks.partition(board.chance(80) ? disks.sasBehind(adapter) : disks.disk(), 1));
        }
        Layer pool = disks.pool(name, members);
        disks.needed(pool, "pool " + name);
        if (board.chance(70)) {
            disks.mount("/" + name, pool, "zfs");
        }
    }

    private int guest(boolean container) {
        int vmid = nextGuest++;
        if (!container) {
            runs.add("RUN\t" + vmid + "\t" + (3000 + vmid));
        }
        guests.add(Integer.toString(vmid));
        return vmid;
    }

    private void guestNetworks() {
        int count = board.random.nextInt(3);
        for (int i = 0; i < count; i++) {
            boolean container = board.chance(40);
            wires.guestNetwork(guest(container), container);
        }
        if (board.chance(30)) {
            wires.innerBridge();
        }
        if (board.chance(3)) {
            disks.mount("/mnt/san", disks.overNetwork(wires.port().carriers()), "ext4");
        }
    }

    /** What the host has and does not need. */
    private void spare() {
        if (board.chance(40)) {
            board.card(board.place(), "144d:a80a 010802 nvme");
        }
        if (board.chance(25)) {
            disks.sas(true);
        }
        if (board.chance(30)) {
            wires.bridge();
        }
        if (board.chance(40)) {
            wires.port();
        }
        if (board.chance(60)) {
            Fn usb = board.amd
                    ? board.card(
                                    board.place(),
                                    "1022:1485 130000 -",
                                    "1022:1486 108000 ccp",
                                    "1022:149c 0c0330 xhci_hcd")
                            .getLast()
                    : board.onRootBus("14.0", "8086:a36d", "0c0330", "xhci_hcd");
            if (!board.amd) {
                board.onRootBus("14.2", "8086:a36f", "050000", null);
            }
            if (board.chance(60)) {
                disks.plug(usb, "046d:c31c", "USB Keyboard");
            }
        }
        if (board.chance(20)) {
            board.card(board.place(), "8086:2723 028000 iwlwifi");
        }
    }

    /** Screens and accelerators. */
    private void display() {
        List<Fn> screens = new ArrayList<>();
        if (!board.amd && board.chance(50)) {
            screens.add(board.onRootBus("02.0", "8086:3e98", "030000", "i915"));
        }
        if (board.chance(25)) {
            Fn bridge = board.bridgeOnCard(board.place(), "1a03:1150");
            screens.add(board.card(bridge, "1a03:2000 030000 ast").getFirst());
        }
        int cards = board.random.nextInt(4) + (screens.isEmpty() ? 1 : 0);
        for (int i = 0; i < cards; i++) {
            Fn gpu = board.chance(80) ? nvidia() : amdGpu();
            if (screens.isEmpty()) {
                screens.add(gpu);
            }
        }
        for (Fn fn : board.functions) {
            if (fn.is("0300")) {
                fn.attributes.put("boot_vga", fn.equals(screens.getFirst()) ? "1" : "0");
                fn.attributes.put("rom", "1");
            }
        }
    }

    private Fn nvidia() {
        String driver = board.oneOf(List.of("-", "vfio-pci", "nouveau", "nvidia"));
        String ids = board.oneOf(NVIDIA);
        List<Fn> made = ids.equals("10de:1e81")
                ? board.card(
                        board.place(),
                        ids + " 030000 " + driver,
                        "10de:10f8 040300 snd_hda_intel",
                        "10de:1ad8 0c0330 xhci_hcd",
                        "10de:1ad9 0c8000 nvidia-gpu")
                : board.card(board.place(), ids + " 030000 " + driver, "10de:1aef 040300 snd_hda_intel");
        made.getFirst().attributes.put("reset_method", "flr");
        made.getFirst().attributes.put("bar0", "16777216");
        made.getFirst().attributes.put("bar1", "268435456");
        if (made.size() == 4 && board.chance(6)) {
            disks.mount("/mnt/stick", disks.usbDisk(made.get(2)), "vfat");
        }
        return made.getFirst();
    }

    private Fn amdGpu() {
        Fn up = board.bridgeOnCard(board.place(), "1002:1478");
        Fn down = board.bridgeOnCard(up, "1002:1479");
        List<Fn> made = board.card(down, "1002:73bf 030000 amdgpu", "1002:ab28 040300 snd_hda_intel");
        made.getFirst().attributes.put("reset_method", "bus");
        return made.getFirst();
    }

    /** Running guests that have devices, named by address, by slot, or by a mapping. Never what the host needs. */
    private void heldByGuests(String node) {
        List<Fn> candidates = board.functions.stream()
                .filter(f -> f.endpoint()
                        && f.group != null
                        && (f.is("0300") || f.is("0108") || f.is("0200") || f.is("0107")))
                .filter(f -> board.functions.stream()
                        .noneMatch(g ->
                                (Objects.equals(f.group, g.group) || f.slot().equals(g.slot()))
                                        && (!g.reasons.isEmpty() || g.board())))
                .toList();
        int count = candidates.isEmpty() ? 0 : board.random.nextInt(3);
        for (int i = 0; i < count; i++) {
            hold(node, board.oneOf(candidates));
        }
    }

    private void hold(String node, Fn fn) {
        boolean whole = !fn.virtual() && board.chance(70);
        List<Fn> taken = whole
                ? board.functions.stream()
                        .filter(f -> f.slot().equals(fn.slot()) && !f.bridge && !f.virtual())
                        .toList()
                : List.of(fn);
        if (taken.stream().anyMatch(f -> f.holder != null)
                || board.functions.stream()
                        .anyMatch(f -> whole && f.bridge && f.slot().equals(fn.slot()))) {
            return;
        }
        int vmid = guest(false);
        String path = whole ? fn.slot() : fn.address;
        boolean mapped = board.chance(50);
        if (mapped) {
            mappings.add("L\t/etc/pve/mapping/pci.cfg\tdevice" + vmid);
            mappings.add("L\t/etc/pve/mapping/pci.cfg\t map id=%s,iommugroup=%d,node=%s,path=%s"
                    .formatted(taken.getFirst().ids, taken.getFirst().group, node, path));
        }
        guestRecords.add("GUEST\t%s/qemu-server/%d.conf\thostpci0\t%s,pcie=1"
                .formatted(
                        node,
                        vmid,
                        mapped
                                ? "mapping=device" + vmid
                                : board.chance(50) ? path : path.substring(path.indexOf(':') + 1)));
        for (Fn each : taken) {
            each.driver = "vfio-pci";
            each.holder = Integer.toString(vmid);
            if (board.chance(80)) {
                reservations.add("L\tpci_reservations\t" + each.address + " " + vmid + " pid:" + (3000 + vmid));
            }
        }
    }

    private PretendHost finished(long seed, String name) {
        String probe = new Dump(board, disks, wires).print(name, guests, guestRecords, reservations, runs, mappings);
        return new PretendHost(
                seed,
                name,
                probe,
                board.functions.stream()
                        .map(f -> new PretendHost.Function(
                                f.address,
                                f.group,
                                f.driver,
                                f.bridge,
                                f.board(),
                                f.endpoint(),
                                f.virtual(),
                                f.is("03") && !f.managementScreen(),
                                f.reasons,
                                f.holder))
                        .toList());
    }
}
