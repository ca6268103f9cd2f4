package dev.rackhouse.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.access.MasterKey;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.access.Secrets;
import dev.rackhouse.base.Secret;
import dev.rackhouse.base.SecretSource;
import dev.rackhouse.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.transaction.support.TransactionTemplate;

/** Keys of routers are kept, replaced, and shown to nobody. */
class RouterKeysTest {

    private static final DataSource DATABASE = TestDatabase.migrated();
    private static final Secret KEY = new Secret("sk-first-of-all");

    private final JdbcClient jdbc = JdbcClient.create(DATABASE);
    private final List<String> audit = new ArrayList<>();
    private Operator who = new Operator("ada", Role.ADMIN);
    private final ServingSecrets secrets = new ServingSecrets(
            jdbc,
            new Secrets(MasterKey.random()),
            () -> Optional.of(who),
            (operator, what, target, detail) -> audit.add(operator.name() + " " + what + " " + target + detail),
            new TransactionTemplate(new JdbcTransactionManager(DATABASE)),
            Clock.systemUTC());

    @BeforeEach
    void none() {
        jdbc.sql("delete from inference_secret").update();
    }

    @Test
    void anAdministratorStoresAndReplacesOne() {
        secrets.putRouterKey("edge", KEY);
        secrets.putRouterKey("edge", new Secret("sk-second-one"));

        assertThat(secrets.routerKey("edge")).contains(new Secret("sk-second-one"));
        assertThat(secrets.routerKey("other")).isEmpty();
        assertThat(secrets.keptRouterKey("edge").orElseThrow().changedBy()).isEqualTo("ada");
        assertThat(audit)
                .containsExactly("ada secret stored secret router:edge", "ada secret stored secret router:edge");
    }

    @Test
    void itLiesEncrypted() {
        secrets.putRouterKey("edge", KEY);

        byte[] stored = jdbc.sql("select encrypted from inference_secret")
                .query(byte[].class)
                .single();

        assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain(KEY.reveal());
    }

    @Test
    void onlyAdministratorsStoreOne() {
        who = new Operator("bob", Role.OPERATOR);

        assertThatThrownBy(() -> secrets.putRouterKey("edge", KEY)).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void refusesWhatIsNoKey() {
        for (String odd : List.of("", "short", "two words of it", "line\r\nX-Evil: 1234")) {
            assertThat(secrets.putRouterKey("edge", new Secret(odd))).isInstanceOf(Saved.Refused.class);
        }
        assertThat(secrets.routerKey("edge")).isEmpty();
    }

    @Test
    void theInferenceFileGoesBeforePeople() {
        secrets.declareRouterKeys(Map.of("edge", KEY));

        Saved saved = secrets.putRouterKey("edge", new Secret("sk-of-a-person"));

        assertThat(saved).isInstanceOf(Saved.Refused.class);
        assertThat(secrets.routerKey("edge")).contains(KEY);
    }

    @Test
    void whatTheFileNamesNoLongerIsForgotten_andWhatPeopleStoredStays() {
        secrets.putHuggingFaceToken(new Secret("hf_token"));
        secrets.putRouterKey("mine", KEY);
        secrets.declareRouterKeys(Map.of("edge", KEY));
        secrets.declareRouterKeys(Map.of("edge", KEY));

        secrets.declareRouterKeys(Map.of());

        assertThat(secrets.routerKey("edge")).isEmpty();
        assertThat(secrets.routerKey("mine")).contains(KEY);
        assertThat(secrets.knows(ServingSecrets.HF_TOKEN)).isTrue();
        assertThat(audit).filteredOn(line -> line.startsWith("rackhouse")).hasSize(2);
    }

    @Test
    void theFileSaysWhereAKeyComesFrom() {
        String router =
                "routers: [{ name: edge, kind: litellm, place: { lab: home, host: helium }, port: 4000, key: %s }]";

        InferenceFile file = InferenceFile.read(router.formatted("{ env: LITELLM_KEY }"), Serving::lab);

        assertThat(file.routerKeys()).containsEntry("edge", new SecretSource.Environment("LITELLM_KEY"));
        assertThatThrownBy(() -> InferenceFile.read(router.formatted("sk-in-the-open"), Serving::lab))
                .hasMessage("routers[1].key: must say where the text comes from: { env: NAME } or { file: path }");
    }
}
