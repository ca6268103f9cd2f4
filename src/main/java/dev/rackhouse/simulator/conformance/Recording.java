package dev.rackhouse.simulator.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One request and its answer, seen on a real server.
 *
 * @param auth in words: {@code API token homelab@pve!ro}, {@code none}, {@code ticket cookie of root@pam + ...}
 * @param params object or list of pairs, or null
 */
record Recording(
        int id,
        String name,
        String note,
        String method,
        String path,
        String auth,
        @Nullable String contentType,
        @Nullable JsonNode params,
        @Nullable String rawBody,
        int status,
        String reason,
        @Nullable JsonNode body,
        @Nullable String rawAnswer) {

    static Recording parse(String json) {
        JsonNode root = JsonMapper.shared().readTree(json);
        JsonNode request = root.get("request");
        JsonNode response = root.get("response");
        return new Recording(
                root.path("id").asInt(0),
                root.path("name").asString(""),
                root.path("note").asString(""),
                request.path("method").asString("GET"),
                request.path("path").asString(""),
                request.path("auth").asString("none"),
                text(request, "contentType"),
                node(request, "params"),
                text(request, "rawBody"),
                response.path("status").asInt(0),
                response.path("reason").asString(""),
                node(response, "body"),
                text(response, "rawBody"));
    }

    private static @Nullable String text(JsonNode node, String key) {
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? null : value.asString();
    }

    private static @Nullable JsonNode node(JsonNode node, String key) {
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? null : value;
    }

    /** Path after {@code /api2/json}, or null for other formats. */
    @Nullable
    String call() {
        return path.startsWith("/api2/json") ? path.substring("/api2/json".length()) : null;
    }

    /** All recordings of a folder in the order of their ids. */
    static List<Recording> read(Path folder) {
        List<Recording> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.getFileName().toString().matches("\\d+-.*\\.json"))
                    .sorted()
                    .toList()) {
                all.add(parse(Files.readString(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }
}
