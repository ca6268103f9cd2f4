package dev.rackhouse.inference.route;

import dev.rackhouse.inference.route.ClientRoute.State;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Traefik's file provider (3.x): one YAML file of the watched folder, replaced as a whole by an atomic rename. A service bears the name
 * that clients ask for. A service without servers makes Traefik answer 503; a headers middleware on its routers adds Retry-After. What
 * the file means to Traefik is read back from its API. Comments in the file do not survive, which the preview shows as differences.
 */
@Component
class TraefikFile implements RouteController {

    private static final String HOLD = "rackhouse-switching";

    private static final Pattern ONE_PATH = Pattern.compile("^\\s*PathPrefix\\(`(/[A-Za-z0-9._~/-]{0,200})`\\)\\s*$");

    @Override
    public RouterKind kind() {
        return RouterKind.TRAEFIK_FILE;
    }

    @Override
    public Command look(RouterAt at) {
        return new Shell(at.host(), "cat -- \"${R:-}\"'" + path(at) + "'", Duration.ofSeconds(20));
    }

    private static String path(RouterAt at) {
        String file = Objects.requireNonNull(at.file(), "Traefik is told by a file");
        if (!file.matches("/[A-Za-z0-9._/-]{1,200}") || file.contains("..")) {
            throw new IllegalArgumentException("'" + file + "' is no file that Traefik could read");
        }
        return file;
    }

    @Override
    public Optional<RoutesNow> read(Answer answer) {
        return answer.succeeded() && !answer.truncated() ? of(answer.text()) : Optional.empty();
    }

    private static Optional<RoutesNow> of(String text) {
        Map<String, Object> file = parsed(text);
        if (file == null) {
            return Optional.empty();
        }
        List<ClientRoute> routes = new ArrayList<>();
        map(map(file, "http"), "services").forEach((name, service) -> {
            String url = firstUrl(service);
            State state = !url.isEmpty() ? State.ACTIVE : held(file, name) ? State.DRAINING : State.OFF;
            try {
                routes.add(new ClientRoute(name, url.replaceAll("/$", ""), "", state, 0, "", ""));
            } catch (IllegalArgumentException odd) {
                // another program's service
            }
        });
        return Optional.of(new RoutesNow(routes, text));
    }

    @Override
    public Changed drain(RouterAt at, RoutesNow now, Set<String> names, Holding holding) {
        Map<String, Object> file = parsed(now.raw());
        Set<String> draining = new TreeSet<>();
        now.routes().stream()
                .filter(r -> r.state() == State.ACTIVE && names.contains(r.name()))
                .forEach(r -> draining.add(r.name()));
        if (file == null || draining.isEmpty()) {
            return new Changed(List.of(), now);
        }
        draining.forEach(name -> servers(file, name, ""));
        map(map(file, "http"), "middlewares")
                .put(
                        HOLD,
                        new LinkedHashMap<>(Map.of(
                                "headers",
                                new LinkedHashMap<>(Map.of(
                                        "customResponseHeaders",
                                        new LinkedHashMap<>(Map.of(
                                                "Retry-After", Integer.toString(holding.retryAfterSeconds()))))))));
        draining.forEach(name -> hold(file, name, true));
        return edited(at, now, file, "drain-", "Let " + String.join(", ", draining) + " drain at " + at.name());
    }

    @Override
    public Changed activate(RouterAt at, RoutesNow now, RouteMap map) {
        Map<String, Object> file = parsed(now.raw());
        if (file == null) {
            return new Changed(List.of(), now);
        }
        for (ClientRoute route : map.active()) {
            if (now.find(route.name())
                    .map(ClientRoute::backend)
                    .filter(route.backend()::equals)
                    .isEmpty()) {
                servers(file, route.name(), route.backend());
            }
            hold(file, route.name(), false);
        }
        map.off().forEach(name -> {
            if (now.find(name).isPresent()) {
                servers(file, name, "");
            }
        });
        return edited(at, now, file, "route-", "Take the routes of " + map.mode() + " into use at " + at.name());
    }

    private static Changed edited(RouterAt at, RoutesNow now, Map<String, Object> file, String key, String title) {
        if (file.equals(parsed(now.raw()))) {
            return new Changed(List.of(), now);
        }
        String after = written(file);
        RoutesNow then = of(after).orElseThrow();
        FileEdit edit = new FileEdit(at.host(), path(at), now.raw(), after, "root:root", "0644");
        return new Changed(
                List.of(new RouteChange(
                        key + "file",
                        title,
                        edit,
                        stand(at, then),
                        "Put " + path(at) + " back",
                        edit.reversed(),
                        stand(at, now))),
                then);
    }

    private static Check stand(RouterAt at, RoutesNow routes) {
        String wanted =
                routes.routes().stream().map(r -> r.name() + "=" + r.backend()).collect(Collectors.joining("\n"));
        return Check.that(
                ServiceCall.get(at.host(), at.control(), "/api/http/services?per_page=1000")
                        .limit(RouterAt.ANSWERS),
                Condition.of(TraefikStands.NAME, "services", wanted));
    }

    @Override
    public List<String> lacks(RouterAt at, RoutesNow now, RouteMap map) {
        Map<String, Object> file = parsed(now.raw());
        return map.active().stream()
                .filter(route -> file == null || routersOf(file, route.name()).isEmpty())
                .map(route -> "No router in " + path(at) + " leads to a service " + route.name()
                        + ". Write a service of that name into the file, and a router with a rule for its clients.")
                .toList();
    }

    /** Only rules that want a path and nothing else are met by a question to 127.0.0.1. */
    @Override
    public Optional<String> door(RoutesNow now, String name) {
        Map<String, Object> file = parsed(now.raw());
        return file == null
                ? Optional.empty()
                : routersOf(file, name).stream()
                        .map(router -> String.valueOf(router.get("rule")))
                        .flatMap(rule -> ONE_PATH.matcher(rule).results())
                        .map(found -> found.group(1).replaceAll("/+$", "").replaceAll("/v1$", ""))
                        .findFirst();
    }

    @Override
    public Optional<Check> idle(RouterAt at, Set<String> names) {
        return Optional.empty();
    }

    @Override
    public List<String> doubts(RouterAt at) {
        return List.of("Traefik's 503 has Retry-After, but not the error form of OpenAI.");
    }

    private static @Nullable Map<String, Object> parsed(String text) {
        try {
            Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
            return loaded instanceof Map<?, ?> found ? copy(found) : null;
        } catch (YAMLException noYaml) {
            return null;
        }
    }

    private static Map<String, Object> copy(Map<?, ?> found) {
        Map<String, Object> copy = new LinkedHashMap<>();
        found.forEach((key, value) -> copy.put(
                String.valueOf(key),
                value instanceof Map<?, ?> inner ? copy(inner) : value instanceof List<?> list ? copy(list) : value));
        return copy;
    }

    private static List<Object> copy(List<?> list) {
        List<Object> copy = new ArrayList<>();
        list.forEach(each -> copy.add(each instanceof Map<?, ?> inner ? copy(inner) : each));
        return copy;
    }

    /** The map there; made when it is not. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Map<String, Object> in, String key) {
        if (!(in.get(key) instanceof Map)) {
            in.put(key, new LinkedHashMap<String, Object>());
        }
        return (Map<String, Object>) Objects.requireNonNull(in.get(key));
    }

    private static String firstUrl(Object service) {
        if (service instanceof Map<?, ?> s
                && s.get("loadBalancer") instanceof Map<?, ?> balancer
                && balancer.get("servers") instanceof List<?> servers
                && !servers.isEmpty()
                && servers.getFirst() instanceof Map<?, ?> server
                && server.get("url") instanceof String url) {
            return url;
        }
        return "";
    }

    private static void servers(Map<String, Object> file, String name, String backend) {
        Map<String, Object> service = map(map(map(file, "http"), "services"), name);
        List<Object> servers = new ArrayList<>();
        if (!backend.isEmpty()) {
            servers.add(new LinkedHashMap<>(Map.of("url", backend)));
        }
        map(service, "loadBalancer").put("servers", servers);
    }

    private static boolean held(Map<String, Object> file, String service) {
        return routersOf(file, service).stream()
                .anyMatch(r -> r.get("middlewares") instanceof List<?> list && list.contains(HOLD));
    }

    private static void hold(Map<String, Object> file, String service, boolean held) {
        for (Map<String, Object> router : routersOf(file, service)) {
            List<Object> middlewares =
                    router.get("middlewares") instanceof List<?> list ? new ArrayList<>(list) : new ArrayList<>();
            middlewares.remove(HOLD);
            if (held) {
                middlewares.add(HOLD);
            }
            if (middlewares.isEmpty()) {
                router.remove("middlewares");
            } else {
                router.put("middlewares", middlewares);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> routersOf(Map<String, Object> file, String service) {
        return file.get("http") instanceof Map<?, ?> http && http.get("routers") instanceof Map<?, ?> routers
                ? ofService((Map<String, Object>) routers, service)
                : List.of();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> ofService(Map<String, Object> routers, String service) {
        return routers.values().stream()
                .filter(r -> r instanceof Map<?, ?> router && service.equals(router.get("service")))
                .map(r -> (Map<String, Object>) r)
                .toList();
    }

    private static String written(Map<String, Object> file) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        return new Yaml(options).dump(file);
    }
}
