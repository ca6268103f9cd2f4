package dev.rackhouse.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.passthrough.PassthroughDraft.Field;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a draft to a plan, or to what stands in the way. */
class ReadinessTest {

    private final Site caraxes = SampleSites.caraxes();
    private final PassthroughDraft draft = SampleSites.draft(caraxes, "0000:0e:00");

    @Test
    void suggestsAMachineThatNeedsNoChange() {
        assertThat(draft.vmid()).isEqualTo("103");
        assertThat(draft.name()).isEqualTo("rtx-2080-super-103");
        assertThat(draft.cores()).isEqualTo("12");
        assertThat(draft.memoryMiB()).isEqualTo("24576");
        assertThat(draft.address()).isEqualTo("10.0.10.201/24");
        assertThat(draft.gateway()).isEqualTo("10.0.10.1");
        assertThat(draft.storage()).isEqualTo("local-lvm");
        assertThat(draft.hugepages()).isFalse();

        Readiness readiness = Assessment.of(draft, caraxes);

        assertThat(readiness).isInstanceOfSatisfying(Readiness.Blocked.class, blocked -> {
            assertThat(blocked.blockers()).isEmpty();
            assertThat(blocked.toConfirm())
                    .extracting(Finding::check)
                    .contains("group.acs", "gpu.boot-vga", "dev.used-config");
        });
    }

    @Test
    void isReadyOnceEveryWarningIsTicked() {
        Readiness readiness = SampleSites.assessed(draft, caraxes);

        assertThat(readiness).isInstanceOfSatisfying(Readiness.Ready.class, ready -> {
            PassthroughPlan plan = ready.plan();
            assertThat(plan.devices()).singleElement().satisfies(d -> {
                assertThat(d.mapping()).isEqualTo("RTX-2080-SUPER");
                assertThat(d.newMapping()).isFalse();
                assertThat(d.functions()).hasSize(4);
            });
            assertThat(plan.accepted())
                    .extracting(PassthroughPlan.Accepted::check)
                    .contains("gpu.boot-vga");
            assertThat(plan.sshKeys()).containsExactly(SampleSites.CONSOLE_KEY);
            assertThat(plan.smbios()).isEqualTo(draft.smbios());
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NAME|-bad name|DNS name",
                "NAME||Enter a name",
                "VLAN|0|1 to 4094",
                "VLAN|4095|1 to 4094",
                "MEMORY|99999999|whole number from 512 to 64242",
                "MEMORY|lots|whole number",
                "CORES|17|from 1 to 16",
                "VMID|101|exists already",
                "VMID|99|from 100",
                "ADDRESS|10.0.10.41/24|taken by caraxes",
                "ADDRESS|10.0.10.0/24|network itself",
                "ADDRESS|10.0.10.999/24|no address",
                "ADDRESS|10.0.10.9|no address with its prefix",
                "GATEWAY|10.0.11.1|not inside",
                "NAMESERVER|dns.example|no address of a DNS server",
                "DISK|0|from 4",
                "IMAGE_URL|ftp://x/y.qcow2|http",
                "IMAGE_CHECKSUM|abc|SHA-256",
                "STORAGE|local|holds no disk images",
                "BRIDGE|vmbr9|no bridge",
                "USER|root|not root",
                "SSH_KEYS|ssh-rsa x|no public key",
                "AFFINITY|0-99|CPUs",
            })
    void refusesWrongInputsWithASentenceBesideThem(Field field, String value, String sentence) {
        PassthroughDraft changed = set(field, value == null ? "" : value).apply(draft);

        Readiness readiness = SampleSites.assessed(changed, caraxes);

        assertThat(readiness).isInstanceOf(Readiness.Blocked.class);
        assertThat(readiness.problem(field))
                .hasValueSatisfying(text -> assertThat(text).contains(sentence));
    }

    @Test
    void keepsHostileTextOutOfMessages() {
        PassthroughDraft changed = draft.edit().bridge("vm\u0007br<script>").done();

        assertThat(SampleSites.assessed(changed, caraxes).problem(Field.BRIDGE).orElseThrow())
                .doesNotContain("\u0007");
    }

    @Test
    void blocksWhatARunningGuestHoldsAndOffersToStopIt() {
        Site meraxes = SampleSites.of("meraxes");

        Readiness readiness = SampleSites.assessed(SampleSites.draft(meraxes, "0000:0d:00"), meraxes);

        assertThat(readiness)
                .isInstanceOfSatisfying(
                        Readiness.Blocked.class,
                        blocked -> assertThat(blocked.findings())
                                .anyMatch(f -> f.check().equals("dev.used-running")
                                        && f.stops() != null
                                        && f.stops().value() == 200));
    }

    @Test
    void neverLetsATickPassAProtectedDevice() {
        Site shared = SampleSites.of("generic/shared-group");

        Readiness readiness = SampleSites.assessed(SampleSites.draft(shared, "0000:01:00"), shared);

        assertThat(readiness)
                .isInstanceOfSatisfying(
                        Readiness.Blocked.class,
                        blocked -> assertThat(blocked.findings())
                                .anyMatch(f -> f.check().equals("protect.boot") && f.blocks()));
    }

    @Test
    void bindsMemoryToTheNodeOfTheDeviceAndTakesReservedPages() {
        Site thor = SampleSites.thorWithTheGuestStopped();

        PassthroughPlan plan = SampleSites.plan(thor, "0000:41:00", "0000:81:00");

        assertThat(plan.hugepages()).isEqualTo("1024");
        assertThat(plan.cells())
                .containsExactly(new PassthroughPlan.Cell(0, 5, 2, 16384), new PassthroughPlan.Cell(6, 11, 4, 16384));
        assertThat(plan.memoryMiB()).isEqualTo(32768);
        assertThat(plan.devices())
                .extracting(PassthroughPlan.Device::mapping)
                .containsExactly("rtx3090-a", "rtx3090-b");
        assertThat(SampleSites.plan(SampleSites.thorWithoutMappings(), "0000:41:00")
                        .devices())
                .extracting(PassthroughPlan.Device::mapping)
                .containsExactly("rackhouse-thor-4100");
    }

    @Test
    void splitsCoresAndMemoryEvenlyOverTheNodes() {
        Site thor = SampleSites.thorWithTheGuestStopped();
        PassthroughDraft spread = SampleSites.draft(thor, "0000:41:00")
                .edit()
                .numaNodes(Set.of(0, 1, 2, 3, 4, 5, 6, 7))
                .cores("44")
                .memoryMiB("131072")
                .done();

        Readiness readiness = SampleSites.assessed(spread, thor);

        assertThat(readiness).isInstanceOfSatisfying(Readiness.Ready.class, ready -> {
            assertThat(ready.plan().cells()).hasSize(8);
            assertThat(ready.plan().cells().get(3)).isEqualTo(new PassthroughPlan.Cell(18, 23, 3, 16384));
            assertThat(ready.plan().cells().getLast()).isEqualTo(new PassthroughPlan.Cell(39, 43, 7, 16384));
        });
    }

    @Test
    void saysWhatIsMissingOnAHostThatWasNeverProbed() {
        Site blank = new Site(
                caraxes.node(),
                "x",
                null,
                null,
                null,
                caraxes.storages(),
                caraxes.images(),
                caraxes.taken(),
                caraxes.addressesInUse(),
                caraxes.networks(),
                caraxes.mappings(),
                null,
                false);

        assertThat(Assessment.of(draft, blank).problem(Field.NODE)).isPresent();
    }

    @Test
    void refusesAHostWithoutProxmox() {
        Site helium =
                SampleSites.site(SampleHosts.facts("helium"), new Site.Network("vmbr0", false, null, null, null, null));

        assertThat(SampleSites.assessed(SampleSites.draft(helium, "0000:01:00"), helium)
                        .problem(Field.NODE))
                .hasValueSatisfying(text -> assertThat(text).contains("no Proxmox VE"));
    }

    @Test
    void refusesATagThatTheBridgeDropsAndAStorageWithoutRoom() {
        Site narrow = SampleSites.site(
                SampleHosts.facts("caraxes"), new Site.Network("vmbr0", true, "110 120", null, "10.0.10.41/24", null));
        PassthroughDraft tagged = SampleSites.draft(narrow, "0000:0e:00")
                .edit()
                .vlan("20")
                .diskGiB("290")
                .done();

        Readiness readiness = SampleSites.assessed(tagged, narrow);

        assertThat(readiness.problem(Field.VLAN))
                .hasValueSatisfying(t -> assertThat(t).contains("110 120"));
        assertThat(readiness.findings()).anyMatch(f -> f.check().equals("st.room") && f.blocks());
    }

    private static UnaryOperator<PassthroughDraft> set(Field field, String value) {
        return d -> {
            PassthroughDraft.Edit edit = d.edit();
            return (switch (field) {
                        case NAME -> edit.name(value);
                        case VLAN -> edit.vlan(value);
                        case MEMORY -> edit.memoryMiB(value);
                        case CORES -> edit.cores(value);
                        case VMID -> edit.vmid(value);
                        case ADDRESS -> edit.address(value);
                        case GATEWAY -> edit.gateway(value);
                        case NAMESERVER -> edit.nameserver(value);
                        case DISK -> edit.diskGiB(value);
                        case IMAGE_URL -> edit.imageUrl(value);
                        case IMAGE_CHECKSUM -> edit.imageChecksum(value);
                        case STORAGE -> edit.storage(value);
                        case BRIDGE -> edit.bridge(value);
                        case USER -> edit.user(value);
                        case SSH_KEYS -> edit.sshKeys(value);
                        case AFFINITY -> edit.affinity(value);
                        default -> throw new AssertionError(field);
                    })
                    .done();
        };
    }
}
