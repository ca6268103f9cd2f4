package dev.rackhouse.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Docker is told to create. */
class ContainerBodyTest {

    private static JsonNode body(String id, boolean gated) {
        Deployment deployment = Serving.file().deployments().stream()
                .filter(d -> d.id().value().equals(id))
                .findFirst()
                .orElseThrow();
        Model known = KnownModels.all().stream()
                .filter(m -> m.id().equals(deployment.model()))
                .findFirst()
                .orElseThrow();
        Model model = new Model(
                known.id(),
                known.name(),
                known.family(),
                known.purpose(),
                known.licence(),
                gated,
                known.shape(),
                known.files(),
                true);
        LaunchSpec.Container launch = (LaunchSpec.Container) new VllmEngine()
                .launch(deployment, model, model.files(deployment.files()).orElseThrow(), false);
        return JsonMapper.shared().readTree(ContainerBody.of(launch, Map.of("rackhouse.run", "{run.mark}")));
    }

    @Test
    void gpusArePinnedByTheirUuids() {
        JsonNode request = body("vllm-32b", false).at("/HostConfig/DeviceRequests/0");

        assertThat(request.at("/DeviceIDs").toString())
                .isEqualTo(
                        "[\"GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e01\",\"GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e02\"]");
        assertThat(request.at("/Capabilities").toString()).isEqualTo("[[\"gpu\"]]");
    }

    @Test
    void aPairSharesTheHostsMemoryAndOneCardDoesNot() {
        assertThat(body("vllm-32b", false).at("/HostConfig/IpcMode").asString()).isEqualTo("host");
        assertThat(body("vllm-14b", false).at("/HostConfig/IpcMode").isMissingNode())
                .isTrue();
    }

    @Test
    void itBearsOurNameAndTheRunsMark() {
        assertThat(body("vllm-14b", false).at("/Labels").toString())
                .isEqualTo("{\"rackhouse\":\"vllm-14b\",\"rackhouse.run\":\"{run.mark}\"}");
        assertThat(body("vllm-14b", false).at("/HostConfig/RestartPolicy/Name").asString())
                .isEqualTo("unless-stopped");
    }

    @Test
    void secretsStandAsPlaceholders() {
        assertThat(body("vllm-14b", true).at("/Env/0").asString()).isEqualTo("HF_TOKEN={secret.HF_TOKEN}");
    }

    @Test
    void portsMountsAndArgumentsAreThoseOfTheLaunch() {
        JsonNode body = body("vllm-14b", false);

        assertThat(body.at("/HostConfig/PortBindings/8000~1tcp/0/HostPort").asString())
                .isEqualTo("8001");
        assertThat(body.at("/HostConfig/Binds/0").asString()).isEqualTo("/srv/hf:/root/.cache/huggingface");
        assertThat(body.at("/Cmd/0").asString()).isEqualTo("Qwen/Qwen2.5-14B-Instruct-AWQ");
    }
}
