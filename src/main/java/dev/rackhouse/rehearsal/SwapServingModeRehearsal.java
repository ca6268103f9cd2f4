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

/** thor from its fast pair to the large model over both cards, and back by the undo; or with engines that sleep, from either side. */
final class SwapServingModeRehearsal implements RehearsedRunbook<SwapPlan> {

    private static final int VMID = 110;
    private static final String DECLARED =
            "kind: rackhouse, place: { lab: thor, guest: 110 }, port: 4001, clients: 4000";
    private static final String LARGE = "tensor-parallel-32b";

    /** Who sleeps when. */
    enum Sleep {
        NOBODY("the pair gives way", LARGE),
        PAIR_GOES("the pair goes to sleep", LARGE),
        PAIR_COMES("the pair is woken, and the large one goes to sleep", "fast-pair");

        private final String what;
        private final String mode;

        Sleep(String what, String mode) {
            this.what = what;
            this.mode = mode;
        }
    }

    private final RouterKind router;
    private final Sleep sleep;

    private SwapServingModeRehearsal(RouterKind router, Sleep sleep) {
        this.router = router;
        this.sleep = sleep;
    }

    /** @param router what stands before the engines */
    static SwapServingModeRehearsal behind(RouterKind router) {
        return new SwapServingModeRehearsal(router, Sleep.NOBODY);
    }

    static SwapServingModeRehearsal with(Sleep sleep) {
        return new SwapServingModeRehearsal(RouterKind.RACKHOUSE, sleep);
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
        return ThorsGuest.served(folder, text -> {
            String routed = text.replace(DECLARED, declared());
            return sleep == Sleep.NOBODY ? routed : SleepyEngines.inFile(routed);
        });
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
        if (sleep != Sleep.NOBODY) {
            SleepyEngines engines = new SleepyEngines(workbench, place);
            engines.made();
            if (sleep == Sleep.PAIR_COMES) {
                engines.byHand(workbench.part(Swaps.class).preview(toTheLargeOne(workbench, place)));
            }
        }
    }

    private static SwapPlan toTheLargeOne(Workbench workbench, PlaceRef place) {
        Swaps swaps = workbench.part(Swaps.class);
        return workbench.await(
                "the pair can give way",
                Duration.ofSeconds(90),
                () -> swaps.look(place) instanceof Swaps.Seen.Site(var site)
                                && swaps.assess(SwapDraft.to(place, LARGE), site) instanceof SwapReadiness.Ready ready
                        ? Optional.of(ready.plan())
                        : Optional.empty());
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
                    ? Optional.of(swaps.assess(SwapDraft.to(place, sleep.mode), site))
                    : Optional.empty();
        });
        return List.of(
                switch (readiness) {
                    case SwapReadiness.Ready ready -> new Planned.Plan<>(sleep.what, ready.plan());
                    case SwapReadiness.Blocked blocked ->
                        new Planned.Refused<>(
                                sleep.what,
                                blocked.findings().stream()
                                        .map(SwapReadiness.Finding::fact)
                                        .collect(Collectors.joining(" ")));
                });
    }

    @Override
    public boolean comparesEngines() {
        return true;
    }

    /** Each phase fails once by itself; after each, the pair answers again. */
    @Override
    public List<Rehearsal.Mishap> mishaps(Control control, NodeRef node, SwapPlan plan) {
        Faults faults = new Faults(control, node);
        return switch (sleep) {
            case NOBODY -> ofAStart(faults, plan.start().getFirst().gpus().getLast());
            case PAIR_GOES ->
                List.of(
                        faults.at("sleep-vllm-7b", "asleep by its word, and holds its card", "says that it sleeps")
                                .of("vllm-7b", "sleep-holds"),
                        faults.at("start-vllm-32b", "nobody wakes on the way back", "the container")
                                .of("vllm-7b", "no-wake", "vllm-14b", "no-wake", "vllm-32b", "oom"));
            case PAIR_COMES ->
                List.of(
                        faults.at("wake-vllm-7b", "it does not wake", "it says that it sleeps")
                                .of("vllm-7b", "no-wake"),
                        faults.at("wake-vllm-14b", "neither it nor the old one wakes", "it says that it sleeps")
                                .of("vllm-14b", "no-wake", "vllm-32b", "no-wake"),
                        faults.at("wake-vllm-7b", "the woken one makes no tokens", "it answered")
                                .of("vllm-7b", "dead-but-200"),
                        faults.at("sleep-vllm-32b", "asleep by its word, and holds its cards", "says that it sleeps")
                                .of("vllm-32b", "sleep-holds"));
        };
    }

    private List<Rehearsal.Mishap> ofAStart(Faults faults, String second) {
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

        /** What strikes engines before a step. */
        record At(Faults faults, String step, String what, String says) {

            /** @param wishes container and fault, in turn */
            Rehearsal.Mishap of(String... wishes) {
                return new Rehearsal.Mishap(what, step, () -> wish(wishes, false), () -> wish(wishes, true), says);
            }

            private void wish(String[] wishes, boolean ended) {
                for (int i = 0; i < wishes.length; i += 2) {
                    faults.post(
                            "/engines/fault",
                            Map.of("container", wishes[i], "fault", ended ? "none" : wishes[i + 1], "times", 1));
                }
            }
        }

        At at(String step, String what, String says) {
            return new At(this, step, what, says);
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
