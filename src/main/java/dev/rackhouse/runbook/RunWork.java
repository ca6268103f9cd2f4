package dev.rackhouse.runbook;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.runbook.Command.ApiCall;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One run in the hands of the executor that has taken it: what is stored, and what will be with the next {@link #save}. Not
 * thread-safe; lives as long as the executor works on the run without a pause.
 */
final class RunWork implements Machines.GuestKeys {

    /** A line for the live log. */
    record Line(Instant at, int step, String source, String text) {}

    final RunId id;
    final long epoch;
    final String mark;
    final String runbook;
    final String operator;
    final Outline outline;
    final Instant createdAt;
    final List<ActState> acts;
    final Map<String, String> bindings;
    final Map<String, String> guestKeys;
    final Redaction redaction;
    final List<EvidenceDraft> evidence = new ArrayList<>();
    final List<Line> lines = new ArrayList<>();
    RunState state;
    String message;
    String cancelAskedBy;
    boolean finishedNow;

    private final Map<String, String> secrets;
    private final RunJournal journal;
    private final Machines machines;
    private final Clock clock;

    RunWork(RunJournal.Stored stored, Map<String, String> secrets, RunJournal journal, Machines machines, Clock clock) {
        this.id = stored.id();
        this.epoch = stored.epoch();
        this.mark = stored.mark();
        this.runbook = stored.runbook();
        this.operator = stored.operator();
        this.outline = stored.outline();
        this.createdAt = stored.createdAt();
        this.acts = stored.acts();
        this.bindings = new TreeMap<>(stored.bindings());
        this.guestKeys = new LinkedHashMap<>(stored.guestKeys());
        this.state = stored.state();
        this.message = stored.message();
        this.cancelAskedBy = stored.cancelAskedBy();
        this.secrets = secrets;
        this.redaction = new Redaction(secrets.values());
        this.journal = journal;
        this.machines = machines;
        this.clock = clock;
    }

    /** @throws RunJournal.Fenced when another executor has taken the run meanwhile; nothing was written */
    void save(@Nullable ActState act) {
        journal.save(this, act);
    }

    Placeholders placeholders() {
        Map<String, String> values = new TreeMap<>(bindings);
        secrets.forEach((name, value) -> values.put("secret." + name, value));
        return Placeholders.of(outline, id, mark, values);
    }

    Instant now() {
        return clock.instant();
    }

    void log(int step, String source, String text) {
        String line = redaction.line(text);
        if (!line.isBlank()) {
            lines.add(new Line(now(), step, source, line));
        }
    }

    /** Takes the values that an answer was planned to give; those that are missing are named. */
    List<String> bind(int step, List<Binding> binds, Answer answer) {
        List<String> missing = new ArrayList<>();
        for (Binding binding : binds) {
            Optional<String> value = binding.find(answer);
            if (value.isEmpty()) {
                missing.add(binding.placeholder());
            } else if (!value.get().equals(bindings.put(binding.name(), value.get()))) {
                log(step, "run", binding.placeholder() + " is " + value.get());
            }
        }
        return missing;
    }

    EvidenceDraft evidence(ActSpec spec, ActState act, String part, Command command, boolean repeats) {
        EvidenceDraft draft = new EvidenceDraft(
                spec.step(),
                spec.named(part),
                act.attempt,
                machine(command),
                redaction.evidence(CommandText.literal(command)),
                now(),
                repeats);
        evidence.add(draft);
        return draft;
    }

    void answered(EvidenceDraft draft, Answer answer) {
        draft.answeredAt = now();
        draft.status = answer.status();
        draft.answer = redaction.evidence(answer.text());
        draft.error = redaction.evidence(answer.error());
        touch(draft);
    }

    void judged(EvidenceDraft draft, Judgement judgement) {
        draft.judgement = judgement.standing().name().toLowerCase(java.util.Locale.ROOT)
                + (judgement.because().isBlank() ? "" : ": " + redaction.line(judgement.because()));
        touch(draft);
    }

    void failed(EvidenceDraft draft, RemoteFailure failure) {
        draft.answeredAt = now();
        draft.error = redaction.line(String.valueOf(failure.getMessage()));
        if (failure instanceof RemoteFailure.Refused refused) {
            draft.status = refused.status();
        }
        touch(draft);
    }

    private void touch(EvidenceDraft draft) {
        if (!evidence.contains(draft)) {
            evidence.add(draft);
        }
    }

    private String machine(Command command) {
        return switch (command) {
            case ApiCall call -> machines.name(call.lab());
            case Command.ServiceCall call -> call.host().label();
            case Command.Shell shell -> shell.host().label();
            case Command.FileEdit edit -> edit.host().label();
            case Command.SysfsWrite write -> write.host().label();
            case Command.Wait wait -> machine(wait.until().check().read());
            case Command.Pause _ -> "console";
        };
    }

    ActState act(int step, int part) {
        return acts.stream()
                .filter(a -> a.step == step && a.part == part)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Run " + id + " has no step " + step + " part " + part));
    }

    @Override
    public Optional<String> known(String guest) {
        return Optional.ofNullable(guestKeys.get(guest));
    }

    @Override
    public void learned(String guest, String key) {
        guestKeys.put(guest, key);
        log(0, "run", "Met " + guest + " for the first time; its host key is " + key);
    }
}
