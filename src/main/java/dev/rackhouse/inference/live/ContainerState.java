package dev.rackhouse.inference.live;

import dev.rackhouse.inference.health.Observation.Process;
import dev.rackhouse.runbook.Answer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Docker tells about one container's process ({@code /containers/ID/json}, the part {@code State}).
 *
 * @param startedAt null: never started
 * @param said Docker's own words when it could not be started; empty else
 */
record ContainerState(Process process, @Nullable Instant startedAt, boolean outOfMemory, int restarts, String said) {

    static final Process ABSENT = new Process(Process.State.ABSENT, null, null);

    /** @return empty when the answer is no container */
    static Optional<ContainerState> of(Answer answer) {
        return answer.textAt("/State/Status").map(status -> {
            Instant started = answer.textAt("/State/StartedAt")
                    .flatMap(ContainerState::instant)
                    .orElse(null);
            Integer code = answer.textAt("/State/ExitCode")
                    .filter(c -> c.matches("-?\\d{1,9}"))
                    .map(Integer::valueOf)
                    .orElse(null);
            return new ContainerState(
                    process(status, started, code),
                    started,
                    answer.textAt("/State/OOMKilled").filter("true"::equals).isPresent(),
                    answer.textAt("/RestartCount")
                            .filter(c -> c.matches("\\d{1,9}"))
                            .map(Integer::valueOf)
                            .orElse(0),
                    answer.textAt("/State/Error").orElse(""));
        });
    }

    private static Process process(String status, @Nullable Instant started, @Nullable Integer code) {
        return switch (status) {
            case "running" -> new Process(Process.State.RUNNING, started, null);
            case "restarting" -> new Process(Process.State.RESTARTING, started, code);
            case "exited", "dead", "removing" -> new Process(Process.State.EXITED, started, code);
            case "created" -> new Process(Process.State.EXITED, null, null);
            default -> new Process(Process.State.UNKNOWN, started, null);
        };
    }

    /** Docker writes the year 1 for never. */
    private static Optional<Instant> instant(String text) {
        try {
            Instant at = Instant.parse(text);
            return at.isBefore(Instant.EPOCH) ? Optional.empty() : Optional.of(at);
        } catch (DateTimeException odd) {
            return Optional.empty();
        }
    }
}
