package dev.rackhouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.Seen;
import dev.rackhouse.inventory.FactStore.Outcome;
import dev.rackhouse.inventory.Rows.GuestRow;
import dev.rackhouse.inventory.Rows.PciRow;
import dev.rackhouse.testing.TestDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Only differences are written, each is told once, and nothing that vanished is lost. On a real PostgreSQL. */
class FactStoreTest {

    private static final Instant MORNING = Instant.parse("2026-11-21T06:00:00Z");

    private static JdbcTemplate jdbc;
    private static FactStore facts;

    private final LabId lab = LabId.random();
    private Instant now = MORNING;

    @BeforeAll
    static void database() {
        DataSource source = TestDatabase.migrated();
        jdbc = new JdbcTemplate(source);
        facts = new FactStore(jdbc, new TransactionTemplate(new JdbcTransactionManager(source)), new ChangeLog(jdbc));
    }

    @Test
    void theFirstSightIsNoChange() {
        Outcome first = see(guest(100, "nas", "running"), guest(101, "ollama", "stopped"));

        assertThat(first).isEqualTo(new Outcome(2, 0));
    }

    @Test
    void writesNothingWhenNothingChanged() {
        see(guest(100, "nas", "running"), guest(101, "ollama", "stopped"));

        Outcome second = see(guest(101, "ollama", "stopped"), guest(100, "nas", "running"));

        assertThat(second).isEqualTo(Outcome.NOTHING);
    }

    @Test
    void tellsARenameWithBeforeAndAfter() {
        see(guest(100, "nas", "running"));

        Outcome outcome = see(guest(100, "vault", "running"));

        assertThat(outcome).isEqualTo(new Outcome(1, 1));
        assertThat(changes()).singleElement().satisfies(c -> {
            assertThat(c)
                    .containsEntry("what", "name")
                    .containsEntry("before", "nas")
                    .containsEntry("after", "vault");
            assertThat(c).containsEntry("node", "caraxes").containsEntry("subject", "100");
        });
    }

    @Test
    void marksGoneOnceAndTellsWhenItIsBack() {
        see(guest(100, "nas", "running"), guest(101, "ollama", "stopped"));

        Outcome gone = see(guest(100, "nas", "running"));
        Outcome stillGone = see(guest(100, "nas", "running"));
        Outcome back = see(guest(100, "nas", "running"), guest(101, "ollama", "stopped"));

        assertThat(gone).isEqualTo(new Outcome(1, 1));
        assertThat(stillGone).isEqualTo(Outcome.NOTHING);
        assertThat(back).isEqualTo(new Outcome(1, 1));
        assertThat(changes()).extracting(c -> c.get("what")).containsExactly("gone", "back");
        assertThat(changes()).extracting(c -> c.get("title")).containsExactly("ollama", "ollama");
    }

    @Test
    void keepsWhatWasKnownWhileTheNodeIsDown() {
        see(guest(200, "ai-prod", "running"));

        Outcome down = see(unknown(200));
        Outcome stillDown = see(unknown(200));

        assertThat(down).isEqualTo(new Outcome(1, 1));
        assertThat(stillDown).isEqualTo(Outcome.NOTHING);
        assertThat(stored(200)).containsEntry("name", "ai-prod").containsEntry("memory", 4L << 30);
        assertThat(stored(200).get("unsure_since")).isNotNull();
        assertThat(changes())
                .singleElement()
                .satisfies(c -> assertThat(c)
                        .containsEntry("what", "power")
                        .containsEntry("before", "running")
                        .containsEntry("after", "unknown"));
    }

    @Test
    void takesHostileTextAsText() {
        String hostile = "<img src=x onerror=alert(1)>'; drop table inventory_guest; --\u0000 \u202e\uD83D\uDE08";

        see(guest(100, hostile, "running"));
        Outcome again = see(guest(100, hostile, "running"));

        assertThat(again).isEqualTo(Outcome.NOTHING);
        assertThat(stored(100).get("name")).isEqualTo(hostile.replace('\0', '\uFFFD'));
    }

    @Test
    void takesAVeryLongText() {
        see(guest(100, "a", "running"));

        see(guest(100, "x".repeat(100_000), "running"));

        assertThat((String) changes().getFirst().get("after")).hasSize(500).endsWith("…");
    }

    @Test
    void anotherCardInTheSameSlotIsAnotherDevice() {
        seeDevices(device("0000:0e:00.0", "10de:1e81", "RTX 2080 SUPER"));

        Outcome swapped = seeDevices(device("0000:0e:00.0", "10de:2204", "RTX 3090"));

        assertThat(swapped.written()).isEqualTo(2);
        assertThat(changes()).extracting(c -> c.get("what")).containsExactlyInAnyOrder("gone", "new");
        assertThat(jdbc.queryForList(
                        "select ids from inventory_pci where lab = ? and gone_at is null", String.class, lab.value()))
                .containsExactly("10de:2204");
    }

    @Test
    void aSourceThatDoesNotKnowTheDriverTakesNothingAway() {
        seeDevices(device("0000:0e:00.0", "10de:1e81", "RTX 2080 SUPER"));

        Outcome fromTheApi = seeDevices(withoutDriver(device("0000:0e:00.0", "10de:1e81", null)));

        assertThat(fromTheApi).isEqualTo(Outcome.NOTHING);
    }

    @Test
    void anotherLabWithTheSameNumbersIsAnotherGuest() {
        LabId other = LabId.random();
        see(guest(100, "nas", "running"));

        facts.sync(GuestRow.KIND, other, null, List.of(guest(100, "mine", "stopped")), seen());

        assertThat(see(guest(100, "nas", "running"))).isEqualTo(Outcome.NOTHING);
    }

    private Outcome see(GuestRow... rows) {
        return facts.sync(GuestRow.KIND, lab, null, List.of(rows), seen());
    }

    private Outcome seeDevices(PciRow... rows) {
        return facts.sync(PciRow.KIND, lab, "caraxes", List.of(rows), seen());
    }

    private Seen seen() {
        now = now.plusSeconds(12);
        return new Seen("Proxmox API", now);
    }

    private List<Map<String, Object>> changes() {
        return jdbc.queryForList("select * from inventory_change where lab = ? order by id", lab.value());
    }

    private Map<String, Object> stored(int vmid) {
        return jdbc.queryForMap("select * from inventory_guest where lab = ? and vmid = ?", lab.value(), vmid);
    }

    private static GuestRow guest(long vmid, String name, String status) {
        return new GuestRow(
                vmid, "qemu", name, "caraxes", status, false, 4L, 4L << 30, 32L << 30, "storage", null, null, null,
                false);
    }

    private static GuestRow unknown(long vmid) {
        return new GuestRow(
                vmid, "qemu", null, "caraxes", "unknown", null, null, null, null, null, null, null, null, true);
    }

    private static PciRow device(String address, String ids, @Nullable String name) {
        return new PciRow(
                "caraxes",
                address,
                ids,
                "3842:3081",
                "",
                "030000",
                "a1",
                "NVIDIA",
                name,
                null,
                31L,
                "vfio-pci",
                -1L,
                "flr bus",
                16L,
                16L,
                "8.0 GT/s PCIe",
                true,
                false,
                null,
                false,
                false);
    }

    private static PciRow withoutDriver(PciRow d) {
        return new PciRow(
                d.node(),
                d.address(),
                d.ids(),
                d.subsystem(),
                d.serial(),
                d.deviceClass(),
                null,
                null,
                null,
                null,
                d.group(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
