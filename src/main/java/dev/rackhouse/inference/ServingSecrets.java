package dev.rackhouse.inference;

import dev.rackhouse.access.Audit;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.access.Secrets;
import dev.rackhouse.base.Secret;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Secrets that serving needs: the token with which gated models are loaded, the keys of routers. Kept encrypted; shown to nobody. Safe
 * for many threads.
 */
@Service
public class ServingSecrets implements RouterKeys {

    /** The variable that Hugging Face's libraries read. */
    public static final String HF_TOKEN = "HF_TOKEN";

    private static final String ROUTER = "router:";

    private final JdbcClient jdbc;
    private final Secrets secrets;
    private final CurrentOperator operators;
    private final Audit audit;
    private final TransactionOperations transactions;
    private final Clock clock;

    /**
     * That a key is kept.
     *
     * @param declared it comes from the inference file
     */
    public record Kept(Instant changedAt, String changedBy, boolean declared) {}

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

    @Override
    public Optional<Secret> routerKey(String router) {
        return find(ROUTER + router);
    }

    /** Whether a key of this router is kept, and since when. */
    public Optional<Kept> keptRouterKey(String router) {
        return jdbc.sql("select changed_at, changed_by, declared from inference_secret where name = :name")
                .param("name", ROUTER + router)
                .query((row, _) -> new Kept(
                        row.getObject("changed_at", OffsetDateTime.class).toInstant(),
                        row.getString("changed_by"),
                        row.getBoolean("declared")))
                .optional();
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
        transactions.executeWithoutResult(_ -> put(HF_TOKEN, token, who, false));
    }

    /** Replaces the key of a router; for administrators. One that the inference file names is changed there. */
    public Saved putRouterKey(String router, Secret key) {
        Operator who = operators.require(Role.ADMIN);
        if (!sendable(key)) {
            return Saved.Refused.of("key", "A key has 8 to 500 letters, digits and signs, and no spaces.");
        }
        if (keptRouterKey(router).filter(Kept::declared).isPresent()) {
            return Saved.Refused.of(
                    "key",
                    "It comes from the inference file. Change it where that file says, and restart the console.");
        }
        transactions.executeWithoutResult(_ -> put(ROUTER + router, key, who, false));
        return new Saved.Stored();
    }

    /** Goes into a header of HTTP as it is. */
    static boolean sendable(Secret key) {
        return key.reveal().matches("[!-~]{8,500}");
    }

    /**
     * From now on the keys of the inference file are these, by the name of the router; what the file named before and names no longer is
     * forgotten.
     */
    void declareRouterKeys(Map<String, Secret> keys) {
        transactions.executeWithoutResult(_ -> {
            keys.forEach((router, key) -> {
                boolean same = routerKey(router).filter(key::equals).isPresent()
                        && keptRouterKey(router).filter(Kept::declared).isPresent();
                if (!same) {
                    put(ROUTER + router, key, Operator.console(), true);
                }
            });
            jdbc.sql("select name from inference_secret where declared").query(String.class).list().stream()
                    .filter(name -> !keys.containsKey(name.substring(ROUTER.length())))
                    .forEach(this::forget);
        });
    }

    private void put(String name, Secret secret, Operator who, boolean declared) {
        jdbc.sql("""
                        insert into inference_secret (name, encrypted, changed_at, changed_by, declared)
                        values (:name, :encrypted, :now, :who, :declared)
                        on conflict (name) do update set encrypted = excluded.encrypted, changed_at = excluded.changed_at,
                            changed_by = excluded.changed_by, declared = excluded.declared
                        """)
                .param("name", name)
                .param("encrypted", secrets.encrypt(secret))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .param("who", who.name())
                .param("declared", declared)
                .update();
        audit.record(who, "secret stored", "secret " + name, "");
    }

    private void forget(String name) {
        jdbc.sql("delete from inference_secret where name = :name")
                .param("name", name)
                .update();
        audit.record(Operator.console(), "secret removed", "secret " + name, "the inference file names it no longer");
    }
}
