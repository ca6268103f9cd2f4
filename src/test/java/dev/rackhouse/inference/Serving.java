package dev.rackhouse.inference;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.LabId;
import dev.rackhouse.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The registry on an empty database, with the file of the pretend homelabs at hand. */
final class Serving {

    static final LabId THOR = new LabId(new UUID(0, 1));
    static final LabId HOME = new LabId(new UUID(0, 2));

    private static final DataSource DATABASE = TestDatabase.migrated();

    final List<String> audit = new ArrayList<>();
    Operator who = new Operator("ada", Role.OPERATOR);
    final ServingStore store;
    final Models models;
    final Deployments deployments;
    final DeclaredServing declared;
    final DeploymentHistory history;

    Serving() {
        JdbcClient jdbc = JdbcClient.create(DATABASE);
        for (String table :
                List.of("route", "mode", "deployment", "deployment_revision", "model", "unified_machine", "router")) {
            jdbc.sql("delete from inference_" + table).update();
        }
        store = new ServingStore(jdbc);
        history = new DeploymentHistory(jdbc);
        var transactions = new TransactionTemplate(new JdbcTransactionManager(DATABASE));
        dev.rackhouse.access.Audit recorded =
                (operator, what, target, detail) -> audit.add(operator.name() + " " + what + " " + target);
        models = new Models(store, () -> Optional.of(who), recorded, transactions, Clock.systemUTC());
        deployments = new Deployments(
                store, models, engines(), () -> Optional.of(who), recorded, transactions, Clock.systemUTC());
        declared = new DeclaredServing(store, models, deployments, recorded, transactions);
    }

    static List<ServingEngine> engines() {
        return List.of(new VllmEngine(), new LlamaEngine(), new OllamaEngine());
    }

    static Optional<LabId> lab(String name) {
        return switch (name) {
            case "thor" -> Optional.of(THOR);
            case "home" -> Optional.of(HOME);
            default -> Optional.empty();
        };
    }

    static String homelabs() {
        try (InputStream in = Serving.class.getResourceAsStream("/labs/inference.yaml")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static InferenceFile file() {
        return InferenceFile.read(homelabs(), Serving::lab);
    }

    Deployment deployment(String id) {
        return deployments.find(new DeploymentId(id)).orElseThrow();
    }
}
