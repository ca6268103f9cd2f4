package dev.rackhouse.guestsetup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.guestsetup.GpuGuestPlan.Part;
import dev.rackhouse.guestsetup.GpuGuestReadiness.Blocked;
import dev.rackhouse.guestsetup.GpuGuestReadiness.Kind;
import dev.rackhouse.guestsetup.GpuGuestReadiness.Ready;
import dev.rackhouse.guestsetup.GpuGuestReadiness.Remark;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From what was seen in a guest to what will be done, or why it cannot be. */
class GpuGuestAssessmentTest {

    private static final PciAddress CARD = PciAddress.parse("0000:01:00.0");

    @Test
    void aFreshGuestNeedsEverything() {
        GpuGuestPlan plan = SampleGuests.plan("fresh");

        assertThat(plan.parts()).containsExactlyInAnyOrder(Part.values());
        assertThat(plan.openModules()).isTrue();
        assertThat(plan.cards()).containsExactly(new GpuGuestPlan.Card(CARD, "10de:1e81", 250));
        assertThat(plan.driverPackages())
                .containsExactly(
                        "linux-modules-nvidia-580-server-open-generic",
                        "nvidia-headless-no-dkms-580-server-open",
                        "nvidia-utils-580-server");
        assertThat(plan.dockerConfig()).contains("\"cdi\" : true", "nvidia-container-runtime");
        assertThat(plan.repository().key()).startsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----");
    }

    @Test
    void aGuestThatSomebodySetUpNeedsNothing() {
        GpuGuestPlan plan = SampleGuests.plan("ai-inference");

        assertThat(plan.parts()).isEmpty();
        assertThat(plan.toHold()).isEmpty();
        assertThat(plan.dockerConfig()).isNull();
        assertThat(plan.cards()).extracting(GpuGuestPlan.Card::watts).containsExactly(350, 350);
    }

    @ParameterizedTest
    @CsvSource({
        "10de:1b80, CLOSED_ONLY",
        "10de:1db4, CLOSED_ONLY",
        "10de:1e81, EITHER",
        "10de:2204, EITHER",
        "10de:2b85, OPEN_ONLY",
        "10de:1180, NONE",
        "1002:73bf, NONE"
    })
    void choosesKernelModulesByTheCard(String ids, DriverTable.Modules modules) {
        assertThat(DriverTable.modules(ids)).isEqualTo(modules);
    }

    @Test
    void aPascalCardGetsTheClosedModules() {
        Ready ready = (Ready) assess("fresh", SampleGuests.draft(), t -> t.replace("10de:1e81", "10de:1b80"));

        assertThat(ready.plan().openModules()).isFalse();
        assertThat(ready.plan().driverPackages()).contains("nvidia-headless-no-dkms-580-server");
        assertThat(ready.plan().cards().getFirst().watts()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "os\tubuntu | os\tdebian | runs debian 24.04",
                "24.04 | 22.04 | only Ubuntu 24.04",
                "root\t1 | root\t0 | may not use sudo",
                "x86_64 | aarch64 | processor is aarch64",
                "status: done | status: running | still sets itself up",
                "102581472 | 3000000 | Only 2.9 GiB are free",
                "GPU\t0000:01:00.0\t10de:1e81 | X\t1 | has no NVIDIA GPU",
                "10de:1e81 | 10de:1180 | No driver of branch 580",
                "K\tdriver\t | PKG\tnvidia-driver-550\t550.1\tii \t | Another NVIDIA driver",
                "NONE\t/etc/docker/daemon.json | FILE\t/etc/docker/daemon.json\teyBicm9rZW4= | is no JSON"
            })
    void isBlockedWithASentence(String seen, String instead, String sentence) {
        GpuGuestReadiness readiness = assess("fresh", SampleGuests.draft(), t -> t.replace(seen, instead));

        assertThat(readiness).isInstanceOf(Blocked.class);
        assertThat(sentences(readiness)).contains(sentence);
    }

    @Test
    void refusesAPowerLimitThatTheCardDoesNotTake() {
        GpuGuestReadiness readiness =
                assess("ai-inference", SampleGuests.draft().withWatts(CARD, "500"), UnaryOperator.identity());

        assertThat(sentences(readiness))
                .contains("500 W is not possible for the card at 0000:01:00.0: it takes 100 to 400 W");
    }

    @Test
    void twoUnitsDoNotFightOverAPowerLimit() {
        GpuGuestReadiness readiness =
                assess("ai-inference", SampleGuests.draft().withWatts(CARD, "280"), UnaryOperator.identity());

        assertThat(sentences(readiness))
                .contains("homelab-gpu-power.service in the guest sets the card at 0000:01:00.0 to 350 W");
    }

    @Test
    void writesAUnitWhereTheLimitWouldBeGoneAfterABoot() {
        Ready ready = (Ready) assess(
                "ai-inference",
                SampleGuests.draft(),
                t -> t.replace("power.service\tenabled", "power.service\tdisabled"));

        assertThat(ready.plan().parts()).containsExactlyInAnyOrder(Part.POWER, Part.RESTART);
    }

    @Test
    void saysWhatIsInterrupted() {
        Ready ready = (Ready) assess(
                "ai-inference",
                SampleGuests.draft(),
                t -> t.replace("HOLD\tnvidia-utils-580-server\n", "RUNS\tvllm-7b\n"));

        assertThat(ready.plan().toHold()).containsExactly("nvidia-utils-580-server");
        assertThat(ready.remarks()).extracting(Remark::kind).contains(Kind.WARNS);
        assertThat(sentences(ready)).contains("interrupted by its restart: vllm-7b");
    }

    @Test
    void keepsWhatDockersSettingsSayOtherwise() {
        assertThat(SetupFiles.daemon("{\"log-opts\": {\"max-size\": \"50m\"}, \"features\": {\"buildkit\": true}}")
                        .orElseThrow())
                .contains("\"max-size\" : \"50m\"", "\"buildkit\" : true", "\"cdi\" : true");
        assertThat(SetupFiles.daemon("[]")).isEmpty();
        String ready = "{\"features\":{\"cdi\":true},\"runtimes\":{\"nvidia\":{\"path\":\"x\"}}}";
        assertThat(SetupFiles.daemon(ready)).contains(ready);
    }

    private static GpuGuestReadiness assess(String guest, GpuGuestDraft draft, UnaryOperator<String> change) {
        return GpuGuestAssessment.of(draft, SampleGuests.facts(guest, change), SampleGuests.SETTINGS);
    }

    private static String sentences(GpuGuestReadiness readiness) {
        return readiness.remarks().stream().map(Remark::sentence).collect(Collectors.joining("\n"));
    }
}
