package dev.rackhouse.inference.swap;

import dev.rackhouse.inference.SleepMode;
import dev.rackhouse.inference.route.RoutesNow;
import dev.rackhouse.runbook.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a place looked like when it was asked: a moment, not a state.
 *
 * @param containers all of the place, running or not, by name
 * @param images those asked for that are there
 * @param cards null when they could not be read
 * @param routes null when there is no router, or it could not be read
 * @param sleeping what engines that can sleep answered about it, by the name of their container; those that did not answer are missing
 * @param loads requests of each engine that runs, by the name of its container
 * @param troubles what could not be read and why, a sentence each
 */
public record SwapFacts(
        Map<String, SeenContainer> containers,
        Set<String> images,
        @Nullable CardsLook cards,
        @Nullable RoutesNow routes,
        Map<String, Boolean> sleeping,
        Map<String, Load> loads,
        List<String> troubles) {

    public SwapFacts {
        containers = Map.copyOf(containers);
        images = Set.copyOf(images);
        sleeping = Map.copyOf(sleeping);
        loads = Map.copyOf(loads);
        troubles = List.copyOf(troubles);
    }

    /** Requests that an engine computes and queues. */
    public record Load(int running, int waiting) {}

    /**
     * A container.
     *
     * @param state Docker's word: {@code running}, {@code exited}, {@code created}
     * @param deployment whose it says it is; empty: it does not say
     * @param restart Docker's restart policy; empty where it was not asked
     * @param gpus UUIDs it was made for; empty where it was not asked
     * @param maySleep it was made with sleep mode and its addresses; false where it was not asked
     */
    public record SeenContainer(
            String id,
            String name,
            String image,
            String state,
            String deployment,
            String restart,
            List<String> gpus,
            boolean maySleep) {

        public SeenContainer {
            gpus = List.copyOf(gpus);
        }

        /** It holds its cards, or will in a moment. */
        public boolean up() {
            return state.equals("running") || state.equals("restarting") || state.equals("paused");
        }
    }

    Optional<SeenContainer> container(String name) {
        return Optional.ofNullable(containers.get(name));
    }

    /** Docker's list of containers; empty when it is none. */
    static Optional<List<SeenContainer>> containers(Answer answer) {
        if (!answer.succeeded()) {
            return Optional.empty();
        }
        return answer.at("").filter(JsonNode::isArray).map(list -> {
            List<SeenContainer> seen = new ArrayList<>();
            for (JsonNode each : list) {
                String id = each.path("Id").asString("");
                if (id.matches("[0-9a-f]{12,64}")) {
                    seen.add(new SeenContainer(
                            id,
                            each.path("Names").path(0).asString("").replaceFirst("^/", ""),
                            each.path("Image").asString(""),
                            each.path("State").asString(""),
                            each.path("Labels").path("rackhouse").asString(""),
                            "",
                            List.of(),
                            false));
                }
            }
            return seen;
        });
    }

    /** The same container with what only its inspection tells. */
    static SeenContainer inspected(SeenContainer seen, Answer answer) {
        List<String> gpus = new ArrayList<>();
        answer.at("/HostConfig/DeviceRequests")
                .filter(JsonNode::isArray)
                .ifPresent(requests -> requests.forEach(
                        request -> request.path("DeviceIDs").forEach(id -> gpus.add(id.asString("")))));
        return new SeenContainer(
                seen.id(),
                seen.name(),
                seen.image(),
                answer.textAt("/State/Status").orElse(seen.state()),
                seen.deployment(),
                answer.textAt("/HostConfig/RestartPolicy/Name").orElse(""),
                gpus,
                has(answer, "/Config/Cmd", SleepMode.FLAG) && has(answer, "/Config/Env", SleepMode.VARIABLE + "=1"));
    }

    private static boolean has(Answer answer, String pointer, String word) {
        return answer.at(pointer)
                .filter(JsonNode::isArray)
                .filter(list -> list.valueStream().anyMatch(w -> w.asString("").equals(word)))
                .isPresent();
    }

    /** An engine's own word about its sleep; empty when it is none. */
    static Optional<Boolean> sleeping(Answer answer) {
        return answer.succeeded()
                ? answer.at("/is_sleeping").filter(JsonNode::isBoolean).map(JsonNode::booleanValue)
                : Optional.empty();
    }
}
