package dev.rackhouse.runbook;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evidence as parameters of its statements. */
final class EvidenceRows {

    private EvidenceRows() {}

    static Map<String, @Nullable Object> params(RunId run, EvidenceDraft draft) {
        Map<String, @Nullable Object> params = new HashMap<>();
        params.put("run", run.value());
        params.put("step", draft.step);
        params.put("part", draft.part);
        params.put("attempt", draft.attempt);
        params.put("machine", draft.machine);
        params.put("command", draft.command);
        params.put("sent", RunJournal.at(draft.sentAt));
        params.put("answered", draft.answeredAt == null ? null : RunJournal.at(draft.answeredAt));
        params.put("status", draft.status);
        params.put("answer", draft.answer);
        params.put("error", draft.error);
        params.put("judgement", draft.judgement);
        params.put("upid", draft.upid);
        return params;
    }
}
