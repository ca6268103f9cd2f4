package dev.rackhouse.lab.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Secret;
import dev.rackhouse.lab.LabDraft;
import dev.rackhouse.lab.LabDraft.ProxmoxDraft;
import dev.rackhouse.lab.LabTest;
import dev.rackhouse.lab.LabTesting;
import dev.rackhouse.lab.ProxmoxSide;
import dev.rackhouse.lab.RackhouseRole;
import dev.rackhouse.lab.ui.ConnectLab.Step;
import dev.rackhouse.lab.ui.ConnectLab.StepState;
import dev.rackhouse.proxmox.Fingerprint;
import dev.rackhouse.proxmox.PveCluster;
import dev.rackhouse.proxmox.PveTls;
import dev.rackhouse.proxmox.PveVersion;
import dev.rackhouse.ssh.HostKey;
import dev.rackhouse.ssh.SshKey;
import dev.rackhouse.ssh.SshTarget;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The wizard without its screen. */
class ConnectLabTest {

    private static final HostKey HOST_KEY = new HostKey("SHA256:" + "k".repeat(43));
    private final Machines machines = new Machines();
    private final ConnectLab wizard = new ConnectLab(machines);

    @Test
    void goesFromAnAddressToAConnectedLab() {
        wizard.enterAddress("Home", true, "caraxes, https://10.0.10.42:8006/");
        assertThat(wizard.step()).isEqualTo(Step.CERTIFICATE);
        assertThat(wizard.certificates().keySet())
                .containsExactly(URI.create("https://caraxes:8006"), URI.create("https://10.0.10.42:8006"));
        wizard.pinCertificates();
        wizard.enterToken("rackhouse@pve!console", new Secret(" s3cret \n"));
        assertThat(wizard.step()).isEqualTo(Step.HOSTS);
        assertThat(wizard.version().major()).isEqualTo(8);
        assertThat(wizard.suggestions()).extracting(PveCluster.Member::name).containsExactly("caraxes", "meraxes");

        HostKey shown = wizard.look("caraxes", "10.0.10.41", 22, "root", null);
        wizard.pinHost("caraxes", "10.0.10.41", 22, "root", null, shown);
        wizard.look("meraxes", "10.0.10.42", 22, "root", "caraxes");
        assertThat(machines.through.getLast()).isEqualTo("caraxes");
        wizard.pinHost("meraxes", "10.0.10.42", 22, "root", "caraxes", shown);
        assertThat(wizard.suggestions()).isEmpty();
        wizard.hostsDone();
        wizard.runTest();
        wizard.connect();

        LabDraft draft = machines.connected.getFirst();
        ProxmoxDraft proxmox = draft.proxmox();
        assertThat(draft.name()).isEqualTo("Home");
        assertThat(proxmox.secret().reveal()).isEqualTo("s3cret");
        assertThat(proxmox.side().doors())
                .allSatisfy(door -> assertThat(door.pin()).isEqualTo(Machines.PRINT));
        assertThat(draft.hosts()).extracting(LabDraft.HostDraft::node).containsExactly("caraxes", "meraxes");
        assertThat(draft.key().publicLine()).endsWith(" rackhouse-Home");
    }

    @Test
    void leavesOutWhatPlainHostsDoNotNeed() {
        wizard.enterAddress("Shed", false, "");
        assertThat(wizard.step()).isEqualTo(Step.HOSTS);
        assertThat(wizard.state(Step.CERTIFICATE)).isEqualTo(StepState.SKIPPED);
        assertThat(wizard.previous()).isEqualTo(Step.ADDRESS);
        assertThatThrownBy(wizard::hostsDone).hasMessageContaining("or at least one host");
        wizard.pinHost("helium", "10.0.0.4", 22, "root", null, HOST_KEY);
        wizard.hostsDone();
        assertThat(wizard.step()).isEqualTo(Step.TEST);
    }

    @Test
    void staysWhereItIsWhenSomethingIsWrongAndKeepsWhatWasEntered() {
        assertThatThrownBy(() -> wizard.enterAddress(" ", true, "caraxes")).hasMessageContaining("1 to 60 characters");
        assertThatThrownBy(() -> wizard.enterAddress("taken", true, "caraxes")).hasMessageContaining("already");
        assertThatThrownBy(() -> wizard.enterAddress("Home", true, " ")).hasMessageContaining("at least one address");
        assertThatThrownBy(() -> wizard.enterAddress("Home", true, "http://caraxes:8006"))
                .hasMessageContaining("no address of Proxmox");
        assertThatThrownBy(() -> wizard.enterAddress("Home", true, "nobody"))
                .isInstanceOf(RemoteFailure.Unreachable.class);
        assertThat(wizard.step()).isEqualTo(Step.ADDRESS);

        wizard.enterAddress("Home", true, "caraxes");
        assertThatThrownBy(() -> wizard.trustAuthority("hello")).hasMessageContaining("BEGIN and END");
        wizard.trustAuthority("-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----");
        assertThatThrownBy(() -> wizard.enterToken("root", new Secret("x"))).hasMessageContaining("no token id");
        assertThatThrownBy(() -> wizard.enterToken("rackhouse@pve!console", new Secret(" ")))
                .hasMessageContaining("secret is missing");
        assertThatThrownBy(() -> wizard.enterToken("rackhouse@pve!console", new Secret("wrong")))
                .isInstanceOf(RemoteFailure.Refused.class);
        assertThat(wizard.step()).isEqualTo(Step.TOKEN);
        wizard.back(Step.ADDRESS);
        assertThat(wizard.addresses()).isEqualTo("https://caraxes:8006");
        wizard.back(Step.TOKEN);
        assertThat(wizard.step()).isEqualTo(Step.TOKEN);
        wizard.back(Step.TEST);
        assertThat(wizard.step()).as("not further than one has been").isEqualTo(Step.TOKEN);
    }

    @Test
    void refusesHostsThatCannotBeReachedAsEntered() {
        wizard.enterAddress("Shed", false, "");
        assertThatThrownBy(() -> wizard.look("a b", "10.0.0.4", 22, "root", null))
                .hasMessageContaining("no name of a node");
        assertThatThrownBy(() -> wizard.look("a", "10.0.0.4", 0, "root", null)).hasMessageContaining("no port");
        assertThatThrownBy(() -> wizard.look("a", "10.0.0.4", 22, "root", "nowhere"))
                .hasMessageContaining("nowhere");
        wizard.pinHost("a", "10.0.0.4", 22, "root", null, HOST_KEY);
        wizard.pinHost("b", "10.0.0.5", 22, "root", "a", HOST_KEY);
        assertThatThrownBy(() -> wizard.removeHost("a")).hasMessageContaining("b is reached through a");
    }

    @Test
    void signsInWithAKeyThatSomebodyBrings() {
        SshKey own = SshKey.generate("mine");
        wizard.useKey(own.privateKey());
        assertThat(wizard.publicKey()).startsWith(own.publicLine().substring(0, 60));
        assertThatThrownBy(() -> wizard.useKey(new Secret("hello"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void printsTheLinesForTheVersionAndTheRolesWanted() {
        String nine = String.join(
                "\n",
                wizard.pveumLines("rackhouse@pve!console", new PveVersion(9, 0, 0), Set.of(RackhouseRole.MAPPING)));
        String eight = String.join("\n", wizard.pveumLines("rackhouse@pve!console", new PveVersion(8, 4, 0), Set.of()));

        assertThat(nine)
                .contains("pveum role add RackhouseRead --privs \"Datastore.Audit", "VM.GuestAgent.Audit\"")
                .contains("pveum acl modify /mapping --users rackhouse@pve --roles RackhouseMapping")
                .contains("pveum user token add rackhouse@pve console --privsep 1")
                .doesNotContain("RackhouseOperate");
        assertThat(eight).contains("VM.Monitor\"").doesNotContain("GuestAgent").doesNotContain("RackhouseMapping");
    }

    /** Answers as machines would; "nobody" does not answer, the secret "wrong" is refused. */
    private static final class Machines implements ConnectLab.Answers {
        private static final Fingerprint PRINT = new Fingerprint("cd".repeat(32));
        private final List<LabDraft> connected = new ArrayList<>();
        private final List<String> through = new ArrayList<>();

        @Override
        public PveTls.Presented certificate(URI url) {
            if (url.getHost().equals("nobody")) {
                throw new RemoteFailure.Unreachable("look", "nobody", "refused", "check", null);
            }
            return new PveTls.Presented(PRINT, "CN=x", "CN=y", Instant.EPOCH, Instant.MAX);
        }

        @Override
        public LabTesting.Server server(String label, ProxmoxDraft draft) {
            if (draft.secret().reveal().equals("wrong")) {
                throw new RemoteFailure.Refused("ask", label, "Authentication failed!", "renew", 401, false);
            }
            assertThat(draft.side().trust()).isNotEqualTo(ProxmoxSide.Trust.PUBLIC);
            return new LabTesting.Server(
                    new PveVersion(8, 4, 1),
                    List.of(
                            new PveCluster.Member("caraxes", 1, "10.0.10.41", true, true),
                            new PveCluster.Member("meraxes", 2, "10.0.10.42", true, false)));
        }

        @Override
        public HostKey hostKey(String address, int port, @Nullable SshTarget jump) {
            through.add(jump == null ? "" : jump.label());
            return HOST_KEY;
        }

        @Override
        public LabTest test(LabDraft draft) {
            return new LabTest(Instant.EPOCH, null, List.of());
        }

        @Override
        public LabId connect(LabDraft draft) {
            connected.add(draft);
            return LabId.random();
        }

        @Override
        public List<String> namesTaken() {
            return List.of("Taken");
        }
    }
}
