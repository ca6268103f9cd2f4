package dev.rackhouse.inference.live;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.health.Observation.Process;
import dev.rackhouse.runbook.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Engines that run without containers, as on a Mac.
 *
 * @param running null when nobody could tell
 */
record Programs(@Nullable List<Running> running) {

    private static final Pattern LINE =
            Pattern.compile("\\s*(\\d{1,10})\\s+(?:(\\d{1,5})-)?(?:(\\d{1,2}):)?(\\d{1,2}):(\\d{2})\\s+(\\S.*)");
    private static final Duration SAME = Duration.ofSeconds(5);

    /** A program, with its whole command line. */
    record Running(String pid, Instant startedAt, String command) {}

    /** Asks {@code ps} in the words that macOS and Linux share. */
    static Programs read(PlaceDoor door, Instant at, Map<String, Instant> known) {
        Answer answer = door.shell("LC_ALL=C ps -axo pid=,etime=,command=");
        return answer.succeeded() ? read(answer.text(), at, known) : new Programs(null);
    }

    /** @param known when programs began, as told before: {@code ps} tells it to the second, so it moves by one now and then */
    static Programs read(String text, Instant at, Map<String, Instant> known) {
        List<Running> running = new ArrayList<>();
        for (String line : text.lines().toList()) {
            Matcher m = LINE.matcher(line);
            if (m.matches()) {
                Instant began = at.minusSeconds(86_400L * number(m.group(2))
                        + 3600L * number(m.group(3))
                        + 60L * number(m.group(4))
                        + number(m.group(5)));
                Instant before = known.get(m.group(1));
                Instant since =
                        before != null && Duration.between(before, began).abs().compareTo(SAME) < 0 ? before : began;
                running.add(new Running(m.group(1), since, m.group(6)));
            }
        }
        return new Programs(List.copyOf(running));
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    /**
     * The deployment's process: the program of its image that listens on its port.
     *
     * @param answered whether its port answered; tells where the list does not
     */
    Process process(Deployment deployment, boolean answered) {
        List<Running> all = running;
        Process unknown = new Process(answered ? Process.State.RUNNING : Process.State.UNKNOWN, null, null);
        if (all == null) {
            return unknown;
        }
        String program = deployment.image().substring(deployment.image().lastIndexOf('/') + 1);
        return all.stream()
                .filter(r -> r.command().contains(program)
                        && r.command().matches(".*--port[ =]" + deployment.port() + "(?!\\d).*"))
                .findFirst()
                .map(r -> new Process(Process.State.RUNNING, r.startedAt(), null))
                .orElse(answered ? unknown : ContainerState.ABSENT);
    }
}
