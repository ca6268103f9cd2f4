package dev.rackhouse.inference.route;

import dev.rackhouse.inference.EngineSteps;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Proof;
import dev.rackhouse.runbook.RetryPolicy;
import dev.rackhouse.runbook.Service;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;

/** How a run tells a router something, takes it back, and asks as a client does. Data only. */
public final class RouteSteps {

    private static final Duration TOLD = Duration.ofSeconds(15);

    /** On the way back nobody is served: a router that hiccups is asked for some minutes before a person is needed. */
    private static final RetryPolicy PATIENT = RetryPolicy.times(8, Duration.ofSeconds(3));

    private RouteSteps() {}

    /** Adds the step; its undo is the caller's. */
    public static Outline told(Outline outline, RouteChange change) {
        return outline.step(change.key(), change.title(), change.command())
                .unless(change.isSo())
                .confirm(change.isSo(), TOLD)
                .usually(Duration.ofSeconds(1));
    }

    /** Puts back what was recorded. */
    public static Undo back(RouteChange change) {
        return Undo.by(change.backTitle(), change.back())
                .unless(change.isBack())
                .confirm(change.isBack(), TOLD)
                .retry(PATIENT);
    }

    /** The change itself as a part of the way back. */
    public static Undo alsoBack(RouteChange change) {
        return Undo.by(change.title(), change.command())
                .unless(change.isSo())
                .confirm(change.isSo(), TOLD)
                .retry(PATIENT);
    }

    /** A question as a client asks it, answered by the engine that it shall come to. */
    public static Proof throughTheDoor(RouterAt router, String name, EngineSteps engine) {
        String bearer = router.door() instanceof Service.LocalPort port ? port.bearer() : "";
        EngineSteps client = new EngineSteps(
                router.host(),
                engine.container(),
                engine.kind(),
                engine.purpose(),
                router.clients(),
                name,
                bearer,
                0,
                engine.budget());
        return Proof.within(
                Duration.ofSeconds(60),
                client.answers(Duration.ofSeconds(30))
                        .and(Condition.of(AnswerNamesModel.NAME, "model", engine.servedName())));
    }
}
