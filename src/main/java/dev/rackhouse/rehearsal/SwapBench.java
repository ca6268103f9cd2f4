package dev.rackhouse.rehearsal;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inference.EngineCall;
import dev.rackhouse.inference.PlaceHosts;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.swap.SwapDraft;
import dev.rackhouse.inference.swap.SwapReadiness;
import dev.rackhouse.inference.swap.Swaps;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.runbook.Machines;
import dev.rackhouse.runbook.MetGuests;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.RunState;
import dev.rackhouse.runbook.RunSummary;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Start;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code bench swap [TIMES] [--sleep]}: the pretend thor is switched to its other mode again and again while clients never stop asking. Prints what
 * became of their requests, and how much longer a swap takes than what the engines need to stop and to start by themselves.
 * With {@code --sleep} the engines sleep instead of being stopped.
 */
final class SwapBench {

    private static final int VMID = 110;
    private static final int CLIENTS = 6;
    private static final int ROUNDS_ALONE = 3;
    private static final List<String> NAMES = List.of("qwen2.5-7b", "qwen2.5-14b", "qwen2.5-32b");
    private static final List<Served> PAIR =
            List.of(new Served("vllm-7b", 8000, "qwen2.5-7b"), new Served("vllm-14b", 8001, "qwen2.5-14b"));
    private static final List<Served> LARGE = List.of(new Served("vllm-32b", 8002, "qwen2.5-32b"));
    private static final Operator WHO = new Operator("bench", Role.OPERATOR);

    private record Served(String container, int port, String name) {}

    private final Workbench console;
    private final NodeRef node;
    private final PlaceRef place;
    private final MetGuests keys = new MetGuests();

    private SwapBench(Workbench console, NodeRef node) {
        this.console = console;
        this.node = node;
        this.place = new PlaceRef.InGuest(new GuestRef(node.lab(), new VmId(VMID)));
    }

    /** @return whether every swap was done and no request was lost */
    static boolean run(Path folder, int times, boolean sleep) throws InterruptedException {
        SwapServingModeRehearsal scene = SwapServingModeRehearsal.with(
                sleep ? SwapServingModeRehearsal.Sleep.PAIR_GOES : SwapServingModeRehearsal.Sleep.NOBODY);
        try (PretendLabs labs = PretendLabs.start(folder.resolve("labs"), "thor", "--speed", "20");
                Workbench console = Workbench.working(labs, folder.resolve("data"), scene.settings(folder))) {
            NodeRef node = console.awaitNode("thor");
            Control control = labs.control("thor");
            scene.prepare(console, control, node);
            SwapBench bench = new SwapBench(console, node);
            Duration alone = bench.alone();
            System.out.printf(
                    Locale.ROOT,
                    "the engines alone: both sets stopped and started by hand, median of %d   %6.1f s%n",
                    2 * ROUNDS_ALONE,
                    seconds(alone));
            URI door = URI.create(
                    control.get("/router/thor/" + VMID).path("clients").asString(""));
            List<Duration> swaps = new ArrayList<>();
            ChatClients.Tally tally;
            try (ChatClients clients = ChatClients.start(door, NAMES, CLIENTS)) {
                for (int i = 1; i <= times; i++) {
                    swaps.add(bench.swap(i % 2 == 1 ? "tensor-parallel-32b" : "fast-pair"));
                    if (i % 10 == 0 || i == times) {
                        System.out.printf(Locale.ROOT, "%4d swaps   %s%n", i, said(clients.tally()));
                    }
                }
                Thread.sleep(Duration.ofSeconds(2));
                clients.close();
                tally = clients.tally();
            }
            Duration median = median(swaps);
            System.out.printf(
                    Locale.ROOT,
                    "%d swaps done; median %.1f s, slowest %.1f s; the console adds %.1f s to what the engines need%n",
                    swaps.size(),
                    seconds(median),
                    seconds(swaps.stream().max(Duration::compareTo).orElse(Duration.ZERO)),
                    seconds(median.minus(alone)));
            if (sleep && swaps.size() > 1) { // at the first one the large model has never run yet
                Duration woken = median(swaps.subList(1, swaps.size()));
                System.out.printf(
                        Locale.ROOT, "with engines that sleep, from the second on: median %.1f s%n", seconds(woken));
            }
            System.out.println(CLIENTS + " clients without a pause: " + said(tally));
            return tally.losses() == 0;
        }
    }

    private static String said(ChatClients.Tally tally) {
        return tally.answered() + " requests answered whole, " + tally.refused()
                + " refused with 503 and Retry-After, " + tally.losses() + " lost"
                + (tally.lost().isEmpty() ? "" : " " + tally.lost());
    }

    /** One swap by a run, as a screen starts it; what it took. */
    private Duration swap(String mode) {
        Swaps swaps = console.part(Swaps.class);
        SwapReadiness.Ready ready = console.await("a swap to " + mode + " is possible", Duration.ofMinutes(3), () -> {
            if (swaps.look(place) instanceof Swaps.Seen.Site(var site)
                    && swaps.assess(SwapDraft.to(place, mode), site) instanceof SwapReadiness.Ready r) {
                return Optional.of(r);
            }
            return Optional.empty();
        });
        RunId run = switch (swaps.start(ready.plan(), WHO, "bench")) {
            case Start.Started(RunId id) -> id;
            case Start.Held held -> throw new IllegalStateException("Somebody else is at work: " + held);
        };
        RunSummary ended = console.await(
                "run " + run + " has ended",
                Duration.ofMinutes(10),
                () -> Optional.of(console.part(Runs.class).get(run).summary())
                        .filter(s -> s.state().finished() || s.state() == RunState.STOPPED));
        if (ended.state() != RunState.DONE) {
            throw new IllegalStateException("Run " + run + " is " + ended.state() + ": " + ended.message());
        }
        return Duration.between(ended.createdAt(), Objects.requireNonNull(ended.finishedAt()));
    }

    /** What the engines themselves need, there and back, each until they have answered a question. */
    private Duration alone() {
        List<Duration> times = new ArrayList<>();
        console.await(
                "the pair answers", Duration.ofMinutes(3), () -> answer(PAIR) ? Optional.of(true) : Optional.empty());
        for (int i = 0; i < ROUNDS_ALONE; i++) {
            times.add(exchange(PAIR, LARGE));
            times.add(exchange(LARGE, PAIR));
        }
        return median(times);
    }

    private Duration exchange(List<Served> old, List<Served> fresh) {
        long began = System.nanoTime();
        EngineCall call = call();
        for (Served served : old) {
            machines().call(call.stop(served.container()), keys);
        }
        for (Served served : fresh) {
            machines().call(call.start(served.container()), keys);
        }
        while (!answer(fresh)) {
            if (System.nanoTime() - began > Duration.ofMinutes(5).toNanos()) {
                throw new IllegalStateException(fresh + " did not come up by hand");
            }
            Workbench.pause();
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private boolean answer(List<Served> set) {
        String question =
                "{\"model\":\"%s\",\"max_tokens\":8,\"messages\":[{\"role\":\"user\",\"content\":\"ready?\"}]}";
        EngineCall call = call();
        try {
            for (Served served : set) {
                if (!machines()
                        .call(
                                call.ask(
                                        served.port(),
                                        "",
                                        "/v1/chat/completions",
                                        question.formatted(served.name()),
                                        Duration.ofSeconds(30)),
                                keys)
                        .succeeded()) {
                    return false;
                }
            }
            return true;
        } catch (RemoteFailure notYet) {
            return false;
        }
    }

    private EngineCall call() {
        return new EngineCall(console.await(
                "guest " + VMID + " on " + node.node() + " has an address", Duration.ofMinutes(1), () -> {
                    console.part(Inventory.class).opened(new GuestRef(node.lab(), new VmId(VMID)));
                    return console.part(PlaceHosts.class).host(place);
                }));
    }

    private Machines machines() {
        return console.part(Machines.class);
    }

    private static Duration median(List<Duration> times) {
        List<Duration> sorted = times.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
