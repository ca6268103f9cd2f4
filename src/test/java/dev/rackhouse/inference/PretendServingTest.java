package dev.rackhouse.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The containers that run in the pretend labs are those that the packed registry would launch. */
class PretendServingTest {

    @ParameterizedTest
    @ValueSource(strings = {"thor-110", "helium"})
    void theContainersOfTheSeedAreThoseOfTheRegistry(String computer) throws Exception {
        for (JsonNode one : seed(computer).path("containers")) {
            JsonNode body = one.path("body");
            LaunchSpec.Container launch = launch(one.path("name").asString(""));

            assertThat(body.path("Image").asString("")).isEqualTo(launch.image());
            assertThat(words(body.path("Cmd"))).isEqualTo(launch.arguments());
            assertThat(words(body.at("/HostConfig/DeviceRequests/0/DeviceIDs"))).isEqualTo(launch.gpus());
            assertThat(body.at("/Labels/" + LaunchSpec.DEPLOYMENT_LABEL).asString(""))
                    .isEqualTo(launch.name());
            List<String> binds = new ArrayList<>();
            launch.mounts().forEach((source, target) -> binds.add(source + ":" + target));
            assertThat(words(body.at("/HostConfig/Binds"))).isEqualTo(binds);
            assertThat(body.at("/HostConfig/PortBindings/" + launch.port() + "~1tcp/0/HostPort")
                            .asString(""))
                    .isEqualTo("" + launch.hostPort());
        }
    }

    private static JsonNode seed(String computer) throws Exception {
        String name = "/dev/rackhouse/simulator/serving/seed/" + computer + ".json";
        try (InputStream in = Objects.requireNonNull(PretendServingTest.class.getResourceAsStream(name), name)) {
            return JsonMapper.shared().readTree(in.readAllBytes());
        }
    }

    private static LaunchSpec.Container launch(String id) {
        Deployment deployment = Serving.file().deployments().stream()
                .filter(d -> d.id().value().equals(id))
                .findFirst()
                .orElseThrow();
        Model model = KnownModels.all().stream()
                .filter(m -> m.id().equals(deployment.model()))
                .findFirst()
                .orElseThrow();
        ServingEngine engine = Serving.engines().stream()
                .filter(e -> e.kind() == deployment.engine())
                .findFirst()
                .orElseThrow();
        return (LaunchSpec.Container)
                engine.launch(deployment, model, model.files(deployment.files()).orElseThrow(), false);
    }

    private static List<String> words(JsonNode list) {
        return list.valueStream().map(one -> one.asString("")).toList();
    }
}
