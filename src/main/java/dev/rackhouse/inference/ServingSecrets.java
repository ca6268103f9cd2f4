package dev.rackhouse.inference;

import dev.rackhouse.access.Audit;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.access.Secrets;
import dev.rackhouse.base.Secret;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/** Secrets that engines need: the token with which gated models are loaded. Kept encrypted; shown to nobody. Safe for many threads. */
@Service
public class ServingSecrets {

    /** The variable that Hugging Face's libraries read. */
    public static final String HF_TOKEN = "HF_TOKEN";

    private final JdbcClient jdbc;
    private final Secrets secrets;
    private final CurrentOperator operators;
    private final Audit audit;
    private final TransactionOperations transactions;
    private final Clock clock;

    ServingSecrets(
            JdbcClient jdbc,
            Secrets secrets,
            CurrentOperator operators,
            Audit audit,
            TransactionOperations transactions,
            Clock clock) {
        this.jdbc = jdbc;
        this.secrets = secrets;
        this.operators = operators;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    public boolean knows(String name) {
        return find(name).isPresent();
    }

    /** Those that a container's body names as {@code {secret.NAME}} and that are known. */
    public Map<String, Secret> namedIn(String body) {
        return body.contains("{secret." + HF_TOKEN + "}")
                ? find(HF_TOKEN).map(token -> Map.of(HF_TOKEN, token)).orElse(Map.of())
                : Map.of();
    }

    private Optional<Secret> find(String name) {
        return jdbc.sql("select encrypted from inference_secret where name = :name")
                .param("name", name)
                .query((row, _) -> secrets.decrypt(row.getBytes("encrypted")))
                .optional();
    }

    /** Replaces the token of Hugging Face; for administrators. */
    public void putHuggingFaceToken(Secret token) {
        Operator who = operators.require(Role.ADMIN);
        transactions.executeWithoutResult(_ -> {
            jdbc.sql("""
                            insert into inference_secret (name, encrypted, changed_at, changed_by) values (:name, :encrypted, :now, :who)
                            on conflict (name) do update set encrypted = excluded.encrypted, changed_at = excluded.changed_at,
                                changed_by = excluded.changed_by
                            """)
                    .param("name", HF_TOKEN)
                    .param("encrypted", secrets.encrypt(token))
                    .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                    .param("who", who.name())
                    .update();
            audit.record(who, "secret stored", "secret " + HF_TOKEN, "");
        });
    }
}
