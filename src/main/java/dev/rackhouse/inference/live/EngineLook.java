package dev.rackhouse.inference.live;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.OllamaModel;
import dev.rackhouse.inference.ServingEngine.Endpoints;
import dev.rackhouse.inference.health.EngineMetrics;
import dev.rackhouse.inference.health.EngineSample;
import dev.rackhouse.inference.health.Latencies;
import dev.rackhouse.inference.health.Observation.Answer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an engine answered on its own port. None of the asked paths makes it compute.
 *
 * @param sample null when it does not tell
 * @param latencies null when it counts none
 * @param onGpu the share of its model in the GPU's memory, 0 when it is not in memory at all; null when it does not tell, as most
 */
record EngineLook(
        Answer answer,
        @Nullable EngineSample sample,
        @Nullable Latencies latencies,
        @Nullable Double onGpu) {

    static final EngineLook NOT_ASKED = new EngineLook(Answer.NOT_ASKED, null, null, null);

    /** Somebody listens there. */
    boolean answered() {
        return answer != Answer.REFUSED && answer != Answer.NOT_ASKED;
    }

    /** Asks for health first; the counters only of an engine that listens. */
    static EngineLook at(PlaceDoor door, Deployment deployment, Endpoints endpoints) {
        int port = deployment.port();
        EngineKind kind = deployment.engine();
        Answer answer = health(door, port, kind, endpoints.health());
        if (answer == Answer.REFUSED || answer == Answer.TIMED_OUT || answer == Answer.STILL_LOADING) {
            return new EngineLook(answer, null, null, null);
        }
        String metrics = text(door, port, endpoints.metrics());
        return switch (kind) {
            case VLLM ->
                new EngineLook(
                        answer,
                        Optional.ofNullable(metrics)
                                .flatMap(EngineMetrics::vllm)
                                .orElse(null),
                        Optional.ofNullable(metrics).flatMap(Latencies::vllm).orElse(null),
                        null);
            case LLAMA_CPP -> {
                String slots = text(door, port, endpoints.slots());
                yield new EngineLook(
                        answer,
                        metrics == null && slots == null
                                ? null
                                : EngineMetrics.llama(metrics == null ? "" : metrics, slots)
                                        .orElse(null),
                        null,
                        null);
            }
            case OLLAMA ->
                new EngineLook(
                        answer, null, null, onGpu(text(door, port, endpoints.served()), deployment.servedName()));
        };
    }

    private static @Nullable Double onGpu(@Nullable String held, String model) {
        return OllamaModel.named(model) && held != null
                ? EngineMetrics.ollama(held)
                        .map(all -> all.stream()
                                .filter(m ->
                                        m.name().equals(OllamaModel.of(model).name()))
                                .findFirst()
                                .map(EngineMetrics.LoadedModel::gpuShare)
                                .orElse(0.0))
                        .orElse(null)
                : null;
    }

    private static Answer health(PlaceDoor door, int port, EngineKind kind, String path) {
        try {
            return health(kind, door.ask(port, path).status());
        } catch (RemoteFailure.Refused refused) {
            return health(kind, refused.status());
        } catch (RemoteFailure.TimedOut late) {
            return Answer.TIMED_OUT;
        } catch (RemoteFailure.Unreadable odd) {
            return Answer.FAILING;
        } catch (RemoteFailure gone) {
            return Answer.REFUSED;
        }
    }

    /** A status that asks for a key tells that somebody is there. */
    static Answer health(EngineKind kind, int status) {
        if (status == 503) {
            return kind == EngineKind.LLAMA_CPP ? Answer.STILL_LOADING : Answer.FAILING;
        }
        return status >= 500 ? Answer.FAILING : Answer.OK;
    }

    private static @Nullable String text(PlaceDoor door, int port, @Nullable String path) {
        if (path == null) {
            return null;
        }
        try {
            dev.rackhouse.runbook.Answer answer = door.ask(port, path);
            return answer.succeeded() ? answer.text() : null;
        } catch (RemoteFailure notTold) {
            return null;
        }
    }
}
