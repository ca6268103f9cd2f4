package dev.rackhouse.inference.swap;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.LaunchSpec;
import dev.rackhouse.inference.Mode;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.Model.Purpose;
import dev.rackhouse.inference.Models;
import dev.rackhouse.inference.Place;
import dev.rackhouse.inference.PlaceHosts;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.Places;
import dev.rackhouse.inference.Router;
import dev.rackhouse.inference.fit.Fit;
import dev.rackhouse.inference.live.PastStarts;
import dev.rackhouse.inference.live.StartTimes;
import dev.rackhouse.inference.route.KeyedRouters;
import dev.rackhouse.inference.route.RouteController;
import dev.rackhouse.inference.route.RouterAt;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.RunFilter;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.RunSummary;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Start;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/** Swaps of serving modes: what a place looks like, whether a mode can be switched to, the run. Safe for many threads. */
@Service
public class Swaps {

    private final Deployments deployments;
    private final Models models;
    private final Places places;
    private final PlaceHosts hosts;
    private final SwapReader reader;
    private final PastStarts pastStarts;
    private final KeyedRouters routers;
    private final SwapServingMode runbook;
    private final Runs runs;
    private final SwapJournal journal;
    private final TransactionOperations transactions;

    Swaps(
            Deployments deployments,
            Models models,
            Places places,
            PlaceHosts hosts,
            SwapReader reader,
            PastStarts pastStarts,
            KeyedRouters routers,
            SwapServingMode runbook,
            Runs runs,
            SwapJournal journal,
            TransactionOperations transactions) {
        this.deployments = deployments;
        this.models = models;
        this.places = places;
        this.hosts = hosts;
        this.reader = reader;
        this.pastStarts = pastStarts;
        this.routers = routers;
        this.runbook = runbook;
        this.runs = runs;
        this.journal = journal;
        this.transactions = transactions;
    }

    /** What a look at a place came to. */
    public sealed interface Seen {
        record Site(SwapSite site) implements Seen {}

        /** @param sentence why it could not even be tried */
        record Nowhere(String sentence) implements Seen {}
    }

    /** Looks at the place. Blocks, usually some seconds; what does not answer is among the site's facts. */
    public Seen look(PlaceRef place) {
        Host host = hosts.host(place).orElse(null);
        if (host == null) {
            return new Seen.Nowhere(
                    "It is not known how this place is reached: its guest has no address in its configuration,"
                            + " or was not seen yet. Set ipconfig0 of the guest, and wait for the next look of the inventory.");
        }
        List<Mode> modes = modes(place);
        List<Deployment> its =
                deployments.list().stream().filter(d -> d.place().equals(place)).toList();
        Set<DeploymentId> members = new HashSet<>();
        modes.forEach(m -> members.addAll(m.deployments()));
        Router registered = deployments.routers().stream()
                .filter(r -> r.place().equals(place))
                .findFirst()
                .orElse(null);
        RouterAt router = registered == null ? null : routers.at(registered, host);
        RouteController controller = registered == null ? null : runbook.controller(registered.kind());
        SwapFacts facts = reader.read(
                host, its.stream().filter(d -> members.contains(d.id())).toList(), router, controller);
        return new Seen.Site(site(place, host, modes, its, router, controller, facts));
    }

    private List<Mode> modes(PlaceRef place) {
        return deployments.modes().stream().filter(m -> m.place().equals(place)).toList();
    }

    private SwapSite site(
            PlaceRef place,
            Host host,
            List<Mode> modes,
            List<Deployment> its,
            @Nullable RouterAt router,
            @Nullable RouteController controller,
            SwapFacts facts) {
        List<Place> known = places.list();
        Map<DeploymentId, Fit> fits = new HashMap<>();
        for (Mode mode : modes) {
            places.alone(mode, known).forEach((deployment, fit) -> fits.put(deployment.id(), fit));
        }
        Map<DeploymentId, Purpose> purposes = new HashMap<>();
        Map<DeploymentId, LaunchSpec> launches = new HashMap<>();
        Map<DeploymentId, ByteSize> weights = new HashMap<>();
        Map<DeploymentId, StartTimes> starts = new HashMap<>();
        for (Deployment deployment : its) {
            starts.put(deployment.id(), pastStarts.of(deployment.id()));
            models.find(deployment.model()).map(Model::purpose).ifPresent(p -> purposes.put(deployment.id(), p));
            models.find(deployment.model())
                    .flatMap(m ->
                            m.files(deployment.files()).map(f -> f.weights().size(m.shape())))
                    .ifPresent(size -> weights.put(deployment.id(), size));
            deployments.launch(deployment).ifPresent(l -> launches.put(deployment.id(), l));
        }
        return new SwapSite(
                place,
                host,
                known.stream()
                        .filter(p -> place.equals(p.ref()))
                        .map(Place::title)
                        .findFirst()
                        .orElse(host.label()),
                modes,
                its,
                purposes,
                launches,
                weights,
                deployments.routes(),
                fits,
                starts,
                router,
                router == null || controller == null ? List.of() : controller.doubts(router),
                holder(place).map(Swaps::sentence).orElse(null),
                facts);
    }

    private static String sentence(RunSummary run) {
        return "Run " + run.id() + " of " + run.operator() + " (" + run.title() + ") is at work here.";
    }

    /** The run that holds the place or one of its cards. */
    public Optional<RunSummary> holder(PlaceRef place) {
        Set<String> wanted = new HashSet<>(SwapServingMode.locks(
                place,
                deployments.list().stream()
                        .filter(d -> d.place().equals(place))
                        .flatMap(d -> d.gpus().stream())
                        .map(g -> g.uuid())
                        .toList()));
        return runs.list(RunFilter.open(), 0, 200).stream()
                .filter(run -> runs.find(run.id())
                        .filter(details -> details.outline().locks().stream().anyMatch(wanted::contains))
                        .isPresent())
                .findFirst();
    }

    /** Pure, so it may be asked after every change. */
    public SwapReadiness assess(SwapDraft draft, SwapSite site) {
        return RouterCheck.of(Swap.assess(draft, site), runbook::controller);
    }

    /** The literal plan: what is shown is what is sent. */
    public Outline preview(SwapPlan plan) {
        return runbook.outline(plan);
    }

    /**
     * Starts the run, and keeps with it which mode shall run when it has ended well, and which when it has been undone.
     *
     * @throws AccessDeniedException when the operator may only look
     */
    public Start start(SwapPlan plan, Operator operator, String reason) {
        if (!operator.may(Role.OPERATOR)) {
            throw new AccessDeniedException(
                    operator.name() + " may look, but not switch modes: this needs the role operator.");
        }
        return Objects.requireNonNull(transactions.execute(status -> {
            Start start = runs.start(runbook, plan, operator, reason);
            switch (start) {
                case Start.Started(RunId run) -> journal.keep(run, plan, operator.equals(Operator.console()));
                case Start.Held _ -> status.setRollbackOnly();
            }
            return start;
        }));
    }
}
