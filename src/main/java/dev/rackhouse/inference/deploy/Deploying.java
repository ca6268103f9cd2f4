package dev.rackhouse.inference.deploy;

import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Secret;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentHistory;
import dev.rackhouse.inference.DeploymentRevision;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.ModelFiles;
import dev.rackhouse.inference.Models;
import dev.rackhouse.inference.Place;
import dev.rackhouse.inference.PlaceHosts;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.Places;
import dev.rackhouse.inference.Problem;
import dev.rackhouse.inference.Saved;
import dev.rackhouse.inference.ServingSecrets;
import dev.rackhouse.inference.live.PastStarts;
import dev.rackhouse.inference.route.KeyedRouters;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Locks;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Start;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/** Putting deployments into place and updating them: what is seen there, what speaks against it, the runs. Safe for many threads. */
@Service
public class Deploying {

    private final Deployments deployments;
    private final Models models;
    private final Places places;
    private final PlaceHosts hosts;
    private final ServingSecrets secrets;
    private final KeyedRouters keyed;
    private final DeployLook look;
    private final DeploymentHistory history;
    private final PastStarts starts;
    private final Runs runs;
    private final DeployModel deployModel;
    private final UpdateModel updateModel;
    private final CurrentOperator operators;
    private final TransactionOperations transactions;

    Deploying(
            Deployments deployments,
            Models models,
            Places places,
            PlaceHosts hosts,
            ServingSecrets secrets,
            KeyedRouters keyed,
            DeployLook look,
            DeploymentHistory history,
            PastStarts starts,
            Runs runs,
            DeployModel deployModel,
            UpdateModel updateModel,
            CurrentOperator operators,
            TransactionOperations transactions) {
        this.deployments = deployments;
        this.models = models;
        this.places = places;
        this.hosts = hosts;
        this.secrets = secrets;
        this.keyed = keyed;
        this.look = look;
        this.history = history;
        this.starts = starts;
        this.runs = runs;
        this.deployModel = deployModel;
        this.updateModel = updateModel;
        this.operators = operators;
        this.transactions = transactions;
    }

    /** What came of asking for a run. */
    public sealed interface Asked {
        record Begun(Start start) implements Asked {}

        /** The registry does not take it. */
        record Refused(List<Problem> problems) implements Asked {
            public Refused {
                problems = List.copyOf(problems);
            }
        }
    }

    /** Whether it can be looked at: its model, its files and the way to its place are known. Empty: it can. */
    public Optional<String> refusal(Deployment deployment) {
        Optional<Model> model = models.find(deployment.model());
        if (model.flatMap(m -> m.files(deployment.files())).isEmpty()) {
            return Optional.of(
                    "The registry does not know the files " + deployment.files() + " of " + deployment.model() + ".");
        }
        return hosts.host(deployment.place()).isEmpty()
                ? Optional.of(
                        "It is not known how its place is reached: the guest's address is not configured, or was not seen yet.")
                : Optional.empty();
    }

    /**
     * Looks at the place. Blocks for some seconds.
     *
     * @throws RemoteFailure when it is not reached
     * @throws IllegalStateException when {@link #refusal} says why it cannot be looked at
     */
    public DeployFacts look(Deployment deployment) {
        Host host = host(deployment.place());
        return look.read(host, deployment, files(model(deployment), deployment), routers(deployment.place()));
    }

    /** Those of the place, and others that may lead there. */
    private List<RouterSeen> routers(PlaceRef place) {
        return deployments.routers().stream()
                .flatMap(r -> hosts
                        .host(r.place())
                        .map(host -> new RouterSeen(
                                keyed.at(r, host), lock(r.place()), r.place().equals(place), null))
                        .stream())
                .toList();
    }

    /**
     * Containers of a place that look like engines and are no deployments yet. Blocks for some seconds.
     *
     * @throws RemoteFailure when it is not reached
     */
    public List<FoundEngine> find(PlaceRef place) {
        return hosts.host(place)
                .map(host -> FoundEngines.among(look.containers(host), place, deployments.list(), models.list()))
                .orElse(List.of());
    }

    /** Places in which containers can be looked for. */
    public List<Place> places() {
        return places.list().stream()
                .filter(p -> p.kind() == Place.Kind.GUEST || p.kind() == Place.Kind.DOCKER_HOST)
                .filter(p -> p.ref() != null && hosts.host(p.ref()).isPresent())
                .toList();
    }

    /** Stores what was found as a deployment; changes nothing on its machine. For operators. */
    public Saved takeOver(Deployment proposal) {
        return deployments.put(proposal);
    }

    /** Asks no machine. */
    public DeployReadiness assess(Deployment deployment, DeployFacts facts) {
        return DeployAssessment.of(wish(deployment), facts);
    }

    /** Asks no machine. */
    public UpdateReadiness assessUpdate(Deployment deployment, DeployFacts facts) {
        return UpdateAssessment.of(
                wish(deployment), facts, deployments.find(deployment.id()).orElse(null));
    }

    /** Stores the deployment, unless it is registered like that, and starts the run; for operators. */
    public Asked deploy(Deployment deployment, DeployPlan plan, String reason) {
        Operator who = operators.require(Role.OPERATOR);
        return registered(
                deployment, () -> runs.start(deployModel, plan, who, reason, with(deployModel.secrets(plan), plan)));
    }

    /** Stores the deployment, unless it is registered like that, and starts the run; for operators. */
    public Asked update(Deployment deployment, UpdatePlan plan, String reason) {
        Operator who = operators.require(Role.OPERATOR);
        return registered(
                deployment,
                () -> runs.start(updateModel, plan, who, reason, with(updateModel.secrets(plan), plan.next())));
    }

    private Map<String, Secret> with(Map<String, Secret> keys, DeployPlan started) {
        Map<String, Secret> all = new HashMap<>(keys);
        all.putAll(secrets.namedIn(started.body()));
        return all;
    }

    /**
     * What is stored here belongs to the run: it is not stored when the run does not begin, and taken back when it is undone. What was
     * registered before stays.
     */
    private Asked registered(Deployment deployment, Supplier<Start> start) {
        return Objects.requireNonNull(transactions.execute(status -> {
            Optional<Deployment> known = deployments.find(deployment.id());
            boolean same = known.isPresent()
                    && DeploymentRevision.between(known.get(), deployment).isEmpty();
            if (!same && deployments.put(deployment) instanceof Saved.Refused(List<Problem> problems)) {
                return new Asked.Refused(problems);
            }
            Start begun = start.get();
            switch (begun) {
                case Start.Started(var run) -> {
                    if (!same) {
                        history.carriedOutBy(deployment.id(), run);
                    }
                }
                case Start.Held _ -> status.setRollbackOnly();
            }
            return new Asked.Begun(begun);
        }));
    }

    private DeployWish wish(Deployment deployment) {
        Model model = model(deployment);
        return new DeployWish(
                deployment,
                model,
                files(model, deployment),
                deployments.engine(deployment.engine()),
                deployments.machines().stream().anyMatch(m -> m.place().equals(deployment.place())),
                deployments.check(deployment),
                deployments.list(),
                deployments.modes(),
                deployments.routes(),
                starts.of(deployment.id()),
                secrets.knows(ServingSecrets.HF_TOKEN),
                host(deployment.place()),
                places.find(deployment.place()).map(Place::title).orElse("its place"),
                List.of(lock(deployment.place())));
    }

    private static String lock(PlaceRef place) {
        return switch (place) {
            case PlaceRef.InGuest in -> Locks.guest(in.guest());
            case PlaceRef.OnHost on -> Locks.node(on.node());
        };
    }

    private Host host(PlaceRef place) {
        return hosts.host(place)
                .orElseThrow(() -> new IllegalStateException("It is not known how " + place + " is reached"));
    }

    private Model model(Deployment deployment) {
        return models.find(deployment.model())
                .orElseThrow(() -> new IllegalStateException("There is no model " + deployment.model()));
    }

    private static ModelFiles files(Model model, Deployment deployment) {
        return model.files(deployment.files())
                .orElseThrow(() -> new IllegalStateException(model.name() + " is not known as " + deployment.files()));
    }
}
