package dev.rackhouse.inference;

import dev.rackhouse.access.Audit;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * What is deployed where, which deployments run together, and who answers for whom. Storing changes nothing on any machine. What stands
 * in the inference file is changed there and refused here. Safe for many threads.
 */
@Service
public class Deployments {

    private static final String IN_FILE = "It stands in the inference file. Change it there and restart the console.";

    private final ServingStore store;
    private final Models models;
    private final Map<EngineKind, ServingEngine> engines;
    private final CurrentOperator operators;
    private final Audit audit;
    private final TransactionOperations transactions;
    private final Clock clock;

    Deployments(
            ServingStore store,
            Models models,
            List<ServingEngine> engines,
            CurrentOperator operators,
            Audit audit,
            TransactionOperations transactions,
            Clock clock) {
        this.store = store;
        this.models = models;
        this.engines = engines.stream().collect(Collectors.toMap(ServingEngine::kind, Function.identity()));
        this.operators = operators;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** All, by place and port. */
    public List<Deployment> list() {
        return store.deployments();
    }

    public Optional<Deployment> find(DeploymentId id) {
        return list().stream().filter(d -> d.id().equals(id)).findFirst();
    }

    /** All modes, by place; the desired one of each first. */
    public List<Mode> modes() {
        return store.modes();
    }

    public List<Route> routes() {
        return store.routes();
    }

    /** All routers, by name. */
    public List<Router> routers() {
        return store.routers();
    }

    public List<UnifiedMachine> machines() {
        return store.machines();
    }

    /** Deployments that shall run now: those of the desired modes, and those in no mode. */
    public List<Deployment> wanted() {
        List<Mode> modes = modes();
        return list().stream()
                .filter(d -> {
                    List<Mode> its = modes.stream()
                            .filter(m -> m.deployments().contains(d.id()))
                            .toList();
                    return its.isEmpty() || its.stream().anyMatch(Mode::desired);
                })
                .toList();
    }

    public ServingEngine engine(EngineKind kind) {
        return Objects.requireNonNull(engines.get(kind), () -> "nobody runs " + kind);
    }

    /** What the deployment is started as; empty when its model or files are not registered any more. */
    public Optional<LaunchSpec> launch(Deployment deployment) {
        return models.find(deployment.model())
                .flatMap(model -> model.files(deployment.files())
                        .map(files -> engine(deployment.engine())
                                .launch(deployment, model, files, unified(deployment.place()))));
    }

    boolean unified(PlaceRef place) {
        return machines().stream().anyMatch(m -> m.place().equals(place));
    }

    /** What speaks against storing it. Whether it fits is asked elsewhere. */
    public List<Problem> check(Deployment draft) {
        return DeploymentRules.of(
                draft, models.find(draft.model()), engine(draft.engine()), unified(draft.place()), list());
    }

    /** Stores or replaces a deployment; for operators. */
    public Saved put(Deployment draft) {
        Operator who = operators.require(Role.OPERATOR);
        return find(draft.id()).map(Deployment::declared).orElse(false)
                ? Saved.Refused.of("name", IN_FILE)
                : put(draft, who);
    }

    Saved put(Deployment draft, Operator who) {
        List<Problem> problems = check(draft);
        return problems.isEmpty()
                ? stored(() -> {
                    store.put(draft, who, clock.instant());
                    audit.record(who, "deployment stored", "deployment " + draft.id(), summary(draft));
                })
                : new Saved.Refused(problems);
    }

    /** Forgets a deployment; for operators. Refused while a mode or a route names it. Stops nothing. */
    public Saved remove(DeploymentId id) {
        Operator who = operators.require(Role.OPERATOR);
        if (find(id).map(Deployment::declared).orElse(false)) {
            return Saved.Refused.of("name", IN_FILE);
        }
        return remove(id, who);
    }

    Saved remove(DeploymentId id, Operator who) {
        List<String> users = java.util.stream.Stream.concat(
                        modes().stream()
                                .filter(m -> m.deployments().contains(id))
                                .map(m -> "the mode " + m.title()),
                        routes().stream()
                                .filter(r -> r.main().equals(id) || id.equals(r.fallback()))
                                .map(r -> "the route " + r.name()))
                .toList();
        return users.isEmpty()
                ? stored(() -> {
                    store.removeDeployment(id, who);
                    audit.record(who, "deployment removed", "deployment " + id, "");
                })
                : Saved.Refused.of("name", String.join(", ", users) + " names it.");
    }

    /** Stores or replaces a mode; for operators. */
    public Saved put(Mode draft) {
        return put(draft, operators.require(Role.OPERATOR));
    }

    Saved put(Mode draft, Operator who) {
        List<Problem> problems = DeploymentRules.of(draft, list(), modes());
        return problems.isEmpty()
                ? stored(() -> {
                    store.put(draft);
                    audit.record(who, "mode stored", "mode " + draft.id(), ids(draft));
                })
                : new Saved.Refused(problems);
    }

    /**
     * From now on this mode shall run in its place, and no other; also after a restart of anything. Starts nothing.
     *
     * @return whether that was not so before; false also when there is no such mode any more
     */
    public boolean setDesired(PlaceRef place, String mode, Operator who, String because) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            List<Mode> its =
                    modes().stream().filter(m -> m.place().equals(place)).toList();
            Mode wanted =
                    its.stream().filter(m -> m.id().equals(mode)).findFirst().orElse(null);
            if (wanted == null || wanted.desired()) {
                return false;
            }
            its.stream().filter(Mode::desired).forEach(m -> store.put(m.desired(false)));
            store.put(wanted.desired(true));
            audit.record(who, "mode desired", "mode " + mode, because);
            return true;
        }));
    }

    /** Stores or replaces a route; for operators. */
    public Saved put(Route draft) {
        return put(draft, operators.require(Role.OPERATOR));
    }

    Saved put(Route draft, Operator who) {
        List<Problem> problems = DeploymentRules.of(draft, list());
        return problems.isEmpty()
                ? stored(() -> {
                    store.put(draft);
                    audit.record(
                            who,
                            "route stored",
                            "route " + draft.name(),
                            draft.main() + (draft.fallback() == null ? "" : ", else " + draft.fallback()));
                })
                : new Saved.Refused(problems);
    }

    private Saved stored(Runnable work) {
        transactions.executeWithoutResult(status -> work.run());
        return new Saved.Stored();
    }

    private static String summary(Deployment d) {
        return d.model() + " (" + d.files() + ") by " + d.engine().title() + " at " + d.place() + ", port " + d.port();
    }

    private static String ids(Mode mode) {
        return mode.deployments().stream().map(DeploymentId::value).collect(Collectors.joining(", "));
    }
}
