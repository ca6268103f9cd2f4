package dev.rackhouse.simulator.host;

import java.util.ArrayList;
import java.util.List;

/** The kernel log right after a boot, as far as the probe looks at it. */
final class KernelLog {
    private final ProbeDump board;
    private final KernelWords words;
    private final boolean iommu;

    KernelLog(ProbeDump board, KernelWords words, boolean iommu) {
        this.board = board;
        this.words = words;
        this.iommu = iommu;
    }

    /** @param ids with which vfio-pci was loaded */
    List<String> lines(List<String> ids, boolean vfioLoaded) {
        List<String> lines = new ArrayList<>();
        boolean dumpedOn = !board.rows("IOMMU").isEmpty();
        List<String> dumped = board.lines().getOrDefault("dmesg", List.of());
        List<String> extra = board.board().stream()
                .filter(row -> row.tag().equals("L"))
                .map(row -> row.field(1))
                .toList();
        for (String line : iommu && !dumpedOn ? extra : dumped) {
            boolean ofIommu = line.contains("DMAR-IR:")
                    || line.contains("IOMMU enabled")
                    || line.contains("AMD-Vi:")
                    || line.contains("perf/amd_iommu")
                    || line.contains("TLB invalidation")
                    || line.contains("Virtualization Technology for Directed");
            if (line.contains("Default domain type:")) {
                lines.add(domain(line));
            } else if (!line.contains("vfio") && (iommu || !dumpedOn || !ofIommu)) {
                lines.add(line);
            }
        }
        if (vfioLoaded) {
            List<String> before = dumped.stream()
                    .filter(line -> line.contains("vfio_pci: add ["))
                    .toList();
            for (int i = 0; i < ids.size(); i++) {
                String id = ids.get(i);
                String known = before.stream()
                        .filter(line -> line.contains("[" + id + "["))
                        .findFirst()
                        .orElse("[    4.1182%02d] vfio_pci: add [%s[ffffffff:ffffffff]] class 0x000000/00000000"
                                .formatted(i % 100, id));
                lines.add(known);
            }
        }
        return lines;
    }

    private String domain(String line) {
        boolean before = new KernelWords(board.fact("cmdline").orElse("")).passthrough();
        if (!board.rows("IOMMU").isEmpty() && before == words.passthrough()) {
            return line;
        }
        return line.substring(0, line.indexOf("Default domain type:"))
                + (words.passthrough()
                        ? "Default domain type: Passthrough (set via kernel command line)"
                        : "Default domain type: Translated");
    }
}
