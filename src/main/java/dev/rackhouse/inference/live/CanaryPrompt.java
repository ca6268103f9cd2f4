package dev.rackhouse.inference.live;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.health.Observation.Canary;
import dev.rackhouse.runbook.Answer;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tiny prompt that proves that an engine makes tokens: eight at most, always the same ones.
 *
 * @param path of the engine that computes
 * @param body JSON
 */
record CanaryPrompt(String path, String body) {

    private static final JsonMapper JSON = JsonMapper.shared();

    static CanaryPrompt of(String completion, String servedName, Model.Purpose purpose) {
        ObjectNode body = JSON.createObjectNode().put("model", servedName);
        if (purpose == Model.Purpose.EMBEDDING) {
            body.put("input", "ready");
            return new CanaryPrompt("/v1/embeddings", body.toString());
        }
        body.put("max_tokens", 8).put("temperature", 0).put("stream", false);
        body.putArray("messages").addObject().put("role", "user").put("content", "Reply with the single word: ready");
        return new CanaryPrompt(completion, body.toString());
    }

    /** Blocks for up to {@link PlaceDoor#CANARY}. Empty when the answer tells nothing about the engine. */
    Optional<Canary> send(PlaceDoor door, int port) {
        try {
            return judge(door.prompt(port, path, body));
        } catch (RemoteFailure.TimedOut late) {
            return Optional.of(Canary.TIMED_OUT);
        } catch (RemoteFailure.Refused refused) {
            return judge(refused.status());
        } catch (RemoteFailure failed) {
            return Optional.of(Canary.FAILED);
        }
    }

    /** A 200 without a token is no proof. */
    static Optional<Canary> judge(Answer answer) {
        if (!answer.succeeded()) {
            return judge(answer.status());
        }
        boolean token = answer.textAt("/choices/0/message/content")
                        .filter(t -> !t.isBlank())
                        .isPresent()
                || answer.textAt("/choices/0/message/reasoning_content")
                        .filter(t -> !t.isBlank())
                        .isPresent()
                || answer.at("/data/0/embedding")
                        .filter(e -> !e.isEmpty() || e.isString())
                        .isPresent();
        return Optional.of(token ? Canary.ANSWERED : Canary.FAILED);
    }

    /** A key that is asked for, and too many requests, say nothing about the engine. */
    private static Optional<Canary> judge(int status) {
        return status == 401 || status == 403 || status == 429 ? Optional.empty() : Optional.of(Canary.FAILED);
    }
}
