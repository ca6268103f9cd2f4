package dev.rackhouse.runbook.ui;

import dev.rackhouse.runbook.CommandText;
import dev.rackhouse.runbook.RunDetails;
import dev.rackhouse.runbook.RunDetails.RunStep;
import dev.rackhouse.runbook.StepState;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the run page says, made from the stored run alone. */
record RunTexts(RunDetails run) {

    /** {@code of about 3 min 10 s}; empty when nothing is known. */
    String expected() {
        long seconds = run.summary().expectedSeconds();
        return seconds == 0 ? "" : "of about " + CommandText.time(Duration.ofSeconds(seconds));
    }

    /** {@code usually 35 s}; empty when nothing is known. */
    static String expected(RunStep step) {
        return step.expectedSeconds() == 0
                ? ""
                : "usually " + CommandText.time(Duration.ofSeconds(step.expectedSeconds()));
    }

    /** Undo commands of steps that have done something, in the order in which they would run. */
    List<String> undos() {
        List<String> titles = new ArrayList<>();
        for (RunStep step : run.steps().reversed()) {
            boolean effect = switch (step.state()) {
                case DONE, RUNNING, WAITING, FAILED, UNDOING, UNDO_FAILED ->
                    run.outline().steps().get(step.number() - 1).command().changes();
                case PENDING, NEEDS_APPROVAL, ALREADY_DONE, UNDONE -> false;
            };
            if (effect) {
                run.outline().steps().get(step.number() - 1).undo().stream()
                        .map(Undo::title)
                        .forEach(titles::add);
            }
        }
        return titles;
    }

    String undoConsequence() {
        List<String> undos = undos();
        return undos.isEmpty()
                ? "Nothing that was done here can be undone, or nothing was done. The run ends as undone."
                : "In this order: " + String.join("; ", undos)
                        + ". Each only while the thing still bears this run's mark; what is not ours is left alone.";
    }

    String cancelConsequence() {
        String now = run.steps().stream()
                .filter(s -> s.state() == StepState.RUNNING)
                .map(s -> "\"" + s.title() + "\" is let to end, then the run stops. ")
                .findFirst()
                .orElse("The run stops before the next step. ");
        return now + left("Until you undo it, this stays: ");
    }

    String leaveConsequence() {
        return "The run ends here and its locks are freed. " + left("This stays as it is: ");
    }

    private String left(String intro) {
        List<String> done = run.steps().stream()
                .filter(s ->
                        s.state() == StepState.DONE || s.state() == StepState.RUNNING || s.state() == StepState.FAILED)
                .filter(s -> run.outline().steps().get(s.number() - 1).command().changes())
                .map(RunStep::title)
                .toList();
        return done.isEmpty() ? "Nothing has been changed so far." : intro + String.join("; ", done) + ".";
    }

    String retryConsequence() {
        return run.steps().stream()
                .filter(s -> s.state() == StepState.FAILED)
                .map(s -> "Goes on with \"" + s.title() + "\". It is looked up first whether it has happened.")
                .findFirst()
                .orElse("Goes on with the next step.");
    }

    /** What proves that it is done: the notes of the steps that were proved. */
    List<RunStep> proofs() {
        return run.steps().stream()
                .filter(s -> s.state() == StepState.DONE || s.state() == StepState.ALREADY_DONE)
                .filter(s -> run.outline().steps().get(s.number() - 1).confirm() != null
                        || !run.outline().steps().get(s.number() - 1).command().changes())
                .filter(s -> !s.note().isBlank())
                .toList();
    }

    /** What was changed, in a sentence. */
    String changed() {
        List<String> done = run.steps().stream()
                .filter(s -> s.state() == StepState.DONE)
                .filter(s -> run.outline().steps().get(s.number() - 1).command().changes())
                .map(RunStep::title)
                .toList();
        return done.isEmpty() ? "Nothing had to be changed." : done.stream().collect(Collectors.joining("; ", "", "."));
    }
}
