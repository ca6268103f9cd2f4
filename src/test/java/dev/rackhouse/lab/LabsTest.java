package dev.rackhouse.lab;

import static dev.rackhouse.testing.TlsServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.access.MasterKey;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.access.Secrets;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Secret;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.lab.LabDraft.HostDraft;
import dev.rackhouse.lab.LabDraft.ProxmoxDraft;
import dev.rackhouse.proxmox.ApiToken;
import dev.rackhouse.proxmox.Fingerprint;
import dev.rackhouse.ssh.HostKey;
import dev.rackhouse.ssh.SshKey;
import dev.rackhouse.ssh.TestSshServer;
import dev.rackhouse.testing.TestDatabase;
import dev.rackhouse.testing.TlsServer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.transaction.support.TransactionTemplate;

/** Connecting, changing, declaring, testing and removing labs, on a real database and real servers on loopback. */
class LabsTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static DataSource database;

    private final List<String> audit = new ArrayList<>();
    private final List<Object> events = new ArrayList<>();
    private final SshKey key = SshKey.generate("lab");
    private final JdbcClient jdbc = JdbcClient.create(database);
    private Operator who = new Operator("ada", Role.ADMIN);
    private LabStore store;
    private Labs labs;
    private LabAdministration administration;
    private LabTesting testing;
    private TlsServer proxmox;
    private TestSshServer host;

    @BeforeAll
    static void migrate() {
        database = TestDatabase.migrated();
    }

    @BeforeEach
    void open() {
        var secrets = new Secrets(MasterKey.random());
        Clock clock = Clock.systemUTC();
        store = new LabStore(jdbc, secrets);
        labs = new Labs(store, secrets, clock);
        administration = new LabAdministration(
                store,
                labs,
                () -> Optional.of(who),
                (operator, what, target, detail) ->
                        audit.add(operator.name() + " " + what + " " + target + " " + detail),
                events::add,
                new TransactionTemplate(new JdbcTransactionManager(database)),
                clock);
        testing = new LabTesting(labs, () -> Optional.of(who), clock);
        proxmox = TlsServer.answering(LabsTest::answer);
        host = new TestSshServer.Mina(key);
        host.start();
    }

    @AfterEach
    void close() {
        labs.close();
        proxmox.close();
        host.close();
        jdbc.sql("delete from lab_host").update();
        jdbc.sql("delete from lab_endpoint").update();
        jdbc.sql("delete from lab").update();
    }

    @Test
    void connectsALabAndKeepsItsSecretsEncrypted() {
        LabId id = administration.connect(draft("Home"));

        assertThat(labs.list()).extracting(Lab::name).containsExactly("Home");
        assertThat(labs.proxmox(id).version().major()).isEqualTo(9);
        assertThat(labs.ssh(new NodeRef(id, node()))
                        .run("echo hi", new byte[0], LONG)
                        .out())
                .isEqualTo("hi\n");
        assertThat(events).containsExactly(new LabConnected(id));
        assertThat(audit)
                .singleElement()
                .asString()
                .startsWith("ada lab connected lab Home")
                .doesNotContain("s3cret");
        for (String column : List.of("token_secret", "key_private")) {
            byte[] stored = jdbc.sql("select " + column + " from lab")
                    .query(byte[].class)
                    .single();
            assertThat(new String(stored, StandardCharsets.ISO_8859_1))
                    .doesNotContain("s3cret")
                    .doesNotContain("OPENSSH");
        }
    }

    @Test
    void letsOnlyAdminsChangeAnything() {
        LabId id = administration.connect(draft("Home"));
        who = new Operator("bob", Role.OPERATOR);

        assertThatThrownBy(() -> administration.connect(draft("Other"))).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> administration.pause(id)).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> administration.remove(id)).isInstanceOf(AccessDeniedException.class);
        assertThat(audit).hasSize(1);
    }

    @Test
    void refusesASecondLabOfTheSameName() {
        administration.connect(draft("Home"));
        assertThatThrownBy(() -> administration.connect(draft("HOME")))
                .isInstanceOf(LabRefused.class)
                .hasMessageContaining("of that name already");
    }

    @Test
    void usesANewConnectionAfterAChange() {
        LabId id = administration.connect(draft("Home"));
        labs.proxmox(id).version();
        assertThat(labs.proxmox(id)).isSameAs(labs.proxmox(id));

        try (TlsServer other = TlsServer.answering(r -> json("200 OK", "{\"data\":{\"version\":\"8.4.1\"}}"))) {
            administration.changeDoors(id, side(other));
            assertThat(labs.proxmox(id).version().toString()).isEqualTo("8.4.1");
            assertThat(other.requests().getFirst().header("Authorization")).endsWith("=s3cret");
        }
        assertThat(labs.budget(id).lastMinute().calls())
                .as("the meter outlives the change")
                .isEqualTo(2);
    }

    @Test
    void asksNothingWhilePausedAndSaysSo() {
        LabId id = administration.connect(draft("Home"));
        administration.pause(id);

        assertThatThrownBy(() -> labs.proxmox(id))
                .isInstanceOf(RemoteFailure.Refused.class)
                .hasMessageContaining("paused");
        assertThatThrownBy(() -> labs.ssh(new NodeRef(id, node()))).hasMessageContaining("paused");
        administration.resume(id);
        assertThat(labs.proxmox(id).version().major()).isEqualTo(9);
    }

    @Test
    void forgetsTheSecretsOfARemovedLabAndKeepsItsName() {
        LabId id = administration.connect(draft("Home"));
        administration.remove(id);

        assertThat(labs.list()).isEmpty();
        assertThat(labs.nameOf(id)).contains("Home");
        assertThat(jdbc.sql("select count(*) from lab where token_secret is not null or length(key_private) > 0")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThatThrownBy(() -> labs.proxmox(id)).hasMessageContaining("not connected any more");
        assertThat(events).last().isEqualTo(new LabRemoved(id));
        administration.connect(draft("Home"));
    }

    @Test
    void showsAChangedCertificateAndGoesOnAfterAnAdminAcceptedIt() {
        Fingerprint wrong = new Fingerprint("ab".repeat(32));
        LabId id = administration.connect(new LabDraft(
                "Home",
                new ProxmoxDraft(
                        new ProxmoxSide(
                                List.of(new ProxmoxSide.Door(proxmox.url(), wrong)),
                                "rackhouse@pve!console",
                                ProxmoxSide.Trust.PINNED,
                                null),
                        new Secret("s3cret")),
                List.of(),
                key));
        assertThatThrownBy(() -> labs.proxmox(id).version()).isInstanceOf(RemoteFailure.Untrusted.class);
        assertThat(labs.standings(id))
                .singleElement()
                .satisfies(s -> assertThat(s.verdict().level()).isEqualTo(Verdict.Level.CRITICAL));

        Fingerprint shown = testing.certificate(proxmox.url()).fingerprint();
        assertThatThrownBy(() -> administration.acceptCertificate(id, proxmox.url(), shown, shown))
                .isInstanceOf(LabRefused.class);
        administration.acceptCertificate(id, proxmox.url(), wrong, shown);

        assertThat(labs.proxmox(id).version().major()).isEqualTo(9);
        assertThat(labs.standings(id))
                .singleElement()
                .satisfies(s -> assertThat(s.verdict().level()).isEqualTo(Verdict.Level.OK));
        assertThat(audit).last().asString().contains("was " + wrong, "now " + shown);
    }

    @Test
    void showsAChangedHostKeyAndGoesOnAfterAnAdminAcceptedIt() {
        HostKey wrong = new HostKey("SHA256:" + "x".repeat(43));
        HostDraft draft = new HostDraft(node(), "127.0.0.1", host.port(), "root", null, wrong, null);
        LabId id = administration.connect(new LabDraft("Home", null, List.of(draft), key));
        NodeRef node = new NodeRef(id, node());
        assertThatThrownBy(() -> labs.ssh(node).run("true", new byte[0], LONG))
                .isInstanceOf(RemoteFailure.Untrusted.class);

        HostKey shown = testing.hostKey(id, node());
        assertThat(shown).isEqualTo(host.hostKey());
        administration.acceptHostKey(id, node(), wrong, shown);
        assertThat(labs.ssh(node).run("echo in", new byte[0], LONG).out()).isEqualTo("in\n");
    }

    @Test
    void reachesAGuestThroughItsNodeAndLearnsItsKey() {
        LabId id = administration.connect(draft("Home"));
        NodeRef via = new NodeRef(id, node());

        var guest = labs.sshGuest(via, "debian", "127.0.0.1", host.port(), null);
        assertThat(guest.run("echo guest", new byte[0], LONG).out()).isEqualTo("guest\n");
        assertThat(guest.hostKey()).isEqualTo(host.hostKey());
        assertThat(labs.publicKey(id)).isEqualTo(key.publicLine());
    }

    @Test
    void meetingAGuestAgainLeavesWhatRunsThereAlone() {
        NodeRef via = new NodeRef(administration.connect(draft("Home")), node());
        HostKey met = labs.meetGuest(via, "debian", "127.0.0.1", host.port());
        var works = labs.sshGuest(via, "debian", "127.0.0.1", host.port(), met)
                .start("sleep 1; echo done", new byte[0], LONG, line -> {});

        assertThat(labs.meetGuest(via, "debian", "127.0.0.1", host.port())).isEqualTo(met);
        assertThat(labs.sshGuest(via, "debian", "127.0.0.1", host.port(), null).hostKey())
                .isEqualTo(met);

        assertThat(works.join().out()).isEqualTo("done\n");
    }

    @Test
    void refusesAGuestThatShowsAnotherKeyThanTheOneMet() {
        NodeRef via = new NodeRef(administration.connect(draft("Home")), node());
        HostKey another = HostKey.parse(SshKey.generate("other").publicLine());

        assertThatThrownBy(() -> labs.sshGuest(via, "debian", "127.0.0.1", host.port(), another))
                .isInstanceOf(RemoteFailure.Untrusted.class)
                .hasMessageContaining(another.fingerprint());
    }

    @Test
    void rotatesTheTokenOnlyToOneThatWorks() {
        LabId id = administration.connect(draft("Home"));
        assertThatThrownBy(() ->
                        administration.rotateToken(id, new ApiToken("rackhouse@pve!console", new Secret("wrong"))))
                .isInstanceOf(RemoteFailure.Refused.class)
                .hasMessageContaining("Authentication failed");

        administration.rotateToken(id, new ApiToken("rackhouse@pve!second", new Secret("s3cret")));
        labs.proxmox(id).version();
        assertThat(proxmox.requests().getLast().header("Authorization")).contains("!second=");
    }

    @Test
    void usesANewKeyOnlyWhenEveryHostAcceptsIt() {
        LabId id = administration.connect(draft("Home"));
        String line = administration.prepareKey(id);

        assertThat(labs.find(id).orElseThrow().nextPublicKey()).isEqualTo(line);
        assertThatThrownBy(() -> administration.useNextKey(id))
                .isInstanceOf(LabRefused.class)
                .hasMessageContaining("does not work everywhere yet");
        assertThat(labs.publicKey(id)).isEqualTo(key.publicLine());
        administration.dropNextKey(id);
        assertThat(labs.find(id).orElseThrow().nextPublicKey()).isNull();
    }

    @Test
    void addsChangesAndRemovesHosts() {
        LabId id = administration.connect(draft("Home"));
        HostDraft second = new HostDraft("second", "10.0.0.9", 22, "root", null, host.hostKey(), node());
        administration.putHost(id, second);
        assertThat(labs.find(id).orElseThrow().hosts())
                .extracting(LabHost::node)
                .contains("second");

        assertThatThrownBy(() -> administration.removeHost(id, node())).hasMessageContaining("to be reached through");
        administration.removeHost(id, "second");
        administration.removeHost(id, node());
        assertThatThrownBy(() -> administration.setProxmox(id, null)).isInstanceOf(LabRefused.class);
    }

    @Test
    void followsTheLabsFileAndWritesNothingWhenNothingDiffers() {
        DeclaredLabs declared = new DeclaredLabs(store, labs, administration);
        LabDraft draft = draft("Declared");
        var entry = new LabsFile.Declared("Declared", draft.proxmox(), draft.hosts(), null);

        declared.apply(List.of(entry));
        LabId id = labs.list().getFirst().id();
        long revision = store.revision();
        declared.apply(List.of(entry));
        assertThat(store.revision()).isEqualTo(revision);
        assertThatThrownBy(() -> administration.rename(id, "Mine")).hasMessageContaining("stands in the labs file");
        assertThatThrownBy(() -> administration.remove(id)).isInstanceOf(LabRefused.class);
        administration.pause(id);

        declared.apply(List.of(new LabsFile.Declared("Declared", draft.proxmox(), List.of(), null)));
        assertThat(labs.find(id).orElseThrow().hosts()).isEmpty();
        SshKey own = SshKey.generate("attic");
        declared.apply(List.of(new LabsFile.Declared("Declared", draft.proxmox(), List.of(), own)));
        assertThat(labs.publicKey(id)).as("the key that the file names").isEqualTo(own.publicLine());
        declared.apply(List.of(new LabsFile.Declared("Declared", draft.proxmox(), List.of(), null)));
        assertThat(labs.publicKey(id)).as("stays when the file names none").isEqualTo(own.publicLine());
        declared.release();
        assertThat(labs.find(id).orElseThrow().declared()).isFalse();
        declared.apply(List.of(entry));
        declared.apply(List.of());
        assertThat(labs.list()).isEmpty();
    }

    @Test
    void saysPerPrivilegeWhatWorksAndWhatIsMissing() {
        LabTest test = testing.test(draft("Home"));

        assertThat(test.version().toString()).isEqualTo("9.2.11");
        assertThat(test.rolesGranted()).containsExactly(RackhouseRole.READ);
        assertThat(test.of("RackhouseOperate"))
                .filteredOn(f -> f.level() != Verdict.Level.OK)
                .extracting(LabTest.Finding::what)
                .contains("VM.PowerMgmt on /vms")
                .doesNotContain("VM.Audit on /vms");
        assertThat(test.of("RackhouseMapping").getLast().remedy())
                .contains("pveum role modify RackhouseMapping --privs \"Mapping.Audit Mapping.Modify Mapping.Use\"")
                .contains("pveum acl modify /mapping --tokens 'rackhouse@pve!console' --roles RackhouseMapping");
        assertThat(test.of("Proxmox")).extracting(LabTest.Finding::what).contains("Node caraxes", "Node meraxes");
        assertThat(test.of(node()))
                .extracting(LabTest.Finding::what)
                .contains("Host key", "Sign-in as root", "Name", "Rights");
        assertThat(test.usable()).isTrue();
    }

    @Test
    void saysWhatFailsWhenNothingAnswers() {
        proxmox.close();
        host.stop();
        LabTest test = testing.test(draft("Home"));

        assertThat(test.usable()).isFalse();
        assertThat(test.findings())
                .filteredOn(f -> f.level() == Verdict.Level.CRITICAL)
                .hasSizeGreaterThanOrEqualTo(3);
        assertThat(test.findings()).allSatisfy(f -> assertThat(f.remedy()).isNotBlank());
        host.start();
    }

    private LabDraft draft(String name) {
        return new LabDraft(
                name,
                new ProxmoxDraft(side(proxmox), new Secret("s3cret")),
                List.of(new HostDraft(node(), "127.0.0.1", host.port(), "root", null, host.hostKey(), null)),
                key);
    }

    private static ProxmoxSide side(TlsServer server) {
        return new ProxmoxSide(
                List.of(new ProxmoxSide.Door(server.url(), Fingerprint.of(server.certificate()))),
                "rackhouse@pve!console",
                ProxmoxSide.Trust.PINNED,
                null);
    }

    private static String node() {
        try {
            return java.net.InetAddress.getLocalHost().getHostName().replaceFirst("\\..*", "");
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String answer(TlsServer.Request request) {
        if (!request.header("Authorization").endsWith("=s3cret")) {
            return TlsServer.bare("401 Authentication failed!");
        }
        return json(
                "200 OK",
                switch (request.target()) {
                    case "/api2/json/version" -> "{\"data\":{\"version\":\"9.2.11\",\"release\":\"9.2\"}}";
                    case "/api2/json/access/permissions" ->
                        "{\"data\":{\"/\":{\"Datastore.Audit\":1,\"Mapping.Audit\":1,\"Pool.Audit\":1,"
                                + "\"SDN.Audit\":1,\"Sys.Audit\":1,\"VM.Audit\":1,\"VM.GuestAgent.Audit\":1}}}";
                    case "/api2/json/cluster/status" ->
                        "{\"data\":[{\"type\":\"cluster\",\"name\":\"t\",\"quorate\":1},"
                                + "{\"type\":\"node\",\"name\":\"caraxes\",\"online\":1,\"nodeid\":1},"
                                + "{\"type\":\"node\",\"name\":\"meraxes\",\"online\":0,\"nodeid\":2}]}";
                    default -> "{\"data\":null}";
                });
    }
}
