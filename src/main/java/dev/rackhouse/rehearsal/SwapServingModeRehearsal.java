package dev.rackhouse.rehearsal;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.route.RouterKind;
import dev.rackhouse.inference.swap.SwapDraft;
import dev.rackhouse.inference.swap.SwapPlan;
import dev.rackhouse.inference.swap.SwapReadiness;
import dev.rackhouse.inference.swap.SwapServingMode;
import dev.rackhouse.inference.swap.Swaps;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.runbook.Rehearsal;
import dev.rackhouse.runbook.Runbook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** thor from its fast pair to the large model over both cards, and back by the undo. */
final class SwapServingModeRehearsal implements RehearsedRunbook<SwapPlan> {

    private static final int VMID = 110;
    private static final String DECLARED =
            "kind: rackhouse, place: { lab: thor, guest: 110 }, port: 4001, clients: 4000";

    private final RouterKind router;

    /** @param router what stands before the engines */
    SwapServingModeRehearsal(RouterKind router) {
        this.router = router;
    }

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
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("router-key"), "sk-pretend-master-key\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ThorsGuest.served(folder, DECLARED, declared());
    }

    private String declared() {
        String place = "kind: " + router.word() + ", place: { lab: thor, guest: 110 }, ";
        return switch (router) {
            case RACKHOUSE -> DECLARED;
            case LLAMA_SWAP -> place + "port: 8080";
            case LITELLM -> place + "port: 4000, key: { file: router-key }";
            case TRAEFIK_FILE -> place + "port: 8080, clients: 80, file: /etc/traefik/dynamic/llm.yaml";
        };
    }

    /** Somebody has let the console into the guest, and it answers: one that was reset a moment ago may still refuse the key. */
    @Override
    public void prepare(Workbench workbench, Control control, NodeRef node) {
        ThorsGuest.opened(workbench, control, node);
        PlaceRef place = new PlaceRef.InGuest(new GuestRef(node.lab(), new VmId(VMID)));
        workbench.await("the guest lets the console in", Duration.ofSeconds(90), () -> {
            Inventory inventory = workbench.part(Inventory.class);
            inventory.opened(new GuestRef(node.lab(), new VmId(VMID)));
            return workbench.part(Swaps.class).look(place) instanceof Swaps.Seen.Site(var site)
                            && site.facts().troubles().isEmpty()
                    ? Optional.of(site)
                    : Optional.empty();
        });
        if (router != RouterKind.RACKHOUSE) {
            control.post(
                    "/router/kind",
                    JsonMapper.shared()
                            .writeValueAsString(Map.of("node", node.node(), "vmid", VMID, "kind", router.word())));
        }
    }

    @Override
    public List<Planned<SwapPlan>> plans(Workbench workbench, Control control, NodeRef node) {
        PlaceRef place = new PlaceRef.InGuest(new GuestRef(node.lab(), new VmId(VMID)));
        Swaps swaps = workbench.part(Swaps.class);
        SwapReadiness readiness = workbench.await("the pair of thor is up", Duration.ofSeconds(90), () -> {
            Inventory inventory = workbench.part(Inventory.class);
            inventory.refresh(node.lab());
            inventory.opened(new GuestRef(node.lab(), new VmId(VMID)));
            return swaps.look(place) instanceof Swaps.Seen.Site(var site)
                            && site.facts().troubles().isEmpty()
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

    /** Each phase fails once by itself; after each, the pair answers again. */
    @Override
    public List<Rehearsal.Mishap> mishaps(Control control, NodeRef node, SwapPlan plan) {
        Faults faults = new Faults(control, node);
        String drain = switch (router) {
            case RACKHOUSE, LITELLM -> "drain-qwen2.5-14b";
            case LLAMA_SWAP -> "drain-profile";
            case TRAEFIK_FILE -> "drain-file";
        };
        String route = switch (router) {
            case RACKHOUSE, LITELLM -> "route-qwen2.5-32b";
            case LLAMA_SWAP -> "route-profile";
            case TRAEFIK_FILE -> "route-file";
        };
        String second = plan.start().getFirst().gpus().getLast();
        return List.of(
                faults.engine("out of memory", "oom", "", "ran out of memory"),
                faults.engine("no room for the cache", "no-kv", "", "Weights and overhead left nothing"),
                faults.engine("exits at the weights", "exit-at-weights", "", "the container"),
                faults.engine("the GPUs do not reach each other", "nccl-hang", "", "Not so within"),
                faults.engine("dead but 200", "dead-but-200", "vllm-32b-answers-with-tokens", "it answered"),
                faults.gpu("a card falls off the bus before the start", second, "start-vllm-32b"),
                faults.router("the router refuses before it is told", drain),
                faults.router("the router refuses at the switch", route));
    }

    /** Wishes at the lab's control page. */
    private record Faults(Control control, NodeRef node) {

        private void post(String path, Map<String, Object> more) {
            Map<String, Object> body = new TreeMap<>(more);
            body.put("node", node.node());
            body.put("vmid", VMID);
            control.post(path, JsonMapper.shared().writeValueAsString(body));
        }

        Rehearsal.Mishap engine(String what, String fault, String step, String says) {
            return new Rehearsal.Mishap(
                    what,
                    step,
                    () -> post("/engines/fault", Map.of("container", "vllm-32b", "fault", fault, "times", 1)),
                    () -> post("/engines/fault", Map.of("container", "vllm-32b", "fault", "none", "times", 1)),
                    says);
        }

        Rehearsal.Mishap gpu(String what, String uuid, String step) {
            return new Rehearsal.Mishap(
                    what,
                    step,
                    () -> post("/engines/gpu", Map.of("uuid", uuid, "state", "lost")),
                    () -> post("/engines/gpu", Map.of("uuid", uuid, "state", "ok")),
                    "waited for in vain");
        }

        Rehearsal.Mishap router(String what, String step) {
            return new Rehearsal.Mishap(
                    what,
                    step,
                    () -> post("/router/fault", Map.of("fault", "refuse")),
                    () -> post("/router/fault", Map.of("fault", "none")),
                    "500");
        }
    }
}
