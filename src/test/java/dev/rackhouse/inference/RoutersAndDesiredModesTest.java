package dev.rackhouse.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.access.Operator;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inference.route.RouterKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routers are declared, and which mode shall run is decided by runs. */
class RoutersAndDesiredModesTest {

    private static final PlaceRef THOR = new PlaceRef.InGuest(new GuestRef(Serving.THOR, new VmId(110)));

    private Serving serving;

    @BeforeEach
    void anEmptyRegistry() {
        serving = new Serving();
    }

    private static InferenceFile file(String routers) {
        return InferenceFile.read("routers:\n" + routers, Serving::lab);
    }

    @Test
    void theRouterOfThorIsDeclared() {
        serving.declared.apply(Serving.file());

        assertThat(serving.deployments.routers())
                .containsExactly(new Router("thor-router", RouterKind.RACKHOUSE, THOR, 4001, 4000, null, true));
    }

    @Test
    void aRouterThatIsDeclaredNoLongerIsForgotten() {
        serving.declared.apply(Serving.file());

        serving.declared.apply(InferenceFile.read("", Serving::lab));

        assertThat(serving.deployments.routers()).isEmpty();
        assertThat(serving.audit).contains("rackhouse router removed router thor-router");
    }

    @Test
    void traefikNeedsItsFileAndClientsAskTheSamePortUnlessSaid() {
        InferenceFile file = file(
                "  - { name: edge, kind: traefik-file, place: { lab: home, host: helium }, port: 8080, file: /etc/traefik/llm.yaml }\n");

        assertThat(file.routers()).singleElement().satisfies(r -> {
            assertThat(r.clients()).isEqualTo(8080);
            assertThat(r.file()).isEqualTo("/etc/traefik/llm.yaml");
        });
        assertThatThrownBy(() ->
                        file("  - { name: edge, kind: traefik-file, place: { lab: home, host: helium }, port: 1 }\n"))
                .hasMessageContaining("Traefik needs the file");
        assertThatThrownBy(() -> file("  - { name: edge, kind: nginx, place: { lab: home, host: helium }, port: 1 }\n"))
                .hasMessageContaining("known are rackhouse, llama-swap, litellm, traefik-file");
    }

    @Test
    void oneModeOfAPlaceIsDesiredAndItStaysSoAfterARestart() {
        serving.declared.apply(Serving.file());

        boolean changed =
                serving.deployments.setDesired(THOR, "tensor-parallel-32b", Operator.console(), "run 7 is done");
        boolean again =
                serving.deployments.setDesired(THOR, "tensor-parallel-32b", Operator.console(), "run 7 is done");
        serving.declared.apply(Serving.file());

        assertThat(changed).isTrue();
        assertThat(again).isFalse();
        assertThat(serving.deployments.modes().stream().filter(Mode::desired).map(Mode::id))
                .containsExactly("tensor-parallel-32b");
        assertThat(serving.deployments.setDesired(THOR, "nothing", Operator.console(), ""))
                .isFalse();
    }
}
