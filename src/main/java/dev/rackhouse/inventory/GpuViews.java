package dev.rackhouse.inventory;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.inventory.GpuView.State;
import dev.rackhouse.inventory.IommuGroupView.Standing;
import dev.rackhouse.inventory.LabDirectory.Snapshot;
import dev.rackhouse.inventory.PciDeviceView.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** GPUs as cards, made from devices and groups. Pure. */
final class GpuViews {

    private GpuViews() {}

    static List<GpuView> of(List<IommuGroupView> groups, Snapshot labs) {
        Map<NodeRef, List<PciDeviceView>> byNode = new HashMap<>();
        groups.forEach(
                g -> byNode.computeIfAbsent(g.node(), n -> new ArrayList<>()).addAll(g.devices()));
        Map<NodeRef, Integer> count = new HashMap<>();
        var gpus = new ArrayList<GpuView>();
        groups.stream()
                .flatMap(g ->
                        g.devices().stream().filter(d -> d.kind() == Kind.GPU).map(d -> Map.entry(d, g)))
                .sorted((a, b) -> a.getKey().address().compareTo(b.getKey().address()))
                .forEach(e -> {
                    PciDeviceView device = e.getKey();
                    int index = count.merge(device.node(), 1, Integer::sum) - 1;
                    gpus.add(gpu(device, e.getValue(), index, byNode.getOrDefault(device.node(), List.of()), labs));
                });
        return gpus;
    }

    private static GpuView gpu(
            PciDeviceView device, IommuGroupView group, int index, List<PciDeviceView> onNode, Snapshot labs) {
        List<PciDeviceView> companions = onNode.stream()
                .filter(d -> d.address().slot().equals(device.address().slot())
                        && !d.address().equals(device.address()))
                .sorted((a, b) -> a.address().compareTo(b.address()))
                .toList();
        State state = state(device);
        return new GpuView(
                device,
                labs.name(device.node().lab()),
                index,
                companions,
                group,
                GpuMemory.of(device.ids()),
                state,
                sentence(device, group, state),
                verdict(device, state, labs));
    }

    private static State state(PciDeviceView device) {
        if (device.dead()) {
            return State.WEDGED;
        }
        if (device.holder() != null) {
            return State.GUEST;
        }
        String driver = device.driver();
        if (driver == null) {
            return State.UNKNOWN;
        }
        return driver.isEmpty() || driver.equals("vfio-pci") ? State.FREE : State.HOST;
    }

    private static String sentence(PciDeviceView device, IommuGroupView group, State state) {
        return switch (state) {
            case WEDGED -> "It fell off the bus: only a reboot or power cycle of the node brings it back.";
            case GUEST -> {
                PciDeviceView.Owner holder = device.holder();
                yield "Guest " + (holder == null ? "" : holder.label()) + " has it.";
            }
            case HOST -> "The host uses it with the driver " + device.driver() + ".";
            case FREE ->
                group.standing() == Standing.BLOCKED
                        ? "Nobody has it, but it cannot be given away: " + group.reason() + "."
                        : "Nobody has it.";
            case UNKNOWN -> "Who has it is not known: the Proxmox API does not tell drivers, and no probe has run.";
        };
    }

    private static Verdict verdict(PciDeviceView device, State state, Snapshot labs) {
        Verdict lab = labs.verdict(device.node().lab());
        if (lab.level() == Verdict.Level.STALE || lab.level() == Verdict.Level.CRITICAL) {
            return new Verdict(Verdict.Level.STALE, lab.reasons());
        }
        if (state == State.WEDGED) {
            return Verdict.of(
                    Verdict.Level.CRITICAL, "gpu.dead", "The GPU at " + device.address() + " does not answer.");
        }
        if (device.linkDegraded()) {
            return Verdict.of(
                    Verdict.Level.ATTENTION,
                    "gpu.link",
                    "The GPU at " + device.address() + " runs with " + device.link() + " lanes.");
        }
        return state == State.FREE
                ? Verdict.off()
                : state == State.UNKNOWN
                        ? Verdict.of(Verdict.Level.UNKNOWN, "gpu.unknown", "Who has the GPU is not known.")
                        : Verdict.ok();
    }
}
