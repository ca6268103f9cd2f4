package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Engine API of a pretend Docker daemon, versions 1.24 to 1.51, as far as serving models needs it. */
public final class EngineApi implements AutoCloseable {
    private static final int LEAST = 24;
    private static final int MOST = 51;

    private final DockerDaemon daemon;
    private final ContainerCalls containers;
    private final ImageCalls images;
    private @Nullable Web web;

    /** @param pulls what a pull costs and how it fails */
    public EngineApi(DockerDaemon daemon, Pulls pulls) {
        this.daemon = daemon;
        this.containers = new ContainerCalls(daemon);
        this.images = new ImageCalls(daemon, pulls);
    }

    /** Where it answers; opened at the first call. */
    public synchronized InetSocketAddress address() {
        Web now = web;
        if (now == null) {
            now = new Web(this::handle);
            web = now;
        }
        return now.address();
    }

    @Override
    public synchronized void close() {
        Web now = web;
        web = null;
        if (now != null) {
            now.close();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Api-Version", "1." + MOST);
        exchange.getResponseHeaders().set("Server", "Docker/" + DockerDaemon.VERSION + " (linux)");
        try {
            List<String> path = path(exchange);
            answer(exchange, path);
        } catch (DockerRefusal refused) {
            Web.json(exchange, refused.status(), Map.of("message", refused.sentence()));
        } catch (JacksonException unreadable) {
            Web.json(exchange, 400, Map.of("message", "invalid JSON: " + unreadable.getOriginalMessage()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> path(HttpExchange exchange) throws DockerRefusal {
        List<String> path = new ArrayList<>();
        for (String part : exchange.getRequestURI().getRawPath().substring(1).split("/")) {
            path.add(Web.decoded(part));
        }
        if (path.getFirst().matches("v1\\.\\d{1,3}")) {
            int version = Integer.parseInt(path.removeFirst().substring(3));
            if (version > MOST) {
                throw new DockerRefusal(
                        400, "client version 1." + version + " is too new. Maximum supported API version is 1." + MOST);
            }
            if (version < LEAST) {
                throw new DockerRefusal(
                        400,
                        "client version 1." + version + " is too old. Minimum supported API version is 1." + LEAST
                                + ", please upgrade your client to a newer version");
            }
        }
        return path;
    }

    private void answer(HttpExchange exchange, List<String> path)
            throws IOException, DockerRefusal, InterruptedException {
        String method = exchange.getRequestMethod();
        JsonNode running = daemon.configuration();
        if (running == null) {
            throw new DockerRefusal(503, "the daemon is shutting down");
        }
        String first = path.isEmpty() ? "" : path.getFirst();
        switch (first) {
            case "_ping" -> {
                exchange.getResponseHeaders().set("OSType", "linux");
                exchange.getResponseHeaders().set("Docker-Experimental", "false");
                Web.text(exchange, 200, "text/plain; charset=utf-8", "OK");
            }
            case "version" -> Web.json(exchange, 200, version());
            case "info" -> Web.json(exchange, 200, info(running));
            case "containers" -> containers.answer(exchange, method, path.subList(1, path.size()));
            case "images" -> images.answer(exchange, method, path.subList(1, path.size()));
            default -> throw new DockerRefusal(404, "page not found");
        }
    }

    private static Map<String, Object> version() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("Platform", Map.of("Name", ""));
        all.put("Version", DockerDaemon.VERSION);
        all.put("ApiVersion", "1." + MOST);
        all.put("MinAPIVersion", "1." + LEAST);
        all.put("GitCommit", "28.2.2-0ubuntu1~24.04.1");
        all.put("GoVersion", "go1.23.1");
        all.put("Os", "linux");
        all.put("Arch", "amd64");
        all.put("KernelVersion", "6.8.0-85-generic");
        return all;
    }

    private Map<String, Object> info(JsonNode running) {
        Map<String, Object> runtimes = new TreeMap<>(Map.of("runc", Map.of("path", "runc")));
        running.path("runtimes")
                .propertyStream()
                .forEach(one -> runtimes.put(
                        one.getKey(), Map.of("path", one.getValue().path("path").asString(""))));
        List<Container> all = daemon.all();
        long up = all.stream().filter(Container::running).count();
        Map<String, Object> info = new LinkedHashMap<>();
        info.put(
                "ID",
                "7TRN:" + Images.hash(daemon.computer().name()).substring(0, 8).toUpperCase(java.util.Locale.ROOT));
        info.put("Name", daemon.computer().name());
        info.put("ServerVersion", DockerDaemon.VERSION);
        info.put("Driver", "overlay2");
        info.put("DockerRootDir", "/var/lib/docker");
        info.put("OSType", "linux");
        info.put("OperatingSystem", "Ubuntu 24.04.3 LTS");
        info.put("Architecture", "x86_64");
        info.put("KernelVersion", "6.8.0-85-generic");
        info.put("NCPU", daemon.computer().cpus());
        info.put("MemTotal", daemon.computer().memoryBytes());
        info.put("CgroupDriver", "systemd");
        info.put("CgroupVersion", "2");
        info.put("LiveRestoreEnabled", running.path("live-restore").asBoolean(false));
        info.put("Runtimes", runtimes);
        info.put("DefaultRuntime", running.path("default-runtime").asString("runc"));
        info.put(
                "CDISpecDirs",
                running.path("features").path("cdi").asBoolean(false)
                        ? List.of("/etc/cdi", "/var/run/cdi")
                        : List.of());
        info.put("Containers", all.size());
        info.put("ContainersRunning", up);
        info.put("ContainersPaused", 0);
        info.put("ContainersStopped", all.size() - up);
        info.put("Images", daemon.images().all().size());
        info.put("Warnings", List.of());
        return info;
    }

    /** The body of a request as JSON; an empty one is an empty object. */
    static JsonNode body(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        return bytes.length == 0
                ? JsonMapper.shared().createObjectNode()
                : JsonMapper.shared().readTree(bytes);
    }
}
