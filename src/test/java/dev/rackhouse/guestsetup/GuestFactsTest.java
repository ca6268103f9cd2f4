package dev.rackhouse.guestsetup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.PciAddress;
import org.junit.jupiter.api.Test;

/** What a guest printed, and what is understood of it. */
class GuestFactsTest {

    @Test
    void understandsAGuestInWhichNothingIsSetUp() {
        GuestFacts fresh = SampleGuests.facts("fresh");

        assertThat(fresh.value("os") + " " + fresh.value("os_version")).isEqualTo("ubuntu 24.04");
        assertThat(fresh.is("root")).isTrue();
        assertThat(fresh.gpus()).containsExactly(java.util.Map.entry(PciAddress.parse("0000:01:00.0"), "10de:1e81"));
        assertThat(fresh.cards()).isEmpty();
        assertThat(fresh.packages()).isEmpty();
        assertThat(fresh.files()).isEmpty();
        assertThat(fresh.dockerReady()).isFalse();
    }

    @Test
    void understandsAGuestInWhichAllIsSetUp() {
        GuestFacts thor = SampleGuests.facts("ai-inference");

        assertThat(thor.cards()).hasSize(2);
        GuestFacts.SeenCard second = thor.card(PciAddress.parse("0000:02:00.0")).orElseThrow();
        assertThat(second)
                .isEqualTo(new GuestFacts.SeenCard(
                        PciAddress.parse("0000:02:00.0"),
                        "GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e02",
                        "NVIDIA GeForce RTX 3090",
                        "580.105.08",
                        350.0,
                        350.0,
                        100.0,
                        400.0,
                        true));
        assertThat(thor.held()).containsAll(GpuGuestPlan.driverPackages(true));
        assertThat(thor.powerUnits())
                .singleElement()
                .satisfies(unit -> assertThat(unit.atBoot()).isTrue())
                .satisfies(unit -> assertThat(unit.commands()).hasSize(2));
        assertThat(thor.dockerReady()).isTrue();
        assertThat(thor.cdiDevices()).contains("nvidia.com/gpu=all");
        assertThat(thor.files().get("/etc/docker/daemon.json"))
                .startsWith("{\n")
                .endsWith("}\n");
    }

    @Test
    void doesNotTrustAnOutputThatWasCutOff() {
        String cut = SampleGuests.output("ai-inference").lines().limit(20).reduce("", (a, b) -> a + b + "\n");

        assertThat(GuestFacts.parse(cut)).isInstanceOf(GuestFacts.Read.Unreadable.class);
        assertThat(GuestFacts.parse("")).isInstanceOf(GuestFacts.Read.Unreadable.class);
        assertThat(GuestFacts.parse(SampleGuests.output("fresh").replace("K\tarch\tx86_64\n", "")))
                .isInstanceOf(GuestFacts.Read.Unreadable.class);
    }

    @Test
    void survivesWhatAHostileGuestPrints() {
        GuestFacts facts = SampleGuests.facts(
                "fresh",
                text -> text.replace("GPU\t0000:01:00.0", "GPU\tnowhere")
                        .replace("K\tdriver\t", "SMI\t; rm -rf /, x\nFILE\t/x\t%%%\nK"));

        assertThat(facts.gpus()).isEmpty();
        assertThat(facts.cards()).isEmpty();
        assertThat(facts.files()).isEmpty();
    }
}
