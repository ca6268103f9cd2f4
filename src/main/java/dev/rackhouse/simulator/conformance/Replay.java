package dev.rackhouse.simulator.conformance;

import dev.rackhouse.simulator.pve.ParameterCheck;
import dev.rackhouse.simulator.pve.PveSimulator;
import dev.rackhouse.simulator.world.LabSeed.TokenSeed;
import dev.rackhouse.simulator.world.LabSeed.UserSeed;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Plays recordings in order against a live lab and compares each answer with the one that was seen. */
final class Replay {
    private static final Pattern TOKEN = Pattern.compile("API token ([^\\s,]+)(.*)");
    private static final Pattern TICKET = Pattern.compile("ticket cookie of ([^\\s,]+)(.*)");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Verdict about one recording. */
    record Line(Recording recording, Verdict verdict, String reason) {}

    private final PveSimulator lab;
    private final Wire wire;
    private final StateRows states;
    private final Bindings bindings = new Bindings();
    private final Map<String, String> secrets = new HashMap<>();
    private final Map<String, String> passwords = new HashMap<>();

    Replay(PveSimulator lab, StateRows states) {
        this.lab = lab;
        this.states = states;
        this.wire = new Wire(lab.nodes().getFirst().url());
        for (UserSeed user : lab.seed().access().users()) {
            for (TokenSeed token : user.tokens()) {
                secrets.put(user.userid() + "!" + token.id(), token.secret());
            }
            if (user.password() != null) {
                passwords.put(user.userid(), user.password());
            }
        }
    }

    List<Line> play(List<Recording> recordings) throws IOException, InterruptedException {
        List<Line> lines = new ArrayList<>();
        for (Recording recording : recordings) {
            lines.add(one(recording));
        }
        return lines;
    }

    private Line one(Recording recording) throws IOException, InterruptedException {
        states.before(recording.id());
        String call = recording.call();
        if (call == null) {
            return new Line(recording, Verdict.UNUSED, "extjs format");
        }
        boolean known = ParameterCheck.knows(recording.method(), bindings.here(call));
        boolean transport =
                List.of("HEAD", "OPTIONS", "PATCH").contains(recording.method()) || recording.status() == 501;
        if (!known && !transport) {
            return new Line(recording, Verdict.UNUSED, "not a call of the console");
        }
        setClock(recording);
        Wire.Answer answer = send(recording);
        if (waits(recording)) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!ended(answer) && System.nanoTime() < deadline) {
                Thread.sleep(Duration.ofMillis(10));
                answer = send(recording);
            }
        }
        Comparison comparison = compare(recording, answer);
        return new Line(recording, comparison.verdict(), comparison.reason());
    }

    /** The time of a task is in its id: the lab's clock is set to it, as a state like any other. */
    private void setClock(Recording recording) {
        JsonNode body = recording.body();
        String data = body == null ? "" : body.path("data").asString("");
        Matcher upid = Pattern.compile("UPID:[^:]+:[0-9A-F]{8}:[0-9A-F]{8,9}:([0-9A-F]{8}):.*")
                .matcher(data);
        if (upid.matches()) {
            lab.clock(Long.parseLong(upid.group(1), 16));
        }
    }

    private static boolean waits(Recording recording) {
        JsonNode body = recording.body();
        JsonNode data = body == null ? null : body.get("data");
        if (data == null || !recording.path().contains("/tasks/")) {
            return false;
        }
        if (data.isArray() && !data.isEmpty()) {
            return data.toString().contains("\"TASK ");
        }
        return "stopped".equals(data.path("status").asString(""));
    }

    private static boolean ended(Wire.Answer answer) {
        return answer.body().contains("\"status\":\"stopped\"")
                || answer.body().contains("\"t\":\"TASK ")
                || answer.status() != 200;
    }

    private Wire.Answer send(Recording recording) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        authorise(recording.auth(), headers);
        String path = bindings.here(recording.path()).replace(" ", "%20");
        JsonNode params = recording.params();
        byte[] body = null;
        String type = recording.contentType();
        boolean query = recording.method().equals("GET") || recording.method().equals("DELETE") && type == null;
        if (recording.rawBody() != null) {
            body = recording.rawBody().getBytes(StandardCharsets.UTF_8);
        } else if (params != null && query) {
            String text = form(recording, params);
            path += text.isEmpty() ? "" : "?" + text;
        } else if (params != null) {
            boolean json = type != null && type.startsWith("application/json");
            body = (json ? params.toString() : form(recording, params)).getBytes(StandardCharsets.UTF_8);
        }
        return wire.send(recording.method(), path, headers, body == null && query ? null : type, body);
    }

    private String form(Recording recording, JsonNode params) {
        List<String> pairs = new ArrayList<>();
        if (params.isArray()) {
            params.forEach(pair -> pairs.add(pair(recording, params, pair.get(0).asString(), pair.get(1))));
        } else {
            params.forEachEntry((name, value) -> {
                if (value.isArray()) {
                    value.forEach(item -> pairs.add(pair(recording, params, name, item)));
                } else {
                    pairs.add(pair(recording, params, name, value));
                }
            });
        }
        return String.join("&", pairs);
    }

    private String pair(Recording recording, JsonNode params, String name, JsonNode value) {
        String text = value.isBoolean() ? value.asBoolean() ? "1" : "0" : value.asString();
        if (text.equals("<password>")) {
            String user = params.path("username").asString("");
            text = passwords.getOrDefault(user, "recorded");
        }
        return encode(name) + "=" + encode(bindings.here(text));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void authorise(String auth, Map<String, String> headers) throws IOException {
        Matcher token = TOKEN.matcher(auth);
        Matcher ticket = TICKET.matcher(auth);
        if (token.matches()) {
            boolean wrong = !token.group(2).isBlank() && !token.group(2).contains("privsep");
            String secret = wrong ? "wrong" : secrets.getOrDefault(token.group(1), "unknown");
            headers.put("Authorization", "PVEAPIToken=" + token.group(1) + "=" + secret);
        } else if (auth.contains("API token")) {
            headers.put("Authorization", "PVEAPIToken=root@pam!nosuch=11111111-2222-3333-4444-555555555555");
        } else if (ticket.matches()) {
            signIn(ticket.group(1), ticket.group(2), headers);
        } else if (auth.contains("ticket")) {
            headers.put("Cookie", "PVEAuthCookie=" + encode("PVE:root@pam:00000000::forged"));
        } else if (auth.startsWith("Bearer")) {
            headers.put("Authorization", auth);
        }
    }

    private void signIn(String user, String rest, Map<String, String> headers) throws IOException {
        String body = "username=" + encode(user) + "&password=" + encode(passwords.getOrDefault(user, ""));
        Wire.Answer login = wire.send(
                "POST",
                "/api2/json/access/ticket",
                Map.of(),
                "application/x-www-form-urlencoded",
                body.getBytes(StandardCharsets.UTF_8));
        JsonNode data = JsonMapper.shared().readTree(login.body()).path("data");
        headers.put("Cookie", "PVEAuthCookie=" + encode(data.path("ticket").asString("")));
        String words = rest.toLowerCase(java.util.Locale.ROOT);
        boolean without = words.contains("no csrf") || words.contains("without") || words.isBlank();
        if (words.contains("csrf") && !without) {
            boolean wrong = words.contains("wrong") || words.contains("bad") || words.contains("stale");
            headers.put(
                    "CSRFPreventionToken",
                    wrong ? "00000000:x" : data.path("CSRFPreventionToken").asString(""));
        }
    }

    private Comparison compare(Recording recording, Wire.Answer answer) {
        Comparison comparison = new Comparison(bindings, recording.note().contains("list cut"));
        if (answer.status() != recording.status()) {
            comparison.worse(
                    Verdict.DEVIATING,
                    "status " + recording.status() + " " + recording.reason() + " was seen, here " + answer.status()
                            + " " + answer.reason());
            return comparison;
        }
        if (!bindings.same(recording.reason(), answer.reason())) {
            comparison.worse(
                    Verdict.DEVIATING, "reason '" + recording.reason() + "' was seen, here '" + answer.reason() + "'");
            return comparison;
        }
        JsonNode seen = recording.body();
        String raw = recording.rawAnswer();
        if (seen != null) {
            comparison.bodies(seen, parse(answer.body()));
        } else if (raw != null) {
            if (!raw.strip().equals(answer.body().strip())) {
                comparison.worse(
                        Verdict.DEVIATING, "body '" + raw.strip() + "' was seen, here '" + answer.body() + "'");
            }
        } else if (!answer.body().isBlank() && answer.type() != null) {
            comparison.worse(Verdict.DEVIATING, "no body was seen, here " + answer.body());
        }
        return comparison;
    }

    private static @Nullable JsonNode parse(String body) {
        try {
            return JsonMapper.shared().readTree(body);
        } catch (JacksonException e) {
            return null;
        }
    }
}
