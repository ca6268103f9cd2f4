package dev.rackhouse.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.Saved.Refused;
import dev.rackhouse.inference.Saved.Stored;
import dev.rackhouse.inference.fit.ServingProfile;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.access.AccessDeniedException;

/** Models, deployments, modes and routes: declared in the file and stored, on a real database. */
class RegistryTest {

    private Serving serving;

    @BeforeEach
    void open() {
        serving = new Serving();
        serving.declared.apply(Serving.file());
    }

    private static Deployment moved(Deployment d, String id, int port) {
        return new Deployment(
                new DeploymentId(id),
                d.model(),
                d.files(),
                d.engine(),
                d.place(),
                d.gpus(),
                d.image(),
                port,
                d.servedName(),
                d.modelDirectory(),
                d.profile(),
                false);
    }

    @Test
    void readsBackWhatTheFileDeclares() {
        assertThat(serving.deployments.list())
                .containsExactlyInAnyOrderElementsOf(Serving.file().deployments());
        assertThat(serving.deployments.routes())
                .containsExactlyInAnyOrderElementsOf(Serving.file().routes());
        assertThat(serving.deployments.machines()).isEqualTo(Serving.file().machines());
    }

    @Test
    void writesNothingWhenNothingDiffers() {
        serving.audit.clear();

        serving.declared.apply(Serving.file());

        assertThat(serving.audit).isEmpty();
    }

    @Test
    void theFastPairIsDesiredAndTheLargeModelIsNot() {
        assertThat(serving.deployments.wanted())
                .extracting(d -> d.id().value())
                .contains("vllm-7b", "vllm-14b", "llama-helium", "llama-lithium", "embed-thor")
                .doesNotContain("vllm-32b");
    }

    @Test
    void aChosenModeOutlivesTheFilesWish() {
        Mode fast = mode("fast-pair");
        Mode large = mode("tensor-parallel-32b");
        serving.deployments.put(new Mode(fast.id(), fast.title(), fast.place(), fast.deployments(), false, true));
        serving.deployments.put(new Mode(large.id(), large.title(), large.place(), large.deployments(), true, true));

        serving.declared.apply(Serving.file());

        assertThat(mode("tensor-parallel-32b").desired()).isTrue();
        assertThat(mode("fast-pair").desired()).isFalse();
    }

    private Mode mode(String id) {
        return serving.deployments.modes().stream()
                .filter(m -> m.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void forgetsWhatTheFileDeclaresNoLonger() {
        serving.declared.apply(InferenceFile.read("deployments: []", Serving::lab));

        assertThat(serving.deployments.list()).isEmpty();
        assertThat(serving.deployments.modes()).isEmpty();
        assertThat(serving.deployments.routes()).isEmpty();
    }

    @Test
    void leavesOutWhatBelongsToLabsThatAreNotConnected() {
        InferenceFile file = InferenceFile.read(
                Serving.homelabs(), name -> name.equals("thor") ? Serving.lab(name) : java.util.Optional.empty());

        assertThat(file.leftOut()).contains("llama-helium", "llama-lithium");
        assertThat(file.routes()).extracting(Route::name).doesNotContain("main").contains("qwen2.5-7b");
    }

    @Test
    void saysWhereTheFileIsWrong() {
        assertThatThrownBy(() -> InferenceFile.read(
                        Serving.homelabs().replace("utilization: 0.85", "utilization: 0.99"), Serving::lab))
                .hasMessage("deployments[1].profile: utilization is between 0.10 and 0.95, not 0.99");
        assertThatThrownBy(() -> InferenceFile.read("modells: []", Serving::lab))
                .hasMessageStartingWith("the key 'modells' is not known");
    }

    @Test
    void storesADeploymentOfAPersonAndRecordsIt() {
        Saved saved = serving.deployments.put(moved(serving.deployment("vllm-7b"), "vllm-7b-b", 8010));

        assertThat(saved).isInstanceOf(Stored.class);
        assertThat(serving.audit).contains("ada deployment stored deployment vllm-7b-b");
        assertThat(serving.deployments.remove(new DeploymentId("vllm-7b-b"))).isInstanceOf(Stored.class);
    }

    @Test
    void refusesAPortThatIsTaken() {
        Saved saved = serving.deployments.put(moved(serving.deployment("vllm-7b"), "vllm-7b-b", 8001));

        assertThat(saved).isEqualTo(Refused.of("port", "vllm-14b has the port 8001 there."));
    }

    @Test
    void refusesAnEngineThatCannotReadTheFiles() {
        Deployment d = serving.deployment("vllm-7b");
        Deployment wrong = new Deployment(
                new DeploymentId("x"),
                d.model(),
                "fp16",
                EngineKind.LLAMA_CPP,
                d.place(),
                d.gpus(),
                d.image(),
                8011,
                d.servedName(),
                d.modelDirectory(),
                d.profile(),
                false);

        assertThat(serving.deployments.put(wrong))
                .isEqualTo(Refused.of("engine", "llama.cpp does not run fp16 files."));
    }

    @Test
    void changesWhatTheFileDeclaresOnlyThere() {
        assertThat(serving.deployments.put(serving.deployment("vllm-7b"))).isInstanceOf(Refused.class);
        assertThat(serving.deployments.remove(new DeploymentId("vllm-7b"))).isInstanceOf(Refused.class);
    }

    @Test
    void aModeStaysInOnePlace() {
        Mode across = new Mode(
                "across",
                "Across",
                new PlaceRef.OnHost(new NodeRef(Serving.HOME, "helium")),
                List.of(new DeploymentId("llama-helium"), new DeploymentId("vllm-7b")),
                false,
                false);

        assertThat(serving.deployments.put(across))
                .isEqualTo(Refused.of("deployments", "vllm-7b runs in another place; a mode has one."));
    }

    @Test
    void aViewerMayNotStore() {
        serving.who = new Operator("vera", Role.VIEWER);

        assertThatThrownBy(() -> serving.deployments.put(moved(serving.deployment("vllm-7b"), "x", 9001)))
                .isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> serving.models.remove(new ModelId("x"))).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void keepsAModelOfAPersonWithAllItsNumbers() {
        Model gemma = serving.models.find(new ModelId("gemma-4-26b-a4b")).orElseThrow();
        Model own = new Model(
                new ModelId("own-gemma"),
                "Own",
                "Gemma 4",
                gemma.purpose(),
                null,
                false,
                gemma.shape(),
                gemma.files(),
                false);

        serving.models.put(own);

        assertThat(serving.models.find(own.id())).contains(own);
        assertThat(serving.models.remove(own.id())).isInstanceOf(Stored.class);
        assertThat(serving.models.remove(gemma.id())).isInstanceOf(Refused.class);
    }

    @Test
    void theSeedsProfileLiesInTheRangeOfUtilization() {
        assertThat(ServingProfile.seeds(8192).utilization()).isBetween(0.85, 0.90);
    }
}
