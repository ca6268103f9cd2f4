package dev.rackhouse.proxmox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Secret;
import dev.rackhouse.base.VmId;
import dev.rackhouse.proxmox.PveCluster.Kind;
import dev.rackhouse.simulator.pve.NodeEndpoint;
import dev.rackhouse.simulator.pve.PveSettings;
import dev.rackhouse.simulator.pve.PveSimulator;
import dev.rackhouse.simulator.world.LabSeed;
import dev.rackhouse.simulator.world.LabSeeds;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The client's facades on the pretend cluster of caraxes and meraxes, over TLS. */
class PveClientOnLabTest {

    private static PveSimulator lab;
    private static PveClient client;

    @BeforeAll
    static void start() throws Exception {
        LabSeed seed = LabSeeds.packed("targaryen");
        lab = PveSimulator.start(seed, PveSimulator.memoryMachines(seed), PveSettings.fast());
        LinkedHashSet<Fingerprint> pins = new LinkedHashSet<>();
        lab.nodes().forEach(n -> pins.add(Fingerprint.parse(n.fingerprint())));
        client = new PveClient(
                new PveEndpoint(
                        "targaryen",
                        lab.nodes().stream().map(NodeEndpoint::url).toList(),
                        new ApiToken("rackhouse@pve!console", new Secret("5f0c7c1e-6a0e-4a5e-9d58-000000000000")),
                        new TlsTrust.Pinned(pins)),
                new CallMeter(Clock.systemUTC()));
    }

    @AfterAll
    static void stop() {
        client.close();
        lab.close();
    }

    @Test
    void readsTheCluster() {
        assertThat(client.version().major()).isEqualTo(9);
        PveCluster.Status status = client.cluster().status();
        assertThat(status.standalone()).isFalse();
        assertThat(status.quorate()).isTrue();
        assertThat(status.members())
                .extracting(PveCluster.Member::name)
                .containsExactlyInAnyOrder("caraxes", "meraxes");

        PveCluster.Resources resources = client.cluster().resources();
        assertThat(resources.nodes()).extracting(PveCluster.Node::name).containsExactlyInAnyOrder("caraxes", "meraxes");
        assertThat(resources.guests())
                .isNotEmpty()
                .allSatisfy(g -> assertThat(g.node()).isNotEmpty());
        assertThat(resources.storages()).isNotEmpty();
        assertThat(client.cluster().isFree(client.cluster().nextId())).isTrue();
        assertThat(client.cluster().isFree(resources.guests().getFirst().vmid()))
                .isFalse();
    }

    @Test
    void readsNodesAndTheirParts() {
        PveNodes.Status status = client.nodes().status("caraxes");
        assertThat(status.memoryTotalBytes()).isPositive();
        assertThat(status.threads()).isPositive();
        assertThat(status.kernel()).isNotBlank();
        assertThat(client.nodes().network("caraxes").interfaces())
                .anySatisfy(i -> assertThat(i.type()).isEqualTo("bridge"));
        assertThat(client.nodes().disks("caraxes"))
                .allSatisfy(d -> assertThat(d.sizeBytes()).isPositive());
        assertThat(client.nodes().history("caraxes", PveNodes.Timeframe.HOUR))
                .isSortedAccordingTo(java.util.Comparator.comparing(PveNodes.Sample::at));
        assertThat(client.storages().list("caraxes")).anySatisfy(s -> {
            assertThat(s.active()).isTrue();
            assertThat(client.storages().content("caraxes", s.name(), null)).isNotNull();
        });
        assertThat(client.mappings().pci("caraxes"))
                .allSatisfy(m -> assertThat(m.unreadable()).isEmpty());
        assertThat(client.access().permissions().allow("/vms/200", "VM.PowerMgmt"))
                .isTrue();
    }

    @Test
    void readsAGuestStartsAndStopsIt() throws InterruptedException {
        PveCluster.Guest guest = client.cluster().resources().guests().stream()
                .filter(g -> g.kind() == Kind.QEMU && !g.running() && !g.template())
                .findFirst()
                .orElseThrow();
        PveGuests.Config config = client.guests().config(guest.node(), Kind.QEMU, guest.vmid());
        assertThat(config.digest()).hasSize(40);
        config.numbered("net")
                .values()
                .forEach(net -> assertThat(NetDevice.parse(net).model()).isNotNull());
        config.numbered("scsi")
                .values()
                .forEach(disk -> assertThat(DiskSpec.parse(disk).storage()).isPresent());
        assertThat(client.guests().pending(guest.node(), Kind.QEMU, guest.vmid()))
                .isEmpty();

        String path = PvePath.of("nodes", guest.node(), "qemu", guest.vmid(), "config");
        client.call(
                PveMethod.PUT, path, Map.of("description", List.of("a;b=c&d + ü"), "digest", List.of(config.digest())));
        assertThat(client.guests().config(guest.node(), Kind.QEMU, guest.vmid()).get("description"))
                .isEqualTo("a;b=c&d + ü");
        assertThatThrownBy(() -> client.call(
                        PveMethod.PUT, path, Map.of("description", List.of("x"), "digest", List.of(config.digest()))))
                .isInstanceOf(RemoteFailure.Refused.class)
                .hasMessageContaining("Read it again");

        Instant before = Instant.now().minusSeconds(5);
        Upid upid = client.call(
                        PveMethod.POST,
                        PvePath.of("nodes", guest.node(), "qemu", guest.vmid(), "status", "stop"),
                        Map.of())
                .upid()
                .orElseThrow();
        List<String> log = new ArrayList<>();
        assertThat(client.tasks().await(upid, line -> log.add(line.text()))).isInstanceOf(TaskOutcome.Succeeded.class);
        assertThat(log).last().asString().isEqualTo("TASK OK");
        assertThat(client.tasks()
                        .list(
                                guest.node(),
                                before.minusSeconds(3600),
                                "qmstop",
                                guest.vmid().value()))
                .extracting(PveTasks.Row::upid)
                .contains(upid);
    }

    @Test
    void saysWhatIsMissingInItsOwnWords() {
        assertThatThrownBy(() -> client.guests().config("caraxes", Kind.QEMU, new VmId(4711)))
                .hasMessageContaining("does not exist (500)")
                .hasMessageContaining("The guest is gone or has moved");
        assertThatThrownBy(() -> client.call(PveMethod.GET, "/nosuch", Map.of()))
                .hasMessageContaining("Method 'GET /nosuch' not implemented (501)");
        assertThatThrownBy(() -> client.call(PveMethod.GET, "/nodes/nowhere/status", Map.of()))
                .hasMessageContaining("No node of that name");
        assertThatThrownBy(() -> client.tasks()
                        .status(Upid.parse("UPID:caraxes:0000023E:00061F56:6B0116F1:qmstart:102:root@pam:")))
                .hasMessageContaining("no such task");
        assertThatThrownBy(() ->
                        client.call(PveMethod.PUT, "/nodes/caraxes/qemu/101/config", Map.of("hugepages", List.of("2"))))
                .hasMessageContaining("only root can set 'hugepages' config")
                .hasMessageContaining("over SSH");
    }
}
