package dev.rackhouse.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inventory.fact.SampleHosts;
import org.junit.jupiter.api.Test;

/** What is offered first is what somebody most likely means. */
class DeviceChoiceTest {

    @Test
    void offersACardInASlotBeforeTheGraphicsOfTheProcessor() {
        assertThat(DeviceChoice.of(SampleHosts.facts("generic/before")))
                .extracting(DeviceChoice::path)
                .startsWith("0000:01:00", "0000:00:02");
    }
}
