package dev.rackhouse.runbook;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run as a report in Markdown: what was planned, what was done, what came back. Redacted like the evidence it is made of. */
public final class RunReport {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private RunReport() {}

    public static String markdown(RunDetails run, List<Evidence> evidence) {
        StringBuilder text = new StringBuilder();
        RunSummary summary = run.summary();
        line(text, "# Run %s: %s".formatted(summary.id(), plain(summary.title())));
        line(text, "");
        line(text, "| | |");
        line(text, "|---|---|");
        row(text, "State", summary.state().word() + (summary.message().isBlank() ? "" : ": " + summary.message()));
        row(text, "Target", summary.target());
        row(text, "Runbook", summary.runbook() + ", version " + run.version());
        row(text, "Operator", summary.operator());
        row(text, "Reason", summary.reason().isBlank() ? "none given" : summary.reason());
        row(text, "Started", TIME.format(summary.createdAt()));
        row(
                text,
                "Ended",
                summary.finishedAt() == null
                        ? "not yet"
                        : TIME.format(summary.finishedAt()) + ", after "
                                + CommandText.time(Duration.between(summary.createdAt(), summary.finishedAt())));
        line(text, "");
        if (!run.bindings().isEmpty()) {
            line(text, "## Values that were born during the run");
            line(text, "");
            for (Map.Entry<String, String> value : run.bindings().entrySet()) {
                line(text, "- `{" + value.getKey() + "}` = `" + value.getValue().replace('`', '\'') + "`");
            }
            line(text, "");
        }
        line(text, "## Steps");
        line(text, "");
        for (RunDetails.RunStep step : run.steps()) {
            step(text, run, step, evidence);
        }
        return text.toString();
    }

    private static void step(StringBuilder text, RunDetails run, RunDetails.RunStep step, List<Evidence> evidence) {
        line(text, "### %d. %s".formatted(step.number(), plain(step.title())));
        line(text, "");
        line(
                text,
                "%s%s%s"
                        .formatted(
                                step.state().word(),
                                took(step.startedAt(), step.finishedAt()),
                                step.note().isBlank() ? "" : ": " + plain(step.note())));
        line(text, "");
        Step planned = run.outline().steps().get(step.number() - 1);
        line(text, "Planned:");
        fenced(text, CommandText.literal(planned.command()));
        for (Undo undo : planned.undo()) {
            line(text, "Undone by: " + plain(undo.title()));
            fenced(text, CommandText.literal(undo.command()));
        }
        for (Evidence e : evidence) {
            if (e.step() == step.number()) {
                evidence(text, e);
            }
        }
    }

    private static void evidence(StringBuilder text, Evidence e) {
        line(
                text,
                "- %s **%s** on %s%s%s"
                        .formatted(
                                TIME.format(e.sentAt()),
                                e.part(),
                                plain(e.machine()),
                                e.times() > 1 ? ", " + e.times() + " times, the last:" : "",
                                e.attempt() > 1 ? " (attempt " + e.attempt() + ")" : ""));
        fenced(text, e.command());
        String status = e.status() == null ? "no answer" : "answered " + e.status();
        line(
                text,
                status
                        + took(e.sentAt(), e.answeredAt())
                        + (e.upid() == null ? "" : ", task `" + e.upid() + "`")
                        + (e.judgement().isBlank() ? "" : "; " + plain(e.judgement())));
        line(text, "");
        if (!e.answer().isBlank() && !e.answer().equals("null")) {
            fenced(text, e.answer());
        }
        if (!e.error().isBlank()) {
            fenced(text, e.error());
        }
    }

    private static String took(@Nullable Instant from, @Nullable Instant to) {
        if (from == null || to == null) {
            return "";
        }
        long millis = Duration.between(from, to).toMillis();
        return millis < 10_000
                ? String.format(Locale.ROOT, " after %.1f s", millis / 1000.0)
                : " after " + CommandText.time(Duration.ofMillis(millis));
    }

    /** Names from machines must not become Markdown. */
    private static String plain(String text) {
        return Redaction.oneLine(text).replaceAll("([\\\\`*_\\[\\]<>|#])", "\\\\$1");
    }

    private static void row(StringBuilder text, String name, String value) {
        line(text, "| " + name + " | " + plain(value) + " |");
    }

    /** The fence is longer than any run of backticks inside. */
    private static void fenced(StringBuilder text, String content) {
        String fence = "```";
        while (content.contains(fence)) {
            fence += "`";
        }
        line(text, "");
        line(text, fence);
        line(text, content.stripTrailing());
        line(text, fence);
        line(text, "");
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }
}
