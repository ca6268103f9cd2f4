package dev.rackhouse.rehearsal;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.swap.SwapDraft;
import dev.rackhouse.inference.swap.SwapPlan;
import dev.rackhouse.inference.swap.SwapReadiness;
import dev.rackhouse.inference.swap.SwapServingMode;
import dev.rackhouse.inference.swap.Swaps;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.lab.Labs;
import dev.rackhouse.runbook.Runbook;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** thor from its fast pair to the large model over both cards, and back by the undo. */
final class SwapServingModeRehearsal implements RehearsedRunbook<SwapPlan> {

    private static final int VMID = 110;

    @Override
    public String name() {
        return SwapServingMode.NAME;
    }

    @Override
    public Class<? extends Runbook<SwapPlan>> runbook() {
        return SwapServingMode.class;
    }

    @Override
    public List<Scene> scenes() {
        return List.of(new Scene("thor", "thor"));
    }

    /** The console knows what the pretend homelabs serve. */
    @Override
    public Map<String, Object> settings(Path folder) {
        Path file = folder.resolve("inference.yaml");
        try (InputStream in = Objects.requireNonNull(
                SwapServingModeRehearsal.class.getResourceAsStream("/labs/inference.yaml"), "inference.yaml")) {
            Files.createDirectories(folder);
            Files.write(file, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("rackhouse.inference.file", file.toString());
    }

    /** Somebody has let the console into the guest. */
    @Override
    public void prepare(Workbench workbench, Control control, NodeRef node) {
        String key = workbench.part(Labs.class).publicKey(node.lab());
        String keys = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
        control.post(
                "/guests",
                JsonMapper.shared()
                        .writeValueAsString(
                                Map.of("vmid", VMID, "node", node.node(), "config", Map.of("sshkeys", keys))));
    }

    @Override
    public List<Planned<SwapPlan>> plans(Workbench workbench, Control control, NodeRef node) {
        PlaceRef place = new PlaceRef.InGuest(new GuestRef(node.lab(), new VmId(VMID)));
        Swaps swaps = workbench.part(Swaps.class);
        SwapReadiness readiness = workbench.await("the pair of thor is up", Duration.ofSeconds(90), () -> {
            Inventory inventory = workbench.part(Inventory.class);
            inventory.refresh(node.lab());
            inventory.opened(new GuestRef(node.lab(), new VmId(VMID)));
            return swaps.look(place) instanceof Swaps.Seen.Site(var site) && site.facts().troubles().isEmpty()
                    ? Optional.of(swaps.assess(SwapDraft.to(place, "tensor-parallel-32b"), site))
                    : Optional.empty();
        });
        return List.of(
                switch (readiness) {
                    case SwapReadiness.Ready ready -> new Planned.Plan<>("the pair gives way", ready.plan());
                    case SwapReadiness.Blocked blocked ->
                        new Planned.Refused<>(
                                "the pair gives way",
                                blocked.findings().stream()
                                        .map(SwapReadiness.Finding::fact)
                                        .collect(Collectors.joining(" ")));
                });
    }
}
