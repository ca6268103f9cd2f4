package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The calls below {@code /images}. */
final class ImageCalls {
    private final DockerDaemon daemon;
    private final Pulls pulls;

    ImageCalls(DockerDaemon daemon, Pulls pulls) {
        this.daemon = daemon;
        this.pulls = pulls;
    }

    void answer(HttpExchange exchange, String method, List<String> path)
            throws IOException, DockerRefusal, InterruptedException {
        String whole = String.join("/", path);
        if (method.equals("GET") && whole.equals("json")) {
            Web.json(exchange, 200, all());
        } else if (method.equals("GET") && whole.endsWith("/json")) {
            String name = whole.substring(0, whole.length() - 5);
            String id = daemon.images().find(name).orElseThrow(() -> missing(name));
            Web.json(exchange, 200, daemon.images().inspect(name, id));
        } else if (method.equals("POST") && whole.equals("create")) {
            pull(exchange);
        } else if (method.equals("DELETE") && !whole.isEmpty()) {
            daemon.removeImage(
                    whole, Web.query(exchange).getOrDefault("force", "").matches("1|true"));
            Web.json(exchange, 200, List.of(Map.of("Untagged", Images.tagged(whole))));
        } else {
            throw new DockerRefusal(404, "page not found");
        }
    }

    private static DockerRefusal missing(String name) {
        return new DockerRefusal(404, "No such image: " + Images.tagged(name));
    }

    private List<Object> all() {
        List<Object> rows = new ArrayList<>();
        daemon.images().all().forEach((name, id) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("Id", id);
            row.put("RepoTags", List.of(name));
            row.put("Created", 1_790_000_000);
            row.put("Size", Images.size(name));
            row.put("Containers", -1);
            rows.add(row);
        });
        return rows;
    }

    /** One JSON object a line, as the real one tells its progress; a failure after the start stands inside the answer. */
    private void pull(HttpExchange exchange) throws IOException, InterruptedException {
        Map<String, String> query = Web.query(exchange);
        String tag = query.getOrDefault("tag", "");
        String image =
                query.getOrDefault("fromImage", "") + (tag.isEmpty() ? "" : (tag.contains(":") ? "@" : ":") + tag);
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        line(out, Map.of("status", "Pulling from " + image, "id", tag.isEmpty() ? "latest" : tag));
        line(
                out,
                Map.of(
                        "status",
                        "Downloading",
                        "progressDetail",
                        Map.of("current", Images.size(image) / 3, "total", Images.size(image)),
                        "id",
                        Images.hash(image).substring(0, 12)));
        try {
            boolean fresh = pulls.pull(image);
            line(out, Map.of("status", "Digest: sha256:" + Images.hash(Images.tagged(image) + "@")));
            line(
                    out,
                    Map.of(
                            "status",
                            "Status: " + (fresh ? "Downloaded newer image for " : "Image is up to date for ")
                                    + Images.tagged(image)));
        } catch (DockerRefusal refused) {
            line(
                    out,
                    Map.of(
                            "errorDetail", Map.of("message", refused.sentence()),
                            "error", refused.sentence()));
        }
    }

    private static void line(OutputStream out, Map<String, Object> one) throws IOException {
        out.write((JsonMapper.shared().writeValueAsString(one) + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
