package dev.rackhouse.rehearsal;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.PlanReadiness;
import dev.rackhouse.renumbering.Diagnosis;
import dev.rackhouse.renumbering.RenumberPlace;
import dev.rackhouse.renumbering.RenumberPlan;
import dev.rackhouse.renumbering.RenumberRunbook;
import dev.rackhouse.renumbering.Renumberings;
import dev.rackhouse.runbook.Runbook;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** On each Proxmox host cards stand in other slots after a boot, and a file of ours still names the old one. */
final class RenumberRehearsal implements RehearsedRunbook<RenumberPlan> {

    private static final Duration LONGEST_BOOT = Duration.ofSeconds(60);

    /** What is moved, by node: old slot to new slot. Its own network stays where it is. */
    private static final Map<String, Map<String, String>> MOVES = Map.of(
            "pve", Map.of("0000:01:00", "0000:21:00"),
            "thor", Map.of("0000:41:00", "0000:4e:00"),
            "caraxes", Map.of("0000:0e:00", "0000:0f:00", "0000:0f:00", "0000:10:00", "0000:10:00", "0000:11:00"),
            "meraxes", Map.of("0000:0d:00", "0000:1d:00"));

    @Override
    public String name() {
        return RenumberRunbook.NAME;
    }

    @Override
    public Class<? extends Runbook<RenumberPlan>> runbook() {
        return RenumberRunbook.class;
    }

    @Override
    public List<Scene> scenes() {
        return Scene.allProxmox();
    }

    @Override
    public List<Planned<RenumberPlan>> plans(Workbench workbench, Control control, NodeRef node) {
        Renumberings renumberings = workbench.part(Renumberings.class);
        workbench.part(Inventory.class).probe(node);
        RenumberPlace place = renumberings.find(node).orElseThrow();
        Diagnosis first = renumberings.diagnose(place, Map.of(), Set.of());
        Diagnosis ticked = renumberings.diagnose(
                place,
                Map.of(),
                first.readiness().findings().stream().map(Finding::key).collect(Collectors.toSet()));
        return List.of(
                switch (ticked.readiness()) {
                    case PlanReadiness.Ready<RenumberPlan> ready ->
                        new Planned.Plan<>(first.change().sentence(), ready.plan());
                    case PlanReadiness.Blocked<RenumberPlan> blocked ->
                        new Planned.Refused<>(first.change().sentence(), String.join("; ", blocked.blockers()));
                });
    }

    @Override
    public void prepare(Workbench workbench, Control control, NodeRef node) {
        Renumberings renumberings = workbench.part(Renumberings.class);
        await(() -> renumberings.find(node).isPresent(), "the first layout of " + node.node() + " is kept");
        Map<String, String> moves = MOVES.getOrDefault(node.node(), Map.of());
        String machine = "/machines/" + node.node();
        String wishes = moves.entrySet().stream()
                .map(m -> "\"" + m.getKey() + "\": \"" + m.getValue() + "\"")
                .collect(Collectors.joining(", ", "{\"move\": {", "}, \"powerCutSeconds\": 0}"));
        int boots = control.get(machine).path("boots").asInt();
        control.post(machine, wishes);
        await(
                () -> control.get(machine).path("boots").asInt() > boots
                        && control.get(machine).path("state").asString("").equals("up"),
                node.node() + " is up again");
        control.post(machine, """
                {"writeFile": {"path": "/etc/udev/rules.d/rackhouse-vfio.rules", "content": "%s"}}
                """.formatted(moves.keySet().stream()
                .sorted()
                .map(slot -> "ACTION==\\\"add\\\", SUBSYSTEM==\\\"pci\\\", KERNEL==\\\"" + slot
                        + ".0\\\", ATTR{driver_override}=\\\"vfio-pci\\\"\\n")
                .collect(Collectors.joining())));
        settle(control);
    }

    /** Guests that start with their host have started, or could not. */
    private static void settle(Control control) {
        String[] seen = {""};
        int[] same = {0};
        await(
                () -> {
                    String now = control.get("/digest").path("digest").asString("");
                    same[0] = now.equals(seen[0]) ? same[0] + 1 : 0;
                    seen[0] = now;
                    return same[0] >= 12;
                },
                "the guests have started");
    }

    private static void await(BooleanSupplier is, String what) {
        long deadline = System.nanoTime() + LONGEST_BOOT.toNanos();
        while (!is.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Waited in vain until " + what);
            }
            LockSupport.parkNanos(50_000_000);
        }
    }
}
