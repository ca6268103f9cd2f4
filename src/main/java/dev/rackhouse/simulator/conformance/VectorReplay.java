package dev.rackhouse.simulator.conformance;

import dev.rackhouse.simulator.pve.ParameterCheck;
import dev.rackhouse.simulator.pve.PveSimulator;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends parameter sets over the wire as root@pam and compares verdict and texts with those of the real check. */
final class VectorReplay {
    /** Verdict about one vector. */
    record Line(String name, Verdict verdict, String reason) {}

    private final Wire wire;
    private final PveSimulator lab;
    private String ticket = "";
    private String csrf = "";

    VectorReplay(PveSimulator lab) {
        this.lab = lab;
        this.wire = new Wire(lab.nodes().getFirst().url());
    }

    List<Line> play(JsonNode vectors) throws IOException, InterruptedException {
        List<Line> lines = new ArrayList<>();
        int index = 0;
        for (JsonNode vector : vectors) {
            lines.add(one(index++, vector));
        }
        return lines;
    }

    private Line one(int index, JsonNode vector) throws IOException, InterruptedException {
        String method = vector.get("method").asString();
        String path = vector.get("path").asString();
        JsonNode params = vector.path("params");
        String text = params.toString();
        String name = "vector " + index + " " + method + " " + path + " "
                + (text.length() > 120 ? text.substring(0, 120) + "..." : text);
        Map<String, Object> plain = new LinkedHashMap<>();
        params.forEachEntry((key, value) -> plain.put(key, value(value)));
        Optional<Map<String, String>> own = ParameterCheck.check(method, path, plain);
        if (own.isEmpty()) {
            return new Line(name, Verdict.UNUSED, "not a call of the console");
        }
        Map<String, String> expected = new LinkedHashMap<>();
        vector.path("errors").forEachEntry((key, value) -> expected.put(key, value.asString()));
        Wire.Answer answer = patiently(method, path, params, plain);
        Map<String, String> found = new LinkedHashMap<>();
        if (answer.status() == 400) {
            JsonMapper.shared()
                    .readTree(answer.body())
                    .path("errors")
                    .forEachEntry((key, value) -> found.put(key, value.asString()));
        }
        if (expected.isEmpty() && own.get().isEmpty()) {
            // what the code behind the check says about the world is another matter
            return new Line(name, Verdict.EXACT, "");
        }
        if (sorted(expected).equals(sorted(found))
                && (expected.isEmpty() || answer.reason().equals("Parameter verification failed."))) {
            return new Line(name, Verdict.EXACT, "");
        }
        return new Line(name, Verdict.DEVIATING, "expected " + expected + ", here " + answer.status() + " " + found);
    }

    private static Map<String, List<String>> sorted(Map<String, String> errors) {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        errors.forEach((key, text) -> lines.put(key, Comparison.lines(text)));
        return lines;
    }

    private static Object value(JsonNode value) {
        if (value.isArray()) {
            List<Object> items = new ArrayList<>();
            value.forEach(item -> items.add(value(item)));
            return items;
        }
        if (value.isObject()) {
            return value.path("repeat").asString("").repeat(value.path("times").asInt(0));
        }
        if (value.isBoolean()) {
            return value.asBoolean() ? "1" : "0";
        }
        return value.asString();
    }

    /** A vector may reboot the node; it is there again in a moment. */
    private Wire.Answer patiently(String method, String path, JsonNode params, Map<String, Object> plain)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (true) {
            try {
                Wire.Answer answer = send(method, path, params, plain);
                if (answer.status() != 401 || path.equals("/access/ticket")) {
                    return answer;
                }
                ticket = "";
            } catch (ConnectException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(Duration.ofMillis(20));
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(Duration.ofMillis(20));
            }
        }
    }

    private Wire.Answer send(String method, String path, JsonNode params, Map<String, Object> plain)
            throws IOException {
        if (ticket.isEmpty()) {
            signIn();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Cookie", "PVEAuthCookie=" + encode(ticket));
        headers.put("CSRFPreventionToken", csrf);
        boolean typed = false;
        for (JsonNode value : params) {
            typed |= value.isBoolean() || value.isNumber();
        }
        String url = "/api2/json" + path;
        if (method.equals("GET") || method.equals("DELETE")) {
            return wire.send(method, plain.isEmpty() ? url : url + "?" + form(plain), headers, null, null);
        }
        String body = typed ? params.toString() : form(plain);
        return wire.send(
                method,
                url,
                headers,
                typed ? "application/json" : "application/x-www-form-urlencoded",
                body.getBytes(StandardCharsets.UTF_8));
    }

    private void signIn() throws IOException {
        String password = lab.seed().access().users().stream()
                .filter(user -> user.userid().equals("root@pam"))
                .map(user -> String.valueOf(user.password()))
                .findFirst()
                .orElse("");
        Wire.Answer login = wire.send(
                "POST",
                "/api2/json/access/ticket",
                Map.of(),
                "application/x-www-form-urlencoded",
                ("username=root%40pam&password=" + encode(password)).getBytes(StandardCharsets.UTF_8));
        JsonNode data = JsonMapper.shared().readTree(login.body()).path("data");
        ticket = data.path("ticket").asString("");
        csrf = data.path("CSRFPreventionToken").asString("");
    }

    private static String form(Map<String, Object> params) {
        List<String> pairs = new ArrayList<>();
        params.forEach((key, value) -> {
            if (value instanceof List<?> items) {
                items.forEach(item -> pairs.add(encode(key) + "=" + encode(String.valueOf(item))));
            } else {
                pairs.add(encode(key) + "=" + encode(value.toString()));
            }
        });
        return String.join("&", pairs);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
