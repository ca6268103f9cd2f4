package dev.rackhouse.inference;

import dev.rackhouse.access.Audit;
import dev.rackhouse.access.Operator;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Makes what is stored agree with the inference file: what the file declares is written where it differs, what it declared before and
 * declares no longer is removed. Which mode is desired is taken from the file only when none is stored for the place: afterwards people
 * decide it.
 */
@Component
class DeclaredServing {

    private final ServingStore store;
    private final Models models;
    private final Deployments deployments;
    private final Audit audit;
    private final TransactionOperations transactions;

    DeclaredServing(
            ServingStore store,
            Models models,
            Deployments deployments,
            Audit audit,
            TransactionOperations transactions) {
        this.store = store;
        this.models = models;
        this.deployments = deployments;
        this.audit = audit;
        this.transactions = transactions;
    }

    /** @throws YamlEntry.Wrong when the file cannot be stored; then nothing is */
    void apply(InferenceFile declared) {
        transactions.executeWithoutResult(status -> write(declared));
    }

    private void write(InferenceFile file) {
        Operator console = Operator.console();
        List<Model> known = store.models();
        file.models().stream().filter(m -> !known.contains(m)).forEach(m -> models.put(m, true, console));
        List<UnifiedMachine> machines = store.machines();
        file.machines().stream().filter(m -> !machines.contains(m)).forEach(store::put);
        forgetRoutesAndModes(file, console);
        List<Deployment> now = store.deployments();
        file.deployments().stream()
                .filter(d -> !now.contains(d))
                .forEach(d -> refuse("deployment " + d.id(), deployments.put(d, console)));
        for (Mode mode : file.modes()) {
            Mode wanted = decided(mode);
            if (!store.modes().contains(wanted)) {
                refuse("mode " + mode.id(), deployments.put(wanted, console));
            }
        }
        List<Route> routes = store.routes();
        file.routes().stream()
                .filter(r -> !routes.contains(r))
                .forEach(r -> refuse("route " + r.name(), deployments.put(r, console)));
        writeRouters(file, console);
        forgetDeployments(file, console);
    }

    private void writeRouters(InferenceFile file, Operator console) {
        List<Router> routers = store.routers();
        file.routers().stream().filter(r -> !routers.contains(r)).forEach(r -> {
            store.put(r);
            audit.record(
                    console, "router stored", "router " + r.name(), r.kind().title() + " at " + r.place());
        });
        routers.stream()
                .filter(r -> r.declared()
                        && file.routers().stream().noneMatch(f -> f.name().equals(r.name())))
                .forEach(r -> {
                    store.removeRouter(r.name());
                    audit.record(
                            console,
                            "router removed",
                            "router " + r.name(),
                            "it stands no longer in the inference file");
                });
    }

    /** A mode in which people chose what runs keeps their choice. */
    private Mode decided(Mode mode) {
        List<Mode> there = store.modes().stream()
                .filter(m -> m.place().equals(mode.place()))
                .toList();
        boolean chosen = there.stream().anyMatch(Mode::desired);
        boolean desired =
                chosen ? there.stream().anyMatch(m -> m.id().equals(mode.id()) && m.desired()) : mode.desired();
        List<DeploymentId> sorted = mode.deployments().stream().sorted().toList();
        return new Mode(mode.id(), mode.title(), mode.place(), sorted, desired, true);
    }

    private void forgetRoutesAndModes(InferenceFile file, Operator console) {
        store.routes().stream()
                .filter(r -> r.declared()
                        && file.routes().stream().noneMatch(f -> f.name().equals(r.name())))
                .forEach(r -> {
                    store.removeRoute(r.name());
                    audit.record(
                            console, "route removed", "route " + r.name(), "it stands no longer in the inference file");
                });
        store.modes().stream()
                .filter(m -> m.declared() && file.modes().stream().noneMatch(f -> f.id().equals(m.id())))
                .forEach(m -> {
                    store.removeMode(m.id());
                    audit.record(
                            console, "mode removed", "mode " + m.id(), "it stands no longer in the inference file");
                });
    }

    private void forgetDeployments(InferenceFile file, Operator console) {
        store.deployments().stream()
                .filter(d -> d.declared() && file.deployments().stream().noneMatch(f -> f.id().equals(d.id())))
                .filter(d ->
                        store.modes().stream().noneMatch(m -> m.deployments().contains(d.id())))
                .filter(d ->
                        store.routes().stream().noneMatch(r -> r.main().equals(d.id()) || d.id().equals(r.fallback())))
                .forEach(d -> {
                    store.removeDeployment(d.id(), console);
                    audit.record(
                            console,
                            "deployment removed",
                            "deployment " + d.id(),
                            "it stands no longer in the inference file");
                });
    }

    private static void refuse(String what, Saved saved) {
        if (saved instanceof Saved.Refused refused) {
            Problem first = refused.problems().getFirst();
            throw new YamlEntry.Wrong(what, first.field() + ": " + first.sentence());
        }
    }
}
