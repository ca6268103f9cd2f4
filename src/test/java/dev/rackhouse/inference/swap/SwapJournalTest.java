package dev.rackhouse.inference.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.Mode;
import dev.rackhouse.inference.ModelId;
import dev.rackhouse.inference.OneRun;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.Saved;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.runbook.RunFinished;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.RunState;
import dev.rackhouse.testing.AsOperator;
import dev.rackhouse.testing.ConsoleTest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** What the end of a swap means for the mode that shall run. */
@ConsoleTest
@AsOperator
class SwapJournalTest {

    @Autowired
    private Deployments deployments;

    @Autowired
    private SwapJournal journal;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionOperations transactions;

    private final LabId lab = LabId.random();
    private final PlaceRef place = new PlaceRef.InGuest(new GuestRef(lab, new VmId(110)));
    private final String some = UUID.randomUUID().toString().substring(0, 8);
    private final String pair = "pair-" + some;
    private final String deep = "deep-" + some;
    private final RunId run = new RunId(900_000_000L + (long) (Math.random() * 1_000_000));

    @BeforeEach
    void aPlaceWithTwoModes() {
        store(pair, 8000, true);
        store(deep, 8001, false);
        journal.keep(run, plan(pair, deep), true);
    }

    private void store(String name, int port, boolean desired) {
        Deployment deployment = new Deployment(
                new DeploymentId(name),
                new ModelId("qwen2.5-14b-instruct"),
                "awq",
                EngineKind.VLLM,
                place,
                List.of(new GpuPin(ThorSwaps.GPU0, null)),
                ThorSwaps.VLLM,
                port,
                name,
                "/srv/hf",
                ServingProfile.seeds(16384),
                false);
        assertThat(deployments.put(deployment)).isInstanceOf(Saved.Stored.class);
        assertThat(deployments.put(new Mode(name, name, place, List.of(deployment.id()), desired, false)))
                .isInstanceOf(Saved.Stored.class);
    }

    private SwapPlan plan(String before, String after) {
        return new SwapPlan(
                place.toString(),
                "somewhere",
                ThorSwaps.HOST,
                before,
                before,
                after,
                after,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Set.of(),
                Duration.ofSeconds(120),
                SwapDraft.AtDeadline.RETURN,
                null);
    }

    private void ends(RunState state) {
        journal.on(new RunFinished(run, SwapServingMode.NAME, "", "", "ada", state));
    }

    private String desired() {
        return deployments.modes().stream()
                .filter(m -> m.place().equals(place) && m.desired())
                .map(Mode::id)
                .findFirst()
                .orElse("");
    }

    @Test
    void aSwapThatIsDoneMakesItsModeTheDesiredOne() {
        ends(RunState.DONE);

        assertThat(desired()).isEqualTo(deep);
    }

    @Test
    void itsUndoMakesTheModeBeforeTheDesiredOneAgain() {
        ends(RunState.DONE);
        ends(RunState.UNDONE);

        assertThat(desired()).isEqualTo(pair);
    }

    @Test
    void aSwapThatCameBackChangesNothing() {
        ends(RunState.UNDONE);

        assertThat(desired()).isEqualTo(pair);
        assertThat(journal.last(place))
                .hasValueSatisfying(last -> assertThat(ModeKeeper.left(last)).isTrue());
    }

    @Test
    void aSwapThatWasLeftAsItIsIsAPersonsToDecide() {
        ends(RunState.LEFT);

        assertThat(desired()).isEqualTo(pair);
        assertThat(journal.last(place))
                .hasValueSatisfying(last -> assertThat(ModeKeeper.left(last)).isTrue());
    }

    @Test
    void anEndThatNobodyHeardCountsAtTheNextLook() {
        new SwapJournal(jdbc, new OneRun(run, RunState.DONE), deployments, transactions).settleAll();

        assertThat(desired()).isEqualTo(deep);
    }
}
