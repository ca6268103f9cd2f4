package dev.rackhouse.preparation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.SampleHosts;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes back to the host, and what must not. */
class GiveBackReadinessTest {

    /** VM 100 runs and has the HBA 05:00.0; here the GPU, which it does not have, stands in the same group. */
    private final HostFacts shared = SampleHosts.changed(
            "caraxes",
            d -> d.replaceFirst("(?m)^G\\t31\\t.*\n", "")
                    .replaceFirst("(?m)^(G\t26\t.*devices=.*)$", "$1,0000:0e:00.0"));

    @Test
    void refusesADeviceThatSharesItsGroupWithOneThatAGuestHas() {
        GiveBackReadiness readiness = GiveBackReadiness.of(
                new NodeRef(SamplePreparation.LAB, "caraxes"),
                shared,
                "0000:0e:00.0",
                List.of(PciAddress.parse("0000:0e:00.0")));

        assertThat(readiness)
                .isInstanceOfSatisfying(
                        GiveBackReadiness.Refused.class,
                        r -> assertThat(r.why()).contains("shares its IOMMU group", "VM 100"));
    }
}
