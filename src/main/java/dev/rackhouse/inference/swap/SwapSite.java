package dev.rackhouse.inference.swap;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.LaunchSpec;
import dev.rackhouse.inference.Mode;
import dev.rackhouse.inference.Model.Purpose;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.Route;
import dev.rackhouse.inference.fit.Fit;
import dev.rackhouse.inference.live.StartTimes;
import dev.rackhouse.inference.route.RouterAt;
import dev.rackhouse.runbook.Host;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a swap is judged from: what is registered of a place, and what was seen there.
 *
 * @param title of the place, {@code 110 ai-inference on thor}
 * @param modes of the place
 * @param deployments of the place
 * @param purposes of their models; a deployment whose model is not registered is missing
 * @param launches what each is started as; missing like that
 * @param routes all that are registered
 * @param weights what the weights of each take in memory; a deployment whose model is not registered is missing
 * @param fits how each member of each mode fits beside what stays; missing where nobody has seen the cards
 * @param starts past starts of each; missing before the first one
 * @param router null: the place has none
 * @param doubts what its kind of router cannot do
 * @param heldBy the run that is at work there, a sentence; null: nobody
 */
public record SwapSite(
        PlaceRef place,
        Host host,
        String title,
        List<Mode> modes,
        List<Deployment> deployments,
        Map<DeploymentId, Purpose> purposes,
        Map<DeploymentId, LaunchSpec> launches,
        Map<DeploymentId, ByteSize> weights,
        List<Route> routes,
        Map<DeploymentId, Fit> fits,
        Map<DeploymentId, StartTimes> starts,
        @Nullable RouterAt router,
        List<String> doubts,
        @Nullable String heldBy,
        SwapFacts facts) {

    public SwapSite {
        modes = List.copyOf(modes);
        deployments = List.copyOf(deployments);
        purposes = Map.copyOf(purposes);
        launches = Map.copyOf(launches);
        weights = Map.copyOf(weights);
        routes = List.copyOf(routes);
        fits = Map.copyOf(fits);
        starts = Map.copyOf(starts);
        doubts = List.copyOf(doubts);
    }

    Optional<Mode> mode(String id) {
        return modes.stream().filter(m -> m.id().equals(id)).findFirst();
    }

    Optional<Mode> desired() {
        return modes.stream().filter(Mode::desired).findFirst();
    }

    Optional<Deployment> deployment(DeploymentId id) {
        return deployments.stream().filter(d -> d.id().equals(id)).findFirst();
    }

    /** Its container holds its cards now, is not in a circle of restarts, and does not sleep. */
    boolean up(Deployment deployment) {
        return runs(deployment) && !asleep(deployment);
    }

    /** Its container runs, and its engine says that it sleeps. */
    boolean asleep(Deployment deployment) {
        return runs(deployment) && facts.sleeping().getOrDefault(deployment.id().value(), false);
    }

    private boolean runs(Deployment deployment) {
        return facts.container(deployment.id().value())
                .filter(c -> c.up() && !c.state().equals("restarting"))
                .isPresent();
    }

    /** Docker starts it again and again. */
    boolean restarting(Deployment deployment) {
        return facts.container(deployment.id().value())
                .filter(c -> c.state().equals("restarting"))
                .isPresent();
    }
}
