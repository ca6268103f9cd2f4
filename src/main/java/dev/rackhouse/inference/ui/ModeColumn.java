package dev.rackhouse.inference.ui;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.Mode;
import dev.rackhouse.inference.fit.Fit;
import dev.rackhouse.inference.fit.GpuShare;
import dev.rackhouse.inference.ui.VramBar.Kind;
import dev.rackhouse.inference.ui.VramBar.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A mode as a column: its cards with who takes how much.
 *
 * @param heading {@code now: Fast pair}
 * @param lines one for each deployment: {@code vllm-7b serves qwen2.5-7b: fits}
 */
record ModeColumn(String heading, Mode mode, List<VramBar> bars, List<Line> lines) {

    /** @param fit null when the place or a card was not seen */
    record Line(
            Deployment deployment,
            @org.jspecify.annotations.Nullable Fit fit) {}

    /** @param fits as the mode alone would fill its cards; deployments whose cards were not seen are missing */
    static ModeColumn of(Mode mode, List<Deployment> members, Map<Deployment, Fit> fits) {
        Map<String, VramBar> bars = new LinkedHashMap<>();
        List<Line> lines = new ArrayList<>();
        for (Deployment member : members) {
            Fit fit = fits.get(member);
            lines.add(new Line(member, fit));
            if (fit != null) {
                for (GpuShare share : fit.shown().gpus()) {
                    VramBar bar = bars.computeIfAbsent(
                            share.gpu(),
                            gpu -> new VramBar(
                                    gpu, share.usable(), List.of(new Part(Kind.OTHERS, "others", share.others()))));
                    bars.put(share.gpu(), bar.and(member.servedName(), share));
                }
            }
        }
        List<VramBar> sorted = bars.values().stream()
                .sorted(java.util.Comparator.comparing(VramBar::label))
                .toList();
        return new ModeColumn((mode.desired() ? "now: " : "then: ") + mode.title(), mode, sorted, lines);
    }
}
