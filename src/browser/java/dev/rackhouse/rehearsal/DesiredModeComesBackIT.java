package dev.rackhouse.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inference.EngineCall;
import dev.rackhouse.inference.PlaceHosts;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.route.RouterKind;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Machines;
import dev.rackhouse.runbook.MetGuests;
import dev.rackhouse.runbook.RunFilter;
import dev.rackhouse.runbook.RunState;
import dev.rackhouse.runbook.RunSummary;
import dev.rackhouse.runbook.Runs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mode that somebody has chosen runs again when something else than the console has changed what runs. */
class DesiredModeComesBackIT {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    Path folder;

    private final MetGuests keys = new MetGuests();

    @Test
    void theConsoleSwitchesBackByItselfAfterTheOtherSetWasStartedByHand() {
        SwapServingModeRehearsal scene = SwapServingModeRehearsal.behind(RouterKind.RACKHOUSE);
        Map<String, Object> settings = new HashMap<>(scene.settings(folder));
        settings.put("rackhouse.modes.every", "4s");
        try (PretendLabs labs = PretendLabs.start(folder.resolve("labs"), "thor", "--speed", "20");
                Workbench console = Workbench.working(labs, folder.resolve("data"), settings)) {
            NodeRef node = console.awaitNode("thor");
            GuestRef guest = new GuestRef(node.lab(), new VmId(110));
            EngineCall docker = new EngineCall(console.await("the guest is known", PATIENCE, () -> {
                console.part(Inventory.class).opened(guest);
                return console.part(PlaceHosts.class).host(new PlaceRef.InGuest(guest));
            }));
            Machines machines = console.part(Machines.class);
            console.await("the pair runs", PATIENCE, () -> running(machines, docker)
                    .filter(Set.of("vllm-7b", "vllm-14b", "embed-thor")::equals));

            for (ServiceCall byHand :
                    List.of(docker.stop("vllm-7b"), docker.stop("vllm-14b"), docker.start("vllm-32b"))) {
                assertThat(machines.call(byHand, keys).succeeded()).isTrue();
            }

            RunSummary run = console.await("a run of the console has ended", PATIENCE, () ->
                    console.part(Runs.class).list(RunFilter.all(), 0, 5).stream()
                            .filter(r -> r.state().finished() || r.state() == RunState.STOPPED)
                            .findFirst());
            assertThat(run.state()).isEqualTo(RunState.DONE);
            assertThat(run.operator()).isEqualTo("rackhouse");
            assertThat(running(machines, docker)).hasValue(Set.of("vllm-7b", "vllm-14b", "embed-thor"));
            assertThat(console.part(Runs.class).list(RunFilter.all(), 0, 5)).hasSize(1);
        }
    }

    /** Containers that run; empty while the guest does not answer. */
    private Optional<Set<String>> running(Machines machines, EngineCall docker) {
        try {
            Set<String> names = new TreeSet<>();
            machines.call(docker.docker("/containers/json"), keys)
                    .json()
                    .ifPresent(list -> list.forEach(
                            c -> names.add(c.path("Names").path(0).asString("").replaceFirst("^/", ""))));
            return Optional.of(names);
        } catch (RemoteFailure notNow) {
            return Optional.empty();
        }
    }
}
