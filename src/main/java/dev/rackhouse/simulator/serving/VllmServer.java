package dev.rackhouse.simulator.serving;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * vLLM in a container: nothing listens until it is ready; when it is asked to end, requests in flight are cut. When one of its cards is
 * lost, the engine behind its web server dies and only {@code /health} tells.
 */
final class VllmServer implements Program {
    private final Launch launch;
    private final String version;
    private volatile @Nullable VllmFlags flags;
    private volatile @Nullable VllmStart start;
    private volatile @Nullable VllmApi api;
    private volatile @Nullable Web web;
    private volatile boolean asked;
    private volatile @Nullable Thread runner;

    VllmServer(Launch launch, String version) {
        this.launch = launch;
        this.version = version;
    }

    @Override
    public int run() throws InterruptedException {
        runner = Thread.currentThread();
        try {
            VllmFlags read = VllmFlags.parse(launch.arguments(), launch.environment());
            flags = read;
            VllmStart starting =
                    new VllmStart(launch, read, version, launch.faults().atStart(launch.name()));
            start = starting;
            VllmStart.Plan plan = starting.go();
            serve(read, starting, plan);
            return 0;
        } catch (Refusal refused) {
            launch.log().err(refused.printed());
            return refused.code();
        } catch (InterruptedException stopped) {
            if (!asked) {
                throw stopped;
            }
            close();
            launch.log().err("(APIServer pid=1) INFO:     Shutting down");
            launch.computer().tempo().sleep(3);
            return api == null ? 143 : 0;
        }
    }

    private void serve(VllmFlags read, VllmStart starting, VllmStart.Plan plan) throws InterruptedException {
        VllmApi answering = new VllmApi(launch, read, starting, plan, version, this::killed);
        Web opened = new Web(answering::handle);
        api = answering;
        web = opened;
        starting.api("[api_server.py:580] Starting vLLM server on http://0.0.0.0:" + read.port());
        launch.log().err("(APIServer pid=1) INFO:     Started server process [1]");
        launch.log().err("(APIServer pid=1) INFO:     Waiting for application startup.");
        launch.log().err("(APIServer pid=1) INFO:     Application startup complete.");
        Integer outside = launch.ports().get(read.port());
        if (outside != null) {
            launch.computer().ports().listen(outside, launch.holder(), opened.address());
        }
        for (double second = 1; ; second++) {
            launch.computer().tempo().sleep(1);
            answering.look();
            if (second % 10 == 0) {
                answering.logThroughput();
            }
        }
    }

    @Override
    public void terminate() {
        asked = true;
        Thread running = runner;
        if (running != null) {
            running.interrupt();
        }
    }

    /** As the kernel does it when main memory runs out: nobody is asked. */
    private void killed() {
        Thread running = runner;
        if (running != null) {
            running.interrupt();
        }
    }

    private void close() {
        Web open = web;
        web = null;
        launch.computer().ports().release(launch.holder());
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void ended() {
        close();
        VllmApi answering = api;
        if (answering != null) {
            answering.ended();
        }
        processes().keySet().forEach(launch.computer().gpus()::release);
    }

    @Override
    public Map<Integer, String> processes() {
        Map<Integer, String> all = new LinkedHashMap<>();
        VllmFlags read = flags;
        int cards = read == null ? launch.gpus().size() : read.cards();
        all.put(launch.pid(), "vllm serve " + String.join(" ", launch.arguments()));
        all.put(launch.pid() + 1, "VLLM::EngineCore");
        for (int rank = 0; rank < cards && cards > 1; rank++) {
            all.put(launch.pid() + 2 + rank, "VLLM::Worker_TP" + rank);
        }
        return all;
    }

    @Override
    public Map<String, Object> state() {
        Map<String, Object> all = new LinkedHashMap<>();
        VllmStart starting = start;
        VllmApi answering = api;
        all.put("engine", "vllm");
        all.put("phase", starting == null ? "ARGUMENTS" : starting.phase());
        if (answering != null) {
            all.putAll(answering.state());
        }
        return all;
    }
}
