package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.DriverBinding.Candidate;
import dev.rackhouse.simulator.host.DriverBinding.Stage;
import dev.rackhouse.simulator.host.ProbeDump.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A boot, decided: from the board and what lies on its disks comes what the running machine shows, in the form of the dump
 * that the probe would take of it. Pure; nothing is read or written here.
 */
final class KernelBoot {
    /** Modules whose loading the probe tells, newest first as {@code /proc/modules} has them. */
    private static final List<String> TOLD = List.of(
            "vfio_pci",
            "vfio_pci_core",
            "vfio_iommu_type1",
            "vfio",
            "nvidia_uvm",
            "nvidia_drm",
            "nvidia_modeset",
            "nvidia",
            "nouveau",
            "amdgpu",
            "radeon",
            "i915",
            "xe",
            "kvm_amd",
            "kvm_intel",
            "kvm",
            "ast",
            "mgag200");

    private final ProbeDump board;
    private final BootDisk disk;
    private final boolean iommu;
    private final KernelWords words;
    private final Map<String, String> natives;

    /**
     * What came of it.
     *
     * @param dump the machine as it runs now, without guests
     * @param root whether the root file system was found; if not the machine stays where it is
     * @param network whether the machine is reached
     */
    record Outcome(ProbeDump dump, DriverBinding binding, boolean root, boolean network) {}

    /** @param firmwareIommu whether the firmware offers an IOMMU */
    KernelBoot(ProbeDump board, BootDisk disk, boolean firmwareIommu) {
        this.board = board;
        this.disk = disk;
        this.words = new KernelWords(disk.commandLine());
        this.natives = NativeDrivers.of(board);
        this.iommu = firmwareIommu && hasIommu(board) && wanted(board, words);
    }

    private static boolean hasIommu(ProbeDump board) {
        return !board.rows("IOMMU").isEmpty() || !board.board().isEmpty();
    }

    /** AMD: on unless switched off. Intel: on from Proxmox kernel 6.8 on, before that only when asked for. */
    private static boolean wanted(ProbeDump board, KernelWords words) {
        if (words.says("iommu", "off")) {
            return false;
        }
        if (!board.fact("cpu_vendor").orElse("").equals("GenuineIntel")) {
            return !words.says("amd_iommu", "off");
        }
        String state = words.last("intel_iommu").orElse("");
        List<String> values = List.of(state.split(","));
        return !values.contains("off") && (values.contains("on") || from68(BootDisk.kernel(board)));
    }

    private static boolean from68(String kernel) {
        String[] parts = kernel.split("[^0-9]+");
        int major = Integer.parseInt(parts[0]);
        return major > 6 || (major == 6 && Integer.parseInt(parts[1]) >= 8);
    }

    /** Whether the probe tells that a module is loaded. */
    static boolean told(String module) {
        return TOLD.contains(module);
    }

    /** The machine while its initramfs starts: no driver yet but those of the kernel itself. */
    ProbeDump early() {
        return dump(new DriverBinding(candidates(), words), Map.of());
    }

    private List<Candidate> candidates() {
        return NativeDrivers.candidates(board, groups());
    }

    /**
     * Goes on to the end.
     *
     * @param overrides what the scripts of the initramfs wrote to {@code driver_override}
     * @param loaded modules that they loaded
     */
    Outcome outcome(Map<String, String> overrides, List<String> loaded) {
        DriverBinding binding = new DriverBinding(candidates(), words);
        List<String> first = new ArrayList<>(loaded);
        first.addAll(disk.image().modules());
        binding.run(new Stage(
                disk.image().modprobe(),
                usable(first),
                overrides,
                module -> disk.image().has(module),
                false));
        boolean root = RootDisk.found(board, working(binding));
        binding.run(new Stage(disk.modprobe(), usable(disk.modules()), disk.overrides(), module -> true, true));
        Map<String, String> names = disk.network().renames(board);
        ProbeDump dump = dump(binding, names);
        return new Outcome(
                disk.network().shown(dump), binding, root, disk.network().up(dump, working(binding)));
    }

    /** Without an IOMMU there is nothing for vfio to do, and pretend machines leave it out. */
    private List<String> usable(List<String> modules) {
        return modules.stream().filter(module -> iommu || !Modules.vfio(module)).toList();
    }

    private Set<String> working(DriverBinding binding) {
        Set<String> working = new LinkedHashSet<>();
        binding.drivers().forEach((address, driver) -> {
            if (driver.equals(natives.get(address))) {
                working.add(address);
            }
        });
        return working;
    }

    private List<Row> groups() {
        if (!iommu) {
            return List.of();
        }
        List<Row> rows = board.rows("G");
        return rows.isEmpty()
                ? board.board().stream().filter(row -> row.tag().equals("G")).toList()
                : rows;
    }

    private ProbeDump dump(DriverBinding binding, Map<String, String> names) {
        Set<String> told = told(binding);
        List<Row> rows = new ArrayList<>();
        for (Row row : board.rows()) {
            Row kept = kept(row, binding, told, names);
            if (kept != null) {
                rows.add(kept);
            }
        }
        if (told.contains("vfio_iommu_type1")) {
            boolean unsafe = disk.modprobe()
                    .option("vfio_iommu_type1", "allow_unsafe_interrupts", "N")
                    .matches("[1Yy].*");
            rows.add(new Row("K", List.of("unsafe_interrupts", unsafe ? "Y" : "N")));
        }
        told.forEach(module -> rows.add(new Row("M", List.of(module))));
        for (String module : List.of("vfio", "vfio_pci", "vfio_iommu_type1")) {
            if (told.contains(module)) {
                rows.add(new Row("MOD", List.of(module, "-")));
            }
        }
        if (iommu) {
            List<Row> own = board.rows("IOMMU");
            rows.addAll(own.isEmpty() ? extra("IOMMU") : own);
            groups().forEach(group -> rows.add(typed(group)));
        }
        binding.drivers().forEach((address, driver) -> rows.add(new Row("DRV", List.of(address, driver))));
        new KernelLog(board, words, iommu)
                .lines(binding.ids(), told.contains(Modules.VFIO_PCI))
                .forEach(line -> rows.add(new Row("L", List.of("dmesg", line))));
        return new ProbeDump(rows);
    }

    private List<Row> extra(String tag) {
        return board.board().stream().filter(row -> row.tag().equals(tag)).toList();
    }

    /** Groups translate or let through, as the words say; where they say what they said in the dump, as it was there. */
    private Row typed(Row group) {
        boolean before = new KernelWords(board.fact("cmdline").orElse("")).passthrough();
        if (before == words.passthrough() && !board.rows("G").isEmpty()) {
            return group;
        }
        String type = words.passthrough() ? "identity" : words.says("iommu.strict", "1") ? "DMA" : "DMA-FQ";
        return new Row(
                "G",
                group.fields().stream()
                        .map(field -> field.startsWith("type=") ? "type=" + type : field)
                        .toList());
    }

    private @org.jspecify.annotations.Nullable Row kept(
            Row row, DriverBinding binding, Set<String> told, Map<String, String> names) {
        String first = row.field(0);
        return switch (row.tag()) {
            case "IOMMU", "G", "DRV", "M", "RUN" -> null;
            case "MOD" -> Modules.vfio(first) || (first.equals("nvidia") && !told.contains("nvidia")) ? null : row;
            case "K" -> fact(row);
            case "P" -> function(row, binding.overrides().get(first));
            case "NODE" -> pages(row);
            case "L" ->
                switch (first) {
                    case "dmesg", "pci_reservations" -> null;
                    case "ip_addr" -> guestDevice(row.field(1)) ? null : renamed(row, names);
                    default -> row;
                };
            case "PATH", "LOWER" -> guestDevice(row.field(1)) ? null : renamed(row, names);
            default -> row;
        };
    }

    private static boolean guestDevice(String name) {
        return name.matches("(tap|veth|fwbr|fwpr)\\d.*");
    }

    private static Row renamed(Row row, Map<String, String> names) {
        return names.isEmpty()
                ? row
                : new Row(
                        row.tag(),
                        row.fields().stream()
                                .map(field -> NetworkFiles.renamed(field, names))
                                .toList());
    }

    private @org.jspecify.annotations.Nullable Row fact(Row row) {
        int defaultKib = pageKib();
        return switch (row.field(0)) {
            case "cmdline" -> new Row("K", List.of("cmdline", disk.commandLine()));
            case "irq_remap" -> new Row("K", List.of("irq_remap", iommu ? remapped() : "0"));
            case "unsafe_interrupts", "interfaces_new" -> null;
            case "mem_Hugepagesize" -> new Row("K", List.of(row.field(0), "" + defaultKib));
            case "mem_HugePages_Total", "mem_HugePages_Free" ->
                new Row(
                        "K",
                        List.of(
                                row.field(0),
                                ""
                                        + reserved().getOrDefault(defaultKib, Map.of()).values().stream()
                                                .mapToInt(Integer::intValue)
                                                .sum()));
            default -> row;
        };
    }

    /** Interrupts are remapped where they are in the dump; a board that was dumped with its IOMMU off can do it. */
    private String remapped() {
        return board.rows("IOMMU").isEmpty() ? "1" : board.fact("irq_remap").orElse("1");
    }

    private int pageKib() {
        return words.defaultHugePageKib().filter(kib -> kib > 0).orElse(2048);
    }

    private static Row function(Row row, @org.jspecify.annotations.Nullable String override) {
        List<String> fields = new ArrayList<>();
        for (String field : row.fields()) {
            if (field.startsWith("sriov_numvfs=")) {
                fields.add("sriov_numvfs=0");
            } else if (!field.startsWith("driver_override=")) {
                fields.add(field);
            }
        }
        if (override != null) {
            fields.add("driver_override=" + override);
        }
        return new Row("P", fields);
    }

    /** Page size in KiB to pages by node: what the words ask for, as far as a node's memory goes. */
    private Map<Integer, Map<Integer, Integer>> reserved() {
        List<Integer> nodes = board.rows("NODE").stream()
                .map(row -> Integer.parseInt(row.field(0)))
                .toList();
        Map<Integer, Long> room = new LinkedHashMap<>();
        board.rows("NODE")
                .forEach(row -> room.put(
                        Integer.parseInt(row.field(0)),
                        Long.parseLong(row.value("total_kb").orElse("0")) * 9 / 10));
        Map<Integer, Map<Integer, Integer>> all = new LinkedHashMap<>();
        words.hugePages(2048).forEach((kib, wanted) -> {
            if (kib > 0 && !nodes.isEmpty()) {
                Map<Integer, Integer> counts = KernelWords.spread(wanted, nodes);
                counts.replaceAll((node, count) -> {
                    long left = Objects.requireNonNullElse(room.get(node), 0L);
                    int here = (int) Math.min(count, left / kib);
                    room.put(node, left - (long) here * kib);
                    return here;
                });
                all.put(kib, counts);
            }
        });
        return all;
    }

    private Row pages(Row node) {
        Map<Integer, Map<Integer, Integer>> reserved = reserved();
        int number = Integer.parseInt(node.field(0));
        return new Row(
                "NODE",
                node.fields().stream()
                        .map(field -> {
                            if (!field.startsWith("hp_")) {
                                return field;
                            }
                            int kib = Integer.parseInt(field.substring(3, field.indexOf("kB=")));
                            int count = reserved.getOrDefault(kib, Map.of()).getOrDefault(number, 0);
                            return "hp_" + kib + "kB=" + count + "/" + count;
                        })
                        .toList());
    }

    /** Loaded modules of those that the probe tells, newest first; what has nothing to do with devices is as in the dump. */
    private Set<String> told(DriverBinding binding) {
        Set<String> before = new LinkedHashSet<>();
        board.rows("M").forEach(row -> before.add(row.field(0)));
        Set<String> loaded = new LinkedHashSet<>(binding.loaded());
        before.stream().filter(module -> module.startsWith("kvm")).forEach(loaded::add);
        if (loaded.contains("nvidia")) {
            before.stream().filter(module -> module.startsWith("nvidia")).forEach(loaded::add);
        }
        Set<String> told = new LinkedHashSet<>();
        TOLD.stream()
                .filter(module -> loaded.contains(module) && !before.contains(module))
                .forEach(told::add);
        before.stream().filter(loaded::contains).forEach(told::add);
        return told;
    }
}
