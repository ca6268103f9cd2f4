package dev.rackhouse.dashboard;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inventory.GpuView;
import dev.rackhouse.inventory.NodeView;
import dev.rackhouse.inventory.PciDeviceView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One line of the rack: node, IOMMU group, GPU, guest, engines.
 *
 * @param gpu null: the node has none
 * @param engines what serves models on that card; without a card, on the machine itself
 */
record Chain(NodeView node, @Nullable GpuView gpu, List<DeploymentId> engines) {

    Chain {
        engines = List.copyOf(engines);
    }

    /** Nodes with GPUs first, one line a GPU; then the others, one line each. */
    static List<Chain> of(
            List<NodeView> nodes,
            List<GpuView> gpus,
            Function<PciDeviceView, List<DeploymentId>> onCard,
            Function<NodeRef, List<DeploymentId>> onMachine) {
        Map<Object, List<GpuView>> byNode =
                gpus.stream().collect(Collectors.groupingBy(g -> g.device().node()));
        var chains = new ArrayList<Chain>();
        nodes.stream()
                .sorted(Comparator.comparing((NodeView n) -> !byNode.containsKey(n.ref()))
                        .thenComparing(NodeView::labName)
                        .thenComparing(NodeView::name))
                .forEach(n -> {
                    List<GpuView> own = byNode.getOrDefault(n.ref(), List.of());
                    if (own.isEmpty()) {
                        chains.add(new Chain(n, null, onMachine.apply(n.ref())));
                    }
                    own.stream()
                            .sorted(Comparator.comparing(GpuView::index))
                            .forEach(g -> chains.add(new Chain(n, g, onCard.apply(g.device()))));
                });
        return chains;
    }

    /** Who has the GPU now. */
    PciDeviceView.@Nullable Owner holder() {
        return gpu == null ? null : gpu.device().holder();
    }

    /** All that the line shows, without ages and figures that move all the time. */
    String standing() {
        String own = node.ref() + " " + node.labName() + " " + node.verdict().level() + engines;
        if (gpu == null) {
            return own + " " + node.guestsRunning() + "/" + node.guests();
        }
        PciDeviceView d = gpu.device();
        return own + " " + d.address() + " " + d.name() + " " + gpu.group().number()
                + gpu.group().standing() + gpu.group().reason() + gpu.state() + d.holder() + d.wanted() + d.linkWidth();
    }
}
