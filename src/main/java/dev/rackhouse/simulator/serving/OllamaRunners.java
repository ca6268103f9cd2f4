package dev.rackhouse.simulator.serving;

import dev.rackhouse.simulator.serving.GpuRack.Card;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * The models that an Ollama has in memory. Each is loaded by the first request for it, takes what it needs of one card or else of all,
 * lies on the CPU with what finds no room there, and goes when nobody has asked for it for its time. Safe for many threads; one loads
 * at a time.
 */
final class OllamaRunners {
    /** As many as the real one keeps for one card unless it is told otherwise; their processes are numbered after the server's. */
    static final int MOST = 3;

    private static final double MIB = 1 << 20;
    /** What a runner takes on a card besides weights and cache. */
    private static final double GRAPH_MIB = 700;

    private static final String PROGRAM = "/usr/bin/ollama";

    /** A model in memory. */
    static final class Loaded {
        final String name;
        final ModelFacts facts;
        final int pid;
        final long size;
        final long onGpu;
        final Batch batch;
        volatile double keepSeconds;
        volatile long usedAt = System.nanoTime();

        private final List<Card> cards;

        private Loaded(String name, ModelFacts facts, int pid, long size, long onGpu, Batch batch, List<Card> cards) {
            this.name = name;
            this.facts = facts;
            this.pid = pid;
            this.size = size;
            this.onGpu = onGpu;
            this.batch = batch;
            this.cards = cards;
        }

        private boolean idle() {
            return batch.running() + batch.waiting() == 0;
        }
    }

    private final Launch launch;
    private final String fault;
    private final int context;
    private final int parallel;
    private final Map<String, Loaded> loaded = new ConcurrentHashMap<>();
    private final ReentrantLock loading = new ReentrantLock();

    /**
     * @param fault that this start meets
     * @param context tokens of one request
     * @param parallel requests at once
     */
    OllamaRunners(Launch launch, String fault, int context, int parallel) {
        this.launch = launch;
        this.fault = fault;
        this.context = context;
        this.parallel = parallel;
    }

    int context() {
        return context;
    }

    List<Loaded> all() {
        return List.copyOf(loaded.values());
    }

    /**
     * The model, loaded now if it is not.
     *
     * @param keepSeconds how long it stays after its last request; negative: for ever
     * @throws Refusal with what a client is told
     */
    Loaded get(String name, ModelFacts facts, double keepSeconds) throws Refusal, InterruptedException {
        loading.lockInterruptibly();
        try {
            Loaded there = loaded.get(name);
            if (there == null) {
                there = load(name, facts);
            }
            there.keepSeconds = keepSeconds;
            there.usedAt = System.nanoTime();
            return there;
        } finally {
            loading.unlock();
        }
    }

    private Loaded load(String name, ModelFacts facts) throws Refusal, InterruptedException {
        boolean embeds = facts.architecture().equals("nomic-bert");
        double kv = embeds ? 0 : (double) context * parallel * facts.kvBytesPerToken(1, 2);
        long size = (long) (facts.weightBytes() + kv + GRAPH_MIB * MIB);
        int pid = room(size);
        List<Card> cards = cards(size);
        double share = cards.isEmpty() ? 0 : size / MIB / cards.size();
        int[] taken = cards.stream()
                .mapToInt(card -> (int) Math.min(share, launch.computer().gpus().freeMiB(card.uuid())))
                .toArray();
        long onGpu = share * cards.size() - IntStream.of(taken).sum() < cards.size()
                ? cards.isEmpty() ? 0 : size
                : (long) (IntStream.of(taken).sum() * MIB);
        int layers = (int) Math.floor((facts.layers() + 1) * (double) onGpu / size);
        log("source=server.go:392 msg=\"starting runner\" cmd=\"" + PROGRAM + " runner --ollama-engine --port "
                + (41000 + pid % 1000) + "\"");
        log("source=device.go:245 msg=\"total memory\" size=\"%.1f GiB\"".formatted(size / MIB / 1024));
        log("source=ggml.go:494 msg=\"offloaded %d/%d layers to GPU\"".formatted(layers, facts.layers() + 1));
        Batch[] made = new Batch[1];
        made[0] = new Batch(
                launch.computer().tempo(),
                facts.tokensPerSecond() * (onGpu == size ? 1 : 0.2),
                parallel,
                () -> cards.forEach(card -> launch.computer()
                        .gpus()
                        .busy(card.uuid(), pid, made[0].running() > 0 ? 0.9 / cards.size() : 0)));
        Loaded coming = new Loaded(name, facts, pid, size, onGpu, made[0], cards);
        // the real one shows a model from the moment when it has decided where it goes
        loaded.put(name, coming);
        boolean whole = false;
        try {
            double seconds = Math.max(2, facts.weightBytes() / 0.8e9) * (fault.equals("slow-load") ? 6 : 1);
            for (int part = 1; part <= 4; part++) {
                launch.starting().sleep(seconds / 4);
                if (part == 2 && fault.equals("exit-at-weights")) {
                    throw terminated("signal: killed");
                }
                for (int i = 0; i < cards.size(); i++) {
                    boolean took =
                            launch.computer().gpus().take(cards.get(i).uuid(), pid, PROGRAM, taken[i] * part / 4);
                    if (!took || part == 2 && fault.equals("oom")) {
                        throw terminated("cudaMalloc failed: out of memory");
                    }
                }
            }
            log("source=sched.go:517 msg=\"loaded runners\" count=" + loaded.size());
            log("source=server.go:1332 msg=\"llama runner started in %.2f seconds\"".formatted(seconds));
            whole = true;
            return coming;
        } finally {
            if (!whole) {
                drop(coming);
            }
        }
    }

    private Refusal terminated(String why) {
        launch.log()
                .err(Stamp.now() + " level=ERROR source=server.go:1358 msg=\"llama runner terminated\" error=\"" + why
                        + "\"");
        return new Refusal(500, "llama runner process has terminated: " + why);
    }

    /** Makes room by letting go of idle models. @return the process number of the new one */
    private int room(long size) throws Refusal {
        for (Loaded one : all()) {
            if ((loaded.size() >= MOST || !fits(size)) && one.idle()) {
                drop(one);
            }
        }
        return IntStream.rangeClosed(1, MOST)
                .map(i -> launch.pid() + i)
                .filter(pid -> all().stream().noneMatch(one -> one.pid == pid))
                .findFirst()
                .orElseThrow(
                        () -> new Refusal(503, "server busy, please try again.  maximum pending requests exceeded"));
    }

    private boolean fits(long size) {
        List<Card> cards = cards(size);
        return cards.stream()
                .allMatch(card -> launch.computer().gpus().freeMiB(card.uuid()) >= size / MIB / cards.size());
    }

    /** One card where it has room, else all. */
    private List<Card> cards(long size) {
        List<Card> seen = new ArrayList<>();
        launch.gpus().forEach(uuid -> launch.computer().gpus().find(uuid).ifPresent(seen::add));
        seen.removeIf(card -> launch.computer().gpus().lost(card.uuid()));
        Optional<Card> roomy = seen.stream()
                .filter(card -> launch.computer().gpus().freeMiB(card.uuid()) >= size / MIB)
                .findFirst();
        return roomy.map(List::of).orElse(seen);
    }

    void unload(String name) {
        Loaded there = loaded.get(name);
        if (there != null) {
            drop(there);
        }
    }

    private void drop(Loaded gone) {
        loaded.remove(gone.name);
        launch.computer().gpus().release(gone.pid);
    }

    /** Lets go of what nobody has asked for in its time, and of what lost its card. */
    void look() {
        for (Loaded one : all()) {
            boolean lost =
                    one.cards.stream().anyMatch(card -> launch.computer().gpus().lost(card.uuid()));
            if (lost) {
                launch.log().err("CUDA error: unspecified launch failure");
                log("source=server.go:1358 msg=\"llama runner terminated\" error=\"exit status 2\"");
            }
            boolean expired = one.keepSeconds >= 0
                    && one.idle()
                    && launch.computer().tempo().since(one.usedAt) > one.keepSeconds
                    && !loading.isLocked();
            if (lost || expired) {
                drop(one);
            }
        }
    }

    private void log(String text) {
        launch.log().err(Stamp.now() + " level=INFO " + text);
    }
}
