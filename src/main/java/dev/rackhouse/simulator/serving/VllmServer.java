package dev.rackhouse.simulator.serving;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * vLLM in a container: nothing listens until it is ready; when it is asked to end, requests in flight are cut. When one of its cards is
 * lost, the engine behind its web server dies and only {@code /health} tells.
 */
final class VllmServer extends EngineProgram {
    private final String version;
    private volatile @Nullable VllmFlags flags;
    private volatile @Nullable VllmStart start;
    private volatile @Nullable VllmApi api;

    VllmServer(Launch launch, String version) {
        super(launch);
        this.version = version;
    }

    @Override
    int work() throws Refusal, InterruptedException {
        VllmFlags read = VllmFlags.parse(launch.arguments(), launch.environment());
        flags = read;
        VllmStart starting =
                new VllmStart(launch, read, version, launch.faults().atStart(launch.name()));
        start = starting;
        VllmStart.Plan plan = starting.go();
        serve(read, starting, plan);
        return 0;
    }

    @Override
    int leave() throws InterruptedException {
        launch.log().err("(APIServer pid=1) INFO:     Shutting down");
        launch.computer().tempo().sleep(3);
        return api == null ? 143 : 0;
    }

    private void serve(VllmFlags read, VllmStart starting, VllmStart.Plan plan) throws InterruptedException {
        VllmApi answering = new VllmApi(launch, read, starting, plan, version, this::interrupt);
        api = answering;
        starting.api("[api_server.py:580] Starting vLLM server on http://0.0.0.0:" + read.port());
        launch.log().err("(APIServer pid=1) INFO:     Started server process [1]");
        launch.log().err("(APIServer pid=1) INFO:     Waiting for application startup.");
        launch.log().err("(APIServer pid=1) INFO:     Application startup complete.");
        open(read.port(), answering::handle);
        for (double second = 1; ; second++) {
            launch.computer().tempo().sleep(1);
            answering.look();
            if (second % 10 == 0) {
                answering.logThroughput();
            }
        }
    }

    @Override
    void gone() {
        VllmApi answering = api;
        if (answering != null) {
            answering.ended();
        }
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
