package dev.rackhouse.inference;

import dev.rackhouse.access.Audit;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/** The registry of models: those that the console brings along, and those that people add. Safe for many threads. */
@Service
public class Models {

    private final ServingStore store;
    private final CurrentOperator operators;
    private final Audit audit;
    private final TransactionOperations transactions;
    private final Clock clock;

    Models(
            ServingStore store,
            CurrentOperator operators,
            Audit audit,
            TransactionOperations transactions,
            Clock clock) {
        this.store = store;
        this.operators = operators;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** All, by family and size; one that people stored stands for the built-in one of the same id. */
    public List<Model> list() {
        List<Model> all = new ArrayList<>(store.models());
        KnownModels.all().stream()
                .filter(k -> all.stream().noneMatch(m -> m.id().equals(k.id())))
                .forEach(all::add);
        all.sort(
                Comparator.comparing(Model::family).thenComparing(m -> m.shape().parameters()));
        return List.copyOf(all);
    }

    public Optional<Model> find(ModelId id) {
        return list().stream().filter(m -> m.id().equals(id)).findFirst();
    }

    /** Adds or replaces a model; for operators. */
    public void put(Model model) {
        put(model, false, operators.require(Role.OPERATOR));
    }

    void put(Model model, boolean declared, Operator who) {
        transactions.executeWithoutResult(status -> {
            store.put(model, declared, who, clock.instant());
            audit.record(who, "model registered", "model " + model.id(), model.name());
        });
    }

    /** Forgets a model that people added; for operators. Refused while a deployment serves it. */
    public Saved remove(ModelId id) {
        Operator who = operators.require(Role.OPERATOR);
        List<String> users = store.deployments().stream()
                .filter(d -> d.model().equals(id))
                .map(d -> d.id().value())
                .toList();
        boolean builtIn = KnownModels.all().stream().anyMatch(m -> m.id().equals(id));
        if (!users.isEmpty() && !builtIn) {
            return Saved.Refused.of("model", "It is served by " + String.join(", ", users) + ".");
        }
        return transactions.execute(status -> {
            if (!store.removeModel(id)) {
                return Saved.Refused.of("model", "The console brings this model along; it cannot be removed.");
            }
            audit.record(who, "model removed", "model " + id, "");
            return new Saved.Stored();
        });
    }
}
