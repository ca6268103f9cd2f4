package dev.rackhouse.runbook;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Command.Shell;

/** Reads a machine and judges the answer; leaves evidence, changes nothing. */
final class Looking {

    private final Machines machines;
    private final Judges judges;

    Looking(Machines machines, Judges judges) {
        this.machines = machines;
        this.judges = judges;
    }

    /**
     * Looks once. Values are bound when all conditions hold; one that is missing makes it not hold.
     *
     * @param part for the evidence: {@code unless}, {@code confirm}, {@code guard}
     * @throws RemoteFailure when there was no answer, or one that says "not now"
     */
    Judgement look(RunWork work, ActSpec spec, ActState act, Check planned, String part) {
        Check check = work.placeholders().fill(planned);
        EvidenceDraft draft = work.evidence(spec, act, part, check.read(), true);
        Answer answer;
        try {
            answer = read(work, check.read());
        } catch (RemoteFailure failure) {
            work.failed(draft, failure);
            throw failure;
        }
        work.answered(draft, answer);
        Judgement judgement = judges.judge(check, answer);
        if (judgement.holds()) {
            var missing = work.bind(spec.step(), check.binds(), answer);
            if (!missing.isEmpty()) {
                judgement = Judgement.fails("the answer does not give " + String.join(", ", missing));
            }
        }
        work.judged(draft, judgement);
        return judgement;
    }

    /** A refusal that a person would have to change is an answer too: conditions judge it. */
    private Answer read(RunWork work, Command read) {
        return switch (read) {
            case ApiCall call -> {
                try {
                    yield machines.call(call);
                } catch (RemoteFailure.Refused refused) {
                    boolean neverAsked = refused.status() == 0;
                    if (neverAsked || refused.worthRetrying()) {
                        throw refused;
                    }
                    yield Answer.refused(refused.status(), refused.cameBack());
                }
            }
            case ServiceCall call -> machines.call(call, work);
            case Shell shell -> machines.run(shell.host(), shell.script(), "", shell.timeout(), work);
            case Command.FileEdit _, Command.SysfsWrite _, Command.Wait _, Command.Pause _ ->
                throw new IllegalStateException("A check only reads: " + read);
        };
    }
}
