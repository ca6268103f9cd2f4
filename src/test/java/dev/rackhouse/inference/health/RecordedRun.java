package dev.rackhouse.inference.health;

import dev.rackhouse.inference.health.Observation.Answer;
import dev.rackhouse.inference.health.Observation.Canary;
import dev.rackhouse.inference.health.Observation.GpuWork;
import dev.rackhouse.inference.health.Observation.Process;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A time series in a small text file: one line a look, with what it must be judged as; {@code log} lines come between. */
record RecordedRun(String name, List<Look> looks) {

    private static final Instant START = Instant.parse("2026-10-12T09:14:02Z");

    /** @param expected words of the standings that are right here */
    record Look(Observation observation, Set<String> expected) {}

    static RecordedRun read(String name) {
        LogReading log = LogReading.EMPTY;
        Long started = null;
        List<Look> looks = new ArrayList<>();
        for (String line : text(name).lines().filter(l -> !l.startsWith("#")).toList()) {
            if (line.startsWith("log at=")) {
                String[] parts = line.substring(7).split(" ", 2);
                log = log.with(START.plusSeconds(Long.parseLong(parts[0])), parts[1]);
                continue;
            }
            Map<String, String> f = new HashMap<>();
            for (String field : line.split(" ")) {
                f.put(field.substring(0, field.indexOf('=')), field.substring(field.indexOf('=') + 1));
            }
            Long start = number(f, "started");
            if (started != null
                    && !started.equals(start)
                    && looks.getLast().observation().log() != null) {
                log = LogReading.EMPTY;
            }
            started = start;
            looks.add(new Look(observation(f, log), Set.of(f.get("expect").split("\\|"))));
        }
        return new RecordedRun(name, looks);
    }

    private static Observation observation(Map<String, String> f, LogReading log) {
        Instant at = START.plusSeconds(Objects.requireNonNull(number(f, "at")));
        Long exit = number(f, "exit");
        String canary = f.get("canary");
        return new Observation(
                at,
                new Process(
                        Process.State.valueOf(f.get("process").toUpperCase(Locale.ROOT)),
                        START.plusSeconds(Objects.requireNonNull(number(f, "started"))),
                        exit == null ? null : exit.intValue()),
                Answer.valueOf(f.get("answer").toUpperCase(Locale.ROOT)),
                log.phase() == null ? null : log,
                sample(f),
                f.containsKey("ongpu") ? Double.valueOf(f.get("ongpu")) : null,
                number(f, "files"),
                gpu(f),
                canary == null ? null : Canary.valueOf(canary.toUpperCase(Locale.ROOT)));
    }

    private static @Nullable EngineSample sample(Map<String, String> f) {
        if (!f.containsKey("running")) {
            return null;
        }
        String kv = f.get("kv");
        return new EngineSample(
                Integer.parseInt(f.get("running")),
                Integer.parseInt(f.get("waiting")),
                number(f, "generated"),
                number(f, "prompt"),
                kv == null ? null : Double.valueOf(kv),
                number(f, "preemptions"),
                f.containsKey("asleep"));
    }

    private static @Nullable GpuWork gpu(Map<String, String> f) {
        if (!f.containsKey("power")) {
            return null;
        }
        String[] power = f.get("power").split("/");
        return new GpuWork(
                Double.valueOf(power[0]), Double.valueOf(power[1]), Double.valueOf(f.get("busy")), number(f, "memory"));
    }

    private static @Nullable Long number(Map<String, String> f, String key) {
        String text = f.get(key);
        return text == null ? null : Long.valueOf(text);
    }

    private static String text(String name) {
        try (InputStream in = RecordedRun.class.getResourceAsStream("/inference/runs/" + name + ".txt")) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
