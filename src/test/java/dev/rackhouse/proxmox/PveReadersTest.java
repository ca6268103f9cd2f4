package dev.rackhouse.proxmox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.VmId;
import dev.rackhouse.proxmox.PveCluster.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Readers of answers whose types wobble: numbers as text, flags as numbers or text, null, missing and unknown fields. */
class PveReadersTest {

    @Test
    void readsPciFunctions() {
        var functions = answering("""
                        [{"id":"0000:05:00.0","class":"0x010700","vendor":"0x1000","device":"0x0097","iommugroup":26,
                          "subsystem_vendor":"0x1000","subsystem_device":"0x3090","device_name":"SAS3008"},
                         {"id":"0000:00:00.0","class":"0x060000","vendor":"0x1022","device":"0x1480","iommugroup":-1,"mdev":"1"},
                         {"id":"weird"}]
                        """).nodes().pci("pve1");

        assertThat(functions).hasSize(2);
        assertThat(functions.get(0).id()).isEqualTo("1000:0097");
        assertThat(functions.get(0).subsystemId()).isEqualTo("1000:3090");
        assertThat(functions.get(0).iommuGroup()).hasValue(26);
        assertThat(functions.get(1).iommuGroup()).isEmpty();
        assertThat(functions.get(1).subsystemId()).isNull();
        assertThat(functions.get(1).mediated()).isTrue();
    }

    @Test
    void readsGuestsThatAreHardlyKnown() {
        var guests = answering("""
                        [{"id":"qemu/101","type":"qemu","vmid":"101","node":"meraxes","status":"unknown"},
                         {"type":"lxc","vmid":150,"name":"pihole","node":"caraxes","status":"running","cpu":0.0021,"maxcpu":1,
                          "mem":"118620160","tags":"dns;net","template":0,"something":{"new":true}},
                         {"type":"qemu","vmid":7},{"type":"sdn"}]
                        """).cluster().resources().guests();

        assertThat(guests).hasSize(2);
        assertThat(guests.get(0).name()).isNull();
        assertThat(guests.get(0).cpu()).isEmpty();
        assertThat(guests.get(1).kind()).isEqualTo(Kind.LXC);
        assertThat(guests.get(1).memoryBytes()).hasValue(118_620_160L);
        assertThat(guests.get(1).tags()).containsExactly("dns", "net");
    }

    @Test
    void readsAConfigurationAsText() {
        var config = answering("""
                        {"memory":"2048","cores":2,"numa":1,"agent":"1","description":"two\\nlines\\n","digest":"abc",
                         "hostpci10":"mapping=b","hostpci2":"mapping=a","lxc":[["lxc.idmap","u 0 100000 65536"]],"vga":null}
                        """).guests().config("n", Kind.QEMU, new VmId(100));

        assertThat(config.values())
                .containsEntry("memory", "2048")
                .containsEntry("cores", "2")
                .doesNotContainKeys("vga", "digest");
        assertThat(config.get("description")).isEqualTo("two\nlines");
        assertThat(config.digest()).isEqualTo("abc");
        assertThat(config.numbered("hostpci").keySet()).containsExactly("hostpci2", "hostpci10");
    }

    @Test
    void readsHistoryWithGaps() {
        var samples = answering("""
                        [{"time":120,"cpu":0.5,"memused":"1e9"},{"time":60},{"cpu":1}]
                        """).nodes().history("n", PveNodes.Timeframe.HOUR);

        assertThat(samples).hasSize(2);
        assertThat(samples.get(0).value("cpu")).isEmpty();
        assertThat(samples.get(1).value("memused")).hasValue(1e9);
    }

    @Test
    void readsPendingChanges() {
        var pending = answering("""
                        [{"key":"cores","value":2,"pending":4},{"key":"memory","value":"2048"},{"key":"args","value":"x","delete":1}]
                        """).guests().pending("n", Kind.QEMU, new VmId(100));

        assertThat(pending)
                .containsExactly(
                        new PveGuests.Pending("cores", "2", "4", false),
                        new PveGuests.Pending("args", "x", null, true));
    }

    @Test
    void looksForARightOnTheDeepestPathThatHasAnEntry() {
        var permissions = answering("""
                        {"/":{"VM.Audit":1,"Sys.Audit":0},"/vms/100":{"VM.PowerMgmt":1},"/storage":{"Datastore.Audit":0}}
                        """).access().permissions();

        assertThat(permissions.allow("/vms", "VM.Audit")).isTrue();
        assertThat(permissions.allow("/vms/100", "VM.Audit")).as("replaced").isFalse();
        assertThat(permissions.allow("/vms/100", "VM.PowerMgmt")).isTrue();
        assertThat(permissions.allow("/", "Sys.Audit")).isTrue();
        assertThat(permissions.allow("/nodes/a", "Sys.Audit"))
                .as("does not flow down")
                .isFalse();
        assertThat(permissions.allow("/storage/local", "Datastore.Audit")).isFalse();
    }

    @Test
    void readsVersionsOfAllShapes() {
        for (String text : List.of("9.2.11", "pve-manager/9.2.11/14a22df35955d97d")) {
            assertThat(PveVersion.parse(text)).isEqualTo(new PveVersion(9, 2, 11));
        }
        assertThat(PveVersion.parse("7.4-3")).isEqualTo(new PveVersion(7, 4, 3));
        assertThat(PveVersion.parse("8.4")
                        .privileges(List.of("VM.GuestAgent.Audit", "VM.GuestAgent.FileRead", "VM.Audit")))
                .containsExactly("VM.Audit", "VM.Monitor");
        assertThat(PveVersion.parse("8.0.4").supported()).isTrue();
        assertThat(PveVersion.parse("7.4-3").supported()).isFalse();
    }

    private static PveClient answering(String data) {
        JsonNode node = JsonMapper.builder().build().readTree(data);
        return PveClient.over((doing, method, path, parameters) -> new PveAnswer(node, null, null, data));
    }
}
