package dev.rackhouse.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inference.DeploymentRevision.Difference;
import dev.rackhouse.inference.deploy.DeployModel;
import dev.rackhouse.inference.deploy.UpdateModel;
import dev.rackhouse.runbook.RunFinished;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.RunState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every change of a deployment is kept and can be brought back. */
class DeploymentHistoryTest {

    private final Serving serving = new Serving();
    private final Deployment seed = ServingSamples.deployment("vllm-14b");

    private Deployment coder(String image) {
        return new Deployment(
                new DeploymentId("coder"),
                seed.model(),
                seed.files(),
                seed.engine(),
                seed.place(),
                seed.gpus(),
                image,
                8005,
                seed.servedName(),
                seed.modelDirectory(),
                seed.profile(),
                false);
    }

    @Test
    void aChangeIsKeptWithItsAuthorAndShownAsADifference() {
        serving.deployments.put(coder("vllm/vllm-openai:v0.29.0"));
        serving.deployments.put(coder("vllm/vllm-openai:v0.30.0"));

        List<DeploymentRevision> revisions = serving.history.of(new DeploymentId("coder"));

        assertThat(revisions).hasSize(2).allSatisfy(r -> assertThat(r.by()).isEqualTo("ada"));
        assertThat(revisions.getFirst().since(revisions.getLast()))
                .containsExactly(new Difference("image", "vllm/vllm-openai:v0.29.0", "vllm/vllm-openai:v0.30.0"));
    }

    @Test
    void anOldOneIsReadBackWhole() {
        serving.deployments.put(coder("vllm/vllm-openai:v0.29.0"));
        serving.deployments.put(coder("vllm/vllm-openai:v0.30.0"));

        assertThat(serving.history.of(new DeploymentId("coder")).getLast().deployment())
                .isEqualTo(coder("vllm/vllm-openai:v0.29.0"));
    }

    @Test
    void storingTheSameAgainIsNoChange() {
        serving.deployments.put(coder("vllm/vllm-openai:v0.29.0"));
        serving.deployments.put(coder("vllm/vllm-openai:v0.29.0"));

        assertThat(serving.history.of(new DeploymentId("coder"))).hasSize(1);
    }

    @Test
    void itOutlivesTheDeployment() {
        serving.deployments.put(coder("vllm/vllm-openai:v0.29.0"));
        serving.deployments.remove(new DeploymentId("coder"));

        assertThat(serving.history.of(new DeploymentId("coder")))
                .hasSize(2)
                .first()
                .satisfies(r -> assertThat(r.deployment()).isNull());
    }

    private void undone(String runbook) {
        new UndoneDeployments(serving.history, serving.deployments, new OneRun(new RunId(41), RunState.UNDONE))
                .on(new RunFinished(new RunId(41), runbook, "Update coder", "thor / coder", "ada", RunState.UNDONE));
    }

    @Test
    void anUpdateThatWasUndoneIsTakenBackInTheRegistry() {
        DeploymentId id = new DeploymentId("coder");
        serving.deployments.put(coder("vllm/vllm-openai:v0.29.0"));
        serving.deployments.put(coder("vllm/vllm-openai:v0.30.0"));
        serving.history.carriedOutBy(id, new RunId(41));

        undone(UpdateModel.NAME);

        assertThat(serving.deployment("coder").image()).isEqualTo("vllm/vllm-openai:v0.29.0");
        assertThat(serving.history.of(id)).hasSize(3);
    }

    @Test
    void aNewDeploymentIsForgottenWhenItsRunIsUndone() {
        DeploymentId id = new DeploymentId("coder");
        serving.deployments.put(coder("vllm/vllm-openai:v0.29.0"));
        serving.history.carriedOutBy(id, new RunId(41));

        undone(DeployModel.NAME);

        assertThat(serving.deployments.find(id)).isEmpty();
        assertThat(serving.history.of(id)).hasSize(2);
    }

    @Test
    void oneThatWasRemovedBeforeItWasDeployedAgainIsForgottenToo() {
        DeploymentId id = new DeploymentId("coder");
        serving.deployments.put(coder("vllm/vllm-openai:v0.28.0"));
        serving.deployments.remove(id);
        serving.deployments.put(coder("vllm/vllm-openai:v0.29.0"));
        serving.history.carriedOutBy(id, new RunId(41));

        undone(DeployModel.NAME);

        assertThat(serving.deployments.find(id)).isEmpty();
    }

    @Test
    void whatAPersonRegisteredBeforeTheRunStays() {
        serving.deployments.put(coder("vllm/vllm-openai:v0.29.0"));

        undone(DeployModel.NAME);

        assertThat(serving.deployment("coder")).isEqualTo(coder("vllm/vllm-openai:v0.29.0"));
    }

    @Test
    void anEndThatNobodyHeardCountsAtTheNextStart() {
        DeploymentId id = new DeploymentId("coder");
        serving.deployments.put(coder("vllm/vllm-openai:v0.29.0"));
        serving.history.carriedOutBy(id, new RunId(41));

        new UndoneDeployments(serving.history, serving.deployments, new OneRun(new RunId(41), RunState.DONE))
                .takeBackWhatNobodyHeard();
        assertThat(serving.deployments.find(id)).isPresent();
        new UndoneDeployments(serving.history, serving.deployments, new OneRun(new RunId(41), RunState.UNDONE))
                .takeBackWhatNobodyHeard();
        assertThat(serving.deployments.find(id)).isEmpty();
    }

    @Test
    void whatSomebodyChangedSinceIsLeftAlone() {
        DeploymentId id = new DeploymentId("coder");
        serving.deployments.put(coder("vllm/vllm-openai:v0.29.0"));
        serving.deployments.put(coder("vllm/vllm-openai:v0.30.0"));
        serving.history.carriedOutBy(id, new RunId(41));
        serving.deployments.put(coder("vllm/vllm-openai:v0.31.0"));

        undone(UpdateModel.NAME);

        assertThat(serving.deployment("coder").image()).isEqualTo("vllm/vllm-openai:v0.31.0");
    }
}
