package dev.rackhouse.runbook;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.proxmox.Upid;
import dev.rackhouse.runbook.Command.ApiCall;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Follows tasks of Proxmox, and finds those whose UPID was lost. */
final class TaskFollower {

    /** How far the clocks of console and node may differ. Tasks of other runs are told apart by their UPIDs, not by time. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final Machines machines;
    private final RunJournal journal;

    TaskFollower(Machines machines, RunJournal journal) {
        this.machines = machines;
        this.journal = journal;
    }

    /** How a task stands. */
    sealed interface Standing {
        record Running() implements Standing {}

        /** @param warnings 0: plain OK */
        record Ended(int warnings) implements Standing {}

        /** @param temporary a lock was held: worth another attempt */
        record Failed(String text, boolean temporary) implements Standing {}

        /** The node does not know the task (any more). */
        record Unknown(String text) implements Standing {}
    }

    /** Looks once, and copies new lines of its log. */
    Standing look(RunWork work, ActSpec spec, ActState act, LabId lab, Upid upid) {
        ApiCall status = ApiCall.get(lab, path(upid) + "/status");
        EvidenceDraft draft = work.evidence(spec, act, "task", status, true);
        draft.upid = upid.text();
        Answer answer;
        try {
            answer = machines.call(status);
        } catch (RemoteFailure.Refused refused) {
            work.failed(draft, refused);
            if (refused.worthRetrying()) {
                throw refused;
            }
            return new Standing.Unknown(refused.cameBack());
        } catch (RemoteFailure failure) {
            work.failed(draft, failure);
            throw failure;
        }
        work.answered(draft, answer);
        copyLog(work, act, lab, upid);
        if (!answer.textAt("/status").orElse("").equals("stopped")) {
            return new Standing.Running();
        }
        String exit = answer.textAt("/exitstatus").orElse("unexpected status");
        if (exit.equals("OK")) {
            return new Standing.Ended(0);
        }
        if (exit.startsWith("WARNINGS:")) {
            String count = exit.substring("WARNINGS:".length()).strip();
            return new Standing.Ended(count.matches("\\d{1,6}") ? Integer.parseInt(count) : 1);
        }
        boolean lockHeld = exit.contains("can't lock file") || exit.contains("got lock request timeout");
        return new Standing.Failed(exit, lockHeld);
    }

    private void copyLog(RunWork work, ActState act, LabId lab, Upid upid) {
        try {
            Answer log = machines.call(ApiCall.get(lab, path(upid) + "/log")
                    .with("start", act.logAt)
                    .with("limit", 500));
            for (JsonNode row : log.json().orElseThrow()) {
                long number = row.path("n").asLong(0);
                String text = Answer.plain(row.path("t"));
                if (number > act.logAt && !text.equals("no content")) {
                    work.log(act.step, "task", text);
                    act.logAt = number;
                }
            }
        } catch (RemoteFailure | java.util.NoSuchElementException notNow) {
            // the log is for the eyes: the next look gets the lines
        }
    }

    /**
     * The task that a call has started, when its answer was lost: of the right kind, by our own token, on the right guest, begun
     * after we meant to send it, and not known to the journal as another's.
     */
    Optional<Upid> find(RunWork work, ActSpec spec, ActState act, ApiCall sent) {
        TaskTrace trace = TaskTrace.of(sent).orElse(null);
        if (trace == null || act.intentAt == null) {
            return Optional.empty();
        }
        Instant since = act.intentAt.minus(SKEW);
        ApiCall list = ApiCall.get(sent.lab(), "/nodes/" + trace.node() + "/tasks")
                .with("source", "all")
                .with("since", since.getEpochSecond())
                .with("limit", 500);
        EvidenceDraft draft = work.evidence(spec, act, "look up", list, true);
        Answer answer;
        try {
            answer = machines.call(list);
        } catch (RemoteFailure failure) {
            work.failed(draft, failure);
            throw failure;
        }
        work.answered(draft, answer);
        Set<String> known = journal.knownUpids(since);
        String user = machines.tokenUser(sent.lab());
        Optional<Upid> found = answer.json().stream()
                .flatMap(rows -> rows.valueStream())
                .map(row -> Upid.find(Answer.plain(row.path("upid"))))
                .flatMap(Optional::stream)
                .filter(u -> u.type().equals(trace.type()) && (trace.id().isEmpty() || u.id().equals(trace.id())))
                .filter(u -> u.user().equals(user) && !u.startedAt().isBefore(since) && !known.contains(u.text()))
                .min(Comparator.comparing(Upid::startedAt));
        work.judged(
                draft, found.map(u -> Judgement.holds("found " + u)).orElseGet(() -> Judgement.fails("no such task")));
        return found;
    }

    private static String path(Upid upid) {
        return "/nodes/" + upid.node() + "/tasks/" + upid.text();
    }
}
