package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
import dev.rackhouse.simulator.serving.GpuRack.Card;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * vLLM's sleep mode: level 1 puts the weights into main memory, level 2 throws them away, and both drop the cache; what the processes
 * need to live stays on the cards. Its addresses are there only with {@code --enable-sleep-mode} and {@code VLLM_SERVER_DEV_MODE=1}, and
 * they answer before the work is done; what is asked for is done in turn, and what is so already is not done again. After level 2 it would need its weights read again, so it answers no question then.
 */
final class VllmSleep implements AutoCloseable {
    private static final double GIB = 1L << 30;

    /** A context, and what kernels and graphs hold; beside it the buffers by which several GPUs talk. */
    private static final int ALONE_MIB = 690;

    private static final int TOGETHER_MIB = 1180;

    /** As its metrics call it. */
    enum State {
        AWAKE("awake"),
        WEIGHTS_OFFLOADED("weights_offloaded"),
        DISCARD_ALL("discard_all");

        private final String word;

        State(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    private final Launch launch;
    private final VllmStart start;
    private final VllmStart.Plan plan;
    private final boolean offered;
    private final Batch batch;
    private final Runnable killed;
    private final ExecutorService work =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
    private final Set<String> woken = new HashSet<>();
    private volatile State state = State.AWAKE;
    private volatile boolean falling;
    private volatile boolean keeping;
    private volatile boolean emptied;
    private volatile boolean broken;

    /** @param killed called when the kernel ends the process for want of main memory */
    VllmSleep(Launch launch, VllmFlags flags, VllmStart start, VllmStart.Plan plan, Batch batch, Runnable killed) {
        this.launch = launch;
        this.start = start;
        this.plan = plan;
        this.batch = batch;
        this.killed = killed;
        this.offered = flags.given().containsKey("--enable-sleep-mode")
                && launch.environment().getOrDefault("VLLM_SERVER_DEV_MODE", "").equals("1");
    }

    State state() {
        return state;
    }

    /** It takes no question: it sleeps, or falls asleep, or its weights are gone. */
    boolean refuses() {
        return falling || state != State.AWAKE || emptied;
    }

    /** What is in flight breaks off. */
    boolean breaks() {
        return refuses() && !keeping;
    }

    /** What is in flight waits until it is woken. */
    boolean keeps() {
        return refuses() && keeping;
    }

    /** It could not get its memory back, and is dead. */
    boolean broken() {
        return broken;
    }

    /** @return whether this was one of its addresses */
    boolean answered(HttpExchange exchange, String call) throws IOException {
        if (!offered) {
            return false;
        }
        Map<String, String> query = Web.query(exchange);
        switch (call) {
            case "GET /is_sleeping" -> Web.json(exchange, 200, Map.of("is_sleeping", state != State.AWAKE));
            case "POST /sleep" -> {
                String level = query.getOrDefault("level", "1");
                String mode = query.getOrDefault("mode", "abort");
                if (!level.matches("[12]") || !List.of("abort", "wait", "keep").contains(mode)) {
                    Web.json(exchange, 400, Map.of("detail", "level is 1 or 2, mode is abort, wait or keep"));
                    return true;
                }
                work.submit(() -> sleep(Integer.parseInt(level), mode));
                Web.empty(exchange, 200);
            }
            case "POST /wake_up" -> {
                String tags = query.getOrDefault("tags", "");
                work.submit(() -> wake(tags));
                Web.empty(exchange, 200);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void sleep(int level, String mode) {
        if (state != State.AWAKE || broken) {
            return;
        }
        try {
            while (mode.equals("wait") && batch.running() + batch.waiting() > 0) {
                launch.computer().tempo().sleep(0.5);
            }
            keeping = mode.equals("keep");
            falling = true;
            launch.effects().count("sleep " + launch.name());
            double weights = plan.model().weightBytes() / GIB;
            launch.computer().tempo().sleep(0.4 + (level == 1 ? weights / 8 : 0));
            if (level == 1
                    && !launch.computer()
                            .memory()
                            .take(launch.pid(), plan.model().weightBytes())) {
                killed.run();
                return;
            }
            state = level == 1 ? State.WEIGHTS_OFFLOADED : State.DISCARD_ALL;
            falling = false;
            launch.computer().tempo().sleep(1);
            if (!fault().equals("sleep-holds")) {
                hold(false);
            }
            start.api("[executor.py:211] It took %.6f seconds to fall asleep.".formatted(1.4 + weights / 8));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake(String tags) {
        if (state == State.AWAKE || broken || fault().equals("no-wake")) {
            return;
        }
        woken.addAll(tags.isEmpty() ? List.of("weights", "kv_cache") : List.of(tags));
        if (!woken.containsAll(List.of("weights", "kv_cache"))) {
            return;
        }
        woken.clear();
        launch.effects().count("wake " + launch.name());
        try {
            double weights = plan.model().weightBytes() / GIB;
            launch.computer().tempo().sleep(0.6 + weights / 10);
            if (!hold(true)) {
                broken = true;
                launch.log()
                        .err(
                                "(EngineCore pid=77) RuntimeError: CUDA Error: out of memory at /workspace/csrc/cumem_allocator.cpp:62");
                return;
            }
            emptied = state == State.DISCARD_ALL;
            launch.computer().memory().release(launch.pid());
            state = State.AWAKE;
            keeping = false;
            start.api("[executor.py:229] It took %.6f seconds to wake up tags {'weights', 'kv_cache'}."
                    .formatted(0.6 + weights / 10));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** All that it had when it was ready, or only what stays while it sleeps. @return whether there was room */
    private boolean hold(boolean all) {
        List<Card> cards = start.cards();
        for (int rank = 0; rank < cards.size(); rank++) {
            int least = cards.size() > 1 ? TOGETHER_MIB : ALONE_MIB;
            if (!start.hold(rank, all ? start.wholeMiB(rank) : least)) {
                return false;
            }
        }
        return true;
    }

    private String fault() {
        return launch.faults().now(launch.name());
    }

    @Override
    public void close() {
        work.shutdownNow();
        try {
            work.awaitTermination(5, java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        launch.computer().memory().release(launch.pid());
    }
}
