package dev.rackhouse.simulator.serving;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Traefik v3 makes of a file of its file provider: routers, their middlewares, services with their servers. */
record TraefikConfig(Map<String, Router> routers, Map<String, Middleware> middlewares, Map<String, Service> services) {

    static final TraefikConfig NONE = new TraefikConfig(Map.of(), Map.of(), Map.of());

    /** A piece of a rule, {@code PathPrefix(`/qwen`)}; rules here are such pieces with {@code &&} between them. */
    private static final Pattern PIECE = Pattern.compile("(Host|PathPrefix|Path)\\(`([^`]+)`\\)");

    /**
     * @param error why it is disabled; empty: it is enabled
     */
    record Router(String name, String rule, String service, List<String> middlewares, String error) {
        boolean matches(String host, String path) {
            for (String piece : rule.split("&&")) {
                Matcher found = PIECE.matcher(piece.strip());
                if (!found.matches()) {
                    return false;
                }
                String value = found.group(2);
                boolean holds = switch (found.group(1)) {
                    case "Host" -> host.equalsIgnoreCase(value);
                    case "Path" -> path.equals(value);
                    default -> path.startsWith(value);
                };
                if (!holds) {
                    return false;
                }
            }
            return error.isEmpty();
        }
    }

    /** {@code stripPrefix} and {@code headers.customResponseHeaders}. */
    record Middleware(List<String> stripped, Map<String, String> responseHeaders) {}

    /** Addresses of its servers; without any, Traefik answers 503. */
    record Service(List<String> servers) {}

    /** A file that Traefik would not take; it goes on with what it had. */
    static final class Unusable extends Exception {
        Unusable(String why) {
            super(why);
        }
    }

    static TraefikConfig read(String yaml) throws Unusable {
        Object loaded;
        try {
            loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        } catch (YAMLException broken) {
            throw new Unusable(String.valueOf(broken.getMessage()));
        }
        if (loaded == null) {
            return NONE;
        }
        if (!(loaded instanceof Map)) {
            throw new Unusable("cannot unmarshal the file into a map");
        }
        JsonNode http = JsonMapper.shared().<JsonNode>valueToTree(loaded).path("http");
        Map<String, Middleware> middlewares = new TreeMap<>();
        for (var one : part(http, "middlewares").entrySet()) {
            middlewares.put(one.getKey(), middleware(one.getValue()));
        }
        Map<String, Service> services = new TreeMap<>();
        for (var one : part(http, "services").entrySet()) {
            services.put(one.getKey(), service(one.getValue()));
        }
        Map<String, Router> routers = new TreeMap<>();
        for (var one : part(http, "routers").entrySet()) {
            routers.put(one.getKey(), router(one.getKey(), one.getValue(), middlewares, services));
        }
        return new TraefikConfig(routers, middlewares, services);
    }

    /** A part that is written down and empty makes Traefik refuse the whole file (paerser: "cannot be a standalone element"). */
    private static Map<String, JsonNode> part(JsonNode http, String name) throws Unusable {
        JsonNode part = http.path(name);
        Map<String, JsonNode> entries = new LinkedHashMap<>();
        part.propertyStream().forEach(one -> entries.put(one.getKey(), one.getValue()));
        if (part.isObject() && entries.isEmpty()) {
            throw new Unusable(name + " cannot be a standalone element (type map[string]*dynamic." + name + ")");
        }
        return entries;
    }

    private static Service service(JsonNode node) throws Unusable {
        JsonNode balancer = node.path("loadBalancer");
        if (!balancer.isObject() || balancer.isEmpty()) {
            throw new Unusable("loadBalancer cannot be a standalone element (type *dynamic.ServersLoadBalancer)");
        }
        List<String> servers = new ArrayList<>();
        balancer.path("servers")
                .forEach(server -> servers.add(server.path("url").asString("")));
        return new Service(servers);
    }

    private static Middleware middleware(JsonNode node) {
        List<String> stripped = new ArrayList<>();
        node.path("stripPrefix").path("prefixes").forEach(prefix -> stripped.add(prefix.asString("")));
        Map<String, String> headers = new TreeMap<>();
        node.path("headers")
                .path("customResponseHeaders")
                .propertyStream()
                .forEach(one -> headers.put(one.getKey(), one.getValue().asString("")));
        return new Middleware(stripped, headers);
    }

    private static Router router(
            String name, JsonNode node, Map<String, Middleware> middlewares, Map<String, Service> services) {
        List<String> used = new ArrayList<>();
        node.path("middlewares").forEach(one -> used.add(one.asString("").replaceFirst("@file$", "")));
        String service = node.path("service").asString("").replaceFirst("@file$", "");
        String error = used.stream()
                .filter(one -> !middlewares.containsKey(one))
                .map(one -> "middleware \"" + one + "@file\" does not exist")
                .findFirst()
                .orElse(services.containsKey(service) ? "" : "the service \"" + service + "@file\" does not exist");
        return new Router(name, node.path("rule").asString(""), service, used, error);
    }

    /** The longest rule that matches, as Traefik prefers by itself. */
    Optional<Router> router(String host, String path) {
        return routers.values().stream()
                .filter(router -> router.matches(host, path))
                .max(Comparator.comparingInt(router -> router.rule().length()));
    }
}
