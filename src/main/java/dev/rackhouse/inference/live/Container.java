package dev.rackhouse.inference.live;

import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.runbook.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A container as Docker's list shows it (Engine API 1.44, {@code /containers/json}).
 *
 * @param name without the leading slash
 * @param state {@code running}, {@code exited}, {@code created}, {@code restarting}, {@code paused}, {@code dead}
 * @param status {@code Up 2 hours}; changes when the container is started anew
 */
record Container(String id, String name, String image, String state, String status, Map<String, String> labels) {

    /** The labels that name a deployment: what the console writes, and the shorter form. */
    private static final List<String> LABELS = List.of("dev.rackhouse.deployment", "rackhouse");

    Container {
        labels = Map.copyOf(labels);
    }

    /** All that the list names; empty when the answer is no list. */
    static Optional<List<Container>> list(Answer answer) {
        Optional<JsonNode> root = answer.json().filter(JsonNode::isArray);
        return root.map(all -> {
            List<Container> containers = new ArrayList<>();
            for (JsonNode one : all) {
                String id = one.path("Id").asString("");
                if (id.matches("[0-9a-f]{12,64}")) {
                    containers.add(of(id, one));
                }
            }
            return List.copyOf(containers);
        });
    }

    private static Container of(String id, JsonNode one) {
        Map<String, String> labels = new HashMap<>();
        one.path("Labels")
                .properties()
                .forEach(e -> labels.put(e.getKey(), e.getValue().asString("")));
        String name = one.path("Names").path(0).asString(id.substring(0, 12));
        return new Container(
                id,
                name.startsWith("/") ? name.substring(1) : name,
                one.path("Image").asString(""),
                one.path("State").asString(""),
                one.path("Status").asString(""),
                labels);
    }

    /** The one of this deployment: what an update has replaced and kept bears its label, too, under another name. */
    static Optional<Container> among(List<Container> containers, DeploymentId deployment) {
        List<Container> its = containers.stream().filter(c -> c.of(deployment)).toList();
        return its.stream()
                .filter(c -> c.name().equals(deployment.value()))
                .findFirst()
                .or(() -> its.stream().findFirst());
    }

    /** Whether it is the deployment's: by its label, or by the name where it has none. */
    boolean of(DeploymentId deployment) {
        List<String> named = LABELS.stream()
                .map(labels::get)
                .filter(java.util.Objects::nonNull)
                .toList();
        return named.isEmpty() ? name.equals(deployment.value()) : named.contains(deployment.value());
    }

    boolean running() {
        return state.equals("running") || state.equals("paused");
    }
}
