package dev.rackhouse.simulator.pve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.jspecify.annotations.Nullable;

/** Turns one HTTP request into one answer, with the transport's own refusals. */
final class Exchange {
    private static final int BODY_LIMIT = 512 * 1024;
    private static final int OLD_BODY_LIMIT = 64 * 1024;
    private static final String JSON = "application/json;charset=UTF-8";

    private final Engine engine;
    private final World world;
    private final Counters counters;
    private final Faults faults;
    private final Duration unauthorizedDelay;

    Exchange(Engine engine, World world, Counters counters, Faults faults, Duration unauthorizedDelay) {
        this.engine = engine;
        this.world = world;
        this.counters = counters;
        this.faults = faults;
        this.unauthorizedDelay = unauthorizedDelay;
    }

    /** The answer, or null when the connection shall just end. */
    @Nullable
    ClassicHttpResponse handle(Node node, ClassicHttpRequest request) throws IOException {
        String method = request.getMethod();
        String target = request.getRequestUri();
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? "" : target.substring(question + 1);
        Counters.Open counted = counters.open(node.name(), method, path);
        try {
            return faulty(node, request, method, path, query, counted);
        } catch (ApiError e) {
            return refused(node, e, counted);
        } catch (InterruptedException e) {
            return null;
        } catch (RuntimeException e) {
            System.getLogger("simulator").log(System.Logger.Level.ERROR, method + " " + path, e);
            return refused(node, ApiError.died("simulator fault: " + e), counted);
        }
    }

    private @Nullable ClassicHttpResponse faulty(
            Node node, ClassicHttpRequest request, String method, String path, String query, Counters.Open counted)
            throws IOException, InterruptedException {
        Faults.Fault fault = faults.take(node.name(), method, path);
        if (fault != null) {
            switch (fault.kind()) {
                case "refuse" -> throw ApiError.of(fault.status(), fault.text());
                case "delay" -> world.clock.pause(Duration.ofMillis(fault.millis()));
                case "close" -> {
                    counted.end(0);
                    return null;
                }
                default -> {}
            }
        }
        ClassicHttpResponse answer = plain(node, request, method, path, query, counted);
        if (fault != null && fault.kind().equals("drop")) {
            return null;
        }
        if (fault != null && fault.kind().equals("garbage")) {
            answer.setEntity(new ByteArrayEntity("{\"data\":[{\"x\":".getBytes(StandardCharsets.UTF_8), null));
            answer.setHeader("Content-Length", "14");
        }
        return answer;
    }

    private ClassicHttpResponse plain(
            Node node, ClassicHttpRequest request, String method, String path, String query, Counters.Open counted)
            throws IOException, InterruptedException {
        if (!List.of("GET", "POST", "PUT", "DELETE").contains(method)) {
            counted.end(501);
            return bare(501, "method '" + method + "' not available");
        }
        if (request.containsHeader("Transfer-Encoding")) {
            counted.end(501);
            return text(501, "chunked transfer encoding not supported");
        }
        String rest;
        boolean wrapped = path.startsWith("/api2/extjs/");
        if (path.startsWith("/api2/json/") || wrapped) {
            rest = path.substring("/api2/json".length() + (wrapped ? 1 : 0));
        } else {
            counted.end(501);
            return text(501, "no such uri");
        }
        byte[] body = body(request, node);
        boolean bodyless = method.equals("GET") || method.equals("DELETE");
        if (bodyless && body.length > 0) {
            counted.end(501);
            return text(501, "Unexpected content for method '" + method + "'");
        }
        if (body.length > limit(node) && !rest.endsWith("/upload")) {
            counted.end(501);
            return text(501, "for data too large");
        }
        Map<String, Object> params = Bodies.form(query);
        byte[] upload = null;
        if (body.length > 0) {
            String type = header(request, "Content-Type");
            String bare =
                    type == null ? "" : type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
            String content = new String(body, StandardCharsets.UTF_8);
            switch (bare) {
                case "application/x-www-form-urlencoded", "" -> params.putAll(Bodies.form(content));
                case "application/json" -> {
                    try {
                        params.putAll(Bodies.json(content));
                    } catch (ApiError e) {
                        counted.end(500);
                        return text(500, e.text());
                    }
                }
                case "multipart/form-data" -> {
                    upload = body;
                    params.putAll(Multipart.fields(type == null ? "" : type, body));
                }
                default -> {
                    counted.end(506);
                    return text(506, "upload 'Content-Type '" + type + "' not implemented");
                }
            }
        }
        Engine.Request asked = new Engine.Request(
                method,
                rest,
                params,
                header(request, "Authorization"),
                ticket(request),
                header(request, "CSRFPreventionToken"),
                upload,
                null);
        Object data = engine.answer(node, asked);
        counted.end(200);
        return ok(data);
    }

    private static int limit(Node node) {
        return node.level() < 804 ? OLD_BODY_LIMIT : BODY_LIMIT;
    }

    private static byte[] body(ClassicHttpRequest request, Node node) throws IOException {
        HttpEntity entity = request.getEntity();
        if (entity == null) {
            return new byte[0];
        }
        boolean upload = request.getRequestUri().contains("/upload");
        return entity.getContent().readNBytes(upload ? 256 << 20 : limit(node) + 1);
    }

    private static @Nullable String header(ClassicHttpRequest request, String name) {
        Header header = request.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }

    private static @Nullable String ticket(ClassicHttpRequest request) {
        String cookies = header(request, "Cookie");
        if (cookies == null) {
            return null;
        }
        for (String cookie : cookies.split(";\\s*")) {
            if (cookie.startsWith("PVEAuthCookie=")) {
                return Bodies.decode(cookie.substring("PVEAuthCookie=".length()).replace("+", "%2B"));
            }
        }
        return null;
    }

    private static ClassicHttpResponse ok(@Nullable Object data) {
        Map<String, Object> body = new LinkedHashMap<>();
        Object value = data;
        if (data instanceof Handler.Extra extra) {
            body.putAll(extra.beside());
            value = extra.data();
        }
        Map<String, @Nullable Object> whole = new LinkedHashMap<>(body);
        whole.put("data", value);
        return json(200, "OK", whole);
    }

    private @Nullable ClassicHttpResponse refused(Node node, ApiError e, Counters.Open counted) {
        counted.end(e.status());
        if (e.status() == 401) {
            try {
                world.clock.pause(unauthorizedDelay);
            } catch (InterruptedException stopped) {
                return null;
            }
        }
        String reason = e.text().lines().findFirst().orElse("");
        if (e.isBare()) {
            return bare(e.status(), reason);
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("data", null);
        if (node.level() < 804) {
            return withErrors(e, reason, body);
        }
        boolean routing = e.status() == 501 && reason.startsWith("Method '");
        body.put("message", routing || e.text().endsWith("\n") ? e.text() : e.text() + "\n");
        return withErrors(e, reason, body);
    }

    /** Before 8.4 the text stands in the reason phrase only. */
    private static ClassicHttpResponse withErrors(ApiError e, String reason, Map<String, @Nullable Object> body) {
        if (!e.errors().isEmpty()) {
            body.put("errors", e.errors());
        }
        return json(e.status(), reason, body);
    }

    private static ClassicHttpResponse json(int status, String reason, Object body) {
        byte[] bytes = Json.write(body).getBytes(StandardCharsets.UTF_8);
        return response(status, reason, bytes, JSON);
    }

    private static ClassicHttpResponse text(int status, String message) {
        return response(status, message, (message + "\n").getBytes(StandardCharsets.UTF_8), null);
    }

    /** No body, no type, and no length: the end of the connection ends the answer. */
    private static ClassicHttpResponse bare(int status, String reason) {
        ClassicHttpResponse response = head(status, reason);
        return response;
    }

    private static ClassicHttpResponse response(int status, String reason, byte[] body, @Nullable String type) {
        ClassicHttpResponse response = head(status, reason);
        if (type != null) {
            response.setHeader("Content-Type", type);
        }
        response.setHeader("Content-Length", Integer.toString(body.length));
        response.setEntity(new ByteArrayEntity(body, null));
        return response;
    }

    private static ClassicHttpResponse head(int status, String reason) {
        BasicClassicHttpResponse response = new BasicClassicHttpResponse(status, reason);
        response.setHeader("Server", "pve-api-daemon/3.0");
        response.setHeader("Cache-Control", "max-age=0");
        response.setHeader("Pragma", "no-cache");
        response.setHeader(
                "Date",
                java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        java.time.ZonedDateTime.now(java.time.ZoneOffset.UTC)));
        return response;
    }
}
