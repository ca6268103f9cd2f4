package dev.rackhouse.runbook;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of an {@link Outline}.
 *
 * @param key unique in its outline and the same from run to run: expected durations are looked up by it
 * @param title what the operator sees, in the imperative: {@code Create the VM}
 * @param unless is it so already? Then nothing is sent. Also decides, after a crash, whether the effect happened
 * @param confirm the proof that the effect is there
 * @param undo in the order in which they are done; empty: nothing to undo
 * @param question asked before anything is sent; null: no approval needed
 * @param limit how long the command itself (its task, its script) may take
 * @param expected how long it usually takes, until past runs know better
 * @param binds values taken from the command's own answer. After a crash that answer may be lost: take what later steps need from
 *     the {@code confirm} or a check of its own
 */
public record Step(
        String key,
        String title,
        Command command,
        @Nullable Check unless,
        @Nullable Proof confirm,
        List<Undo> undo,
        RetryPolicy retry,
        @Nullable String question,
        Duration limit,
        @Nullable Duration expected,
        List<Binding> binds) {

    /** Enough for ordinary tasks; imports and installations say their own. */
    public static final Duration USUAL_LIMIT = Duration.ofMinutes(10);

    public Step {
        undo = List.copyOf(undo);
        binds = List.copyOf(binds);
    }

    static Step of(String key, String title, Command command) {
        return new Step(
                key, title, command, null, null, List.of(), RetryPolicy.usual(), null, USUAL_LIMIT, null, List.of());
    }
}
