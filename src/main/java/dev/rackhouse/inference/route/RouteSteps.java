package dev.rackhouse.inference.route;

import dev.rackhouse.inference.EngineSteps;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.ServiceCall;
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

    /** Adds the step; its undo is the caller's. A file is compared by itself: what its reader tells of it may be of a moment ago. */
    public static Outline told(Outline outline, RouteChange change) {
        Outline grown = outline.step(change.key(), change.title(), change.command());
        return (change.command() instanceof FileEdit ? grown : grown.unless(change.isSo()))
                .confirm(change.isSo(), TOLD)
                .usually(Duration.ofSeconds(1));
    }

    /** Puts back what was recorded. */
    public static Undo back(RouteChange change) {
        return again(Undo.by(change.backTitle(), change.back()), change.back(), change.isBack());
    }

    /** The change itself as a part of the way back. */
    public static Undo alsoBack(RouteChange change) {
        return again(Undo.by(change.title(), change.command()), change.command(), change.isSo());
    }

    private static Undo again(Undo undo, Command command, Check isSo) {
        return (command instanceof FileEdit ? undo : undo.unless(isSo))
                .confirm(isSo, TOLD)
                .retry(PATIENT);
    }

    /**
     * A question as a client asks it, answered by the engine that it shall come to. LiteLLM writes the name that was asked for into each
     * answer (its releases of 2026); others leave the engine's.
     *
     * @param prefix before the path, see {@link RouteController#door}
     */
    public static Proof throughTheDoor(RouterAt router, String prefix, String name, EngineSteps engine) {
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
        Check answers = client.answers(Duration.ofSeconds(30));
        ServiceCall question = (ServiceCall) answers.read();
        String names = router.kind() == RouterKind.LITELLM ? engine.servedName() + " " + name : engine.servedName();
        return Proof.within(
                Duration.ofSeconds(60),
                new Check(question.at(prefix + question.path()), answers.all(), answers.binds())
                        .and(Condition.of(AnswerNamesModel.NAME, "model", names)));
    }
}
