package dev.rackhouse.simulator.pve;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests: route, sign-in, CSRF, right, forwarding, parameters, code - in this order.
 *
 * <p>Thread-safe; blocks while the call waits in the lab.
 */
final class Engine {
    /** Limit after which a forwarded call without a byte ends with 596. */
    private static final Duration PROXY_LIMIT = Duration.ofSeconds(30);

    private static final Calls CALLS = new Calls();

    private final World world;
    private final Map<Integer, Validator> validators = Map.of(
            7,
            new Validator(CallTable.packed(), 7),
            8,
            new Validator(CallTable.packed(), 8),
            9,
            new Validator(CallTable.packed(), 9));
    private final boolean requireCsrf;

    Engine(World world, boolean requireCsrf) {
        this.world = world;
        this.requireCsrf = requireCsrf;
    }

    /**
     * A request as it came over the wire.
     *
     * @param path after {@code /api2/json}, still percent-encoded
     * @param params from query or body; values are strings or lists of strings
     * @param authorization the header, or null
     * @param ticket value of the cookie, decoded, or null
     * @param known when given, sign-in is skipped (local tools as root@pam)
     */
    record Request(
            String method,
            String path,
            Map<String, Object> params,
            @Nullable String authorization,
            @Nullable String ticket,
            @Nullable String csrf,
            byte @Nullable [] upload,
            @Nullable Caller known) {}

    /** What the call gave; throws {@link ApiError} for every refusal. */
    @Nullable
    Object answer(Node arrived, Request request) throws InterruptedException {
        List<String> segments = segments(request.path());
        CallTable.Match match = CallTable.packed().find(request.method(), segments, 9);
        Calls.Entry entry = match == null ? null : CALLS.find(match.call().key());
        if (match == null || entry == null) {
            throw notImplemented(request.method(), segments);
        }
        ApiCall call = match.call();
        Caller caller = signIn(call, request);
        Map<String, Object> params = new LinkedHashMap<>(request.params());
        for (Map.Entry<String, String> variable : match.variables().entrySet()) {
            Object given = params.get(variable.getKey());
            if (given != null && !given.equals(variable.getValue())) {
                throw ApiError.parameter(
                        variable.getKey(), "duplicate parameter (already defined in URI) with conflicting values!");
            }
            params.put(variable.getKey(), variable.getValue());
        }
        Map<String, Object> variables = new LinkedHashMap<>(match.variables());
        int major = arrived.major();
        world.locked(() -> world.rights.enter(call.right(), caller, ruled(call, params, variables), major));
        Node target = target(arrived, call, params);
        if (target != null && call.since() > target.major()) {
            throw notImplemented(request.method(), segments);
        }
        hanging(call, params);
        Node at = target == null ? arrived : target;
        Validator validator = validators.getOrDefault(at.major(), new Validator(CallTable.packed(), at.major()));
        Validator.normalise(call, params);
        Map<String, String> errors = validator.check(call, params);
        if (!errors.isEmpty()) {
            throw ApiError.parameters(errors);
        }
        Req req = new Req(world, call, params, caller, target, arrived, request.upload());
        if (entry.waits()) {
            return entry.handler().handle(req);
        }
        world.lock.lock();
        try {
            return entry.handler().handle(req);
        } finally {
            world.lock.unlock();
        }
    }

    static List<String> segments(String path) {
        String trimmed = path.replaceAll("/+", "/").replaceAll("^/|/$", "");
        return List.of(trimmed.split("/")).stream()
                .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toList();
    }

    private static ApiError notImplemented(String method, List<String> segments) {
        return ApiError.of(501, "Method '" + method + " /" + String.join("/", segments) + "' not implemented");
    }

    /** Rules may name parameters that are not in the path (newid, pool, storage). */
    private static Map<String, Object> ruled(ApiCall call, Map<String, Object> params, Map<String, Object> variables) {
        Map<String, Object> all = new LinkedHashMap<>(params);
        all.putAll(variables);
        return all;
    }

    private Caller signIn(ApiCall call, Request request) {
        Caller known = request.known();
        if (known != null) {
            return known;
        }
        long now = world.now();
        String authorization = request.authorization();
        if (authorization != null && authorization.startsWith("PVEAPIToken")) {
            Caller caller = world.locked(() -> token(authorization, now));
            if (!call.tokenAllowed()) {
                throw ApiError.forbidden(
                        "URI '" + call.path() + "' not available with API token, need proper ticket.\n");
            }
            return caller;
        }
        if (call.right() instanceof Right.World) {
            return new Caller("nobody", null);
        }
        String ticket = request.ticket();
        if (ticket == null) {
            throw ApiError.bare(401, "No ticket");
        }
        String user = world.tickets.user(ticket, now);
        if (user == null || !world.locked(() -> world.access.active(user, now))) {
            throw ApiError.bare(401, "Authentication failed!");
        }
        if (requireCsrf && !request.method().equals("GET") && !world.tickets.csrfFits(request.csrf(), user, now)) {
            throw ApiError.bare(401, "Permission denied - invalid csrf token");
        }
        return new Caller(user, null);
    }

    private Caller token(String authorization, long now) {
        String value = authorization.substring("PVEAPIToken".length()).replaceFirst("^[=\\s]+", "");
        int eq = value.lastIndexOf('=');
        int colon = value.lastIndexOf(':');
        int cut = eq > 0 ? eq : colon;
        int bang = value.indexOf('!');
        if (cut < 0 || bang < 0 || bang > cut) {
            throw ApiError.bare(401, "Authentication failed!");
        }
        Access.Token token = world.access.tokens.get(value.substring(0, cut));
        String user = value.substring(0, bang);
        boolean fits = token != null
                && token.secret.equals(value.substring(cut + 1))
                && (token.expire == 0 || token.expire > now)
                && world.access.active(user, now);
        if (!fits) {
            throw ApiError.bare(401, "Authentication failed!");
        }
        return new Caller(user, value.substring(bang + 1, cut));
    }

    private @Nullable Node target(Node arrived, ApiCall call, Map<String, Object> params) {
        Object name = call.path().contains("{node}") ? params.get("node") : null;
        if (name == null && call.method().equals("GET") && call.path().startsWith("/cluster/mapping/")) {
            name = params.get("check-node");
        }
        if (name == null) {
            return null;
        }
        if (!name.toString().matches("[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?")) {
            return null;
        }
        Node target = name.equals("localhost") ? arrived : world.node(name.toString());
        if (target != arrived && !target.online) {
            throw ApiError.bare(595, "No route to host");
        }
        return target;
    }

    /** A storage whose server hangs makes calls about it hang until the proxy gives up. */
    private void hanging(ApiCall call, Map<String, Object> params) throws InterruptedException {
        if (!call.path().contains("/storage/{storage}") || call.path().startsWith("/storage")) {
            return;
        }
        Storage storage = world.storages.get(String.valueOf(params.get("storage")));
        if (storage != null && storage.hanging) {
            world.clock.pause(PROXY_LIMIT);
            throw ApiError.bare(596, "Connection timed out");
        }
    }

    static Calls calls() {
        return CALLS;
    }
}
