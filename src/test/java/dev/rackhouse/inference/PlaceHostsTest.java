package dev.rackhouse.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.runbook.Host;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a guest is reached, from its configuration. */
class PlaceHostsTest {

    private static final NodeRef THOR = new NodeRef(LabId.parse("0198c5b4-0000-7000-8000-000000000001"), "thor");

    @Test
    void reachesAGuestThroughItsNodeAsCloudInitMadeIt() {
        assertThat(PlaceHosts.inGuest(THOR, Map.of("ciuser", "ops", "ipconfig0", "ip=10.0.110.20/24,gw=10.0.110.1")))
                .contains(new Host.GuestVia(THOR, "ops", "10.0.110.20", 22));
    }

    @Test
    void takesTheUserOfCloudImagesWhereNoneIsNamed() {
        assertThat(PlaceHosts.inGuest(THOR, Map.of("ipconfig0", "gw=10.0.110.1,ip=10.0.110.20/24")))
                .contains(new Host.GuestVia(THOR, "ubuntu", "10.0.110.20", 22));
    }

    @Test
    void knowsNoWayWithoutAFixedAddress() {
        assertThat(PlaceHosts.inGuest(THOR, Map.of())).isEmpty();
        assertThat(PlaceHosts.inGuest(THOR, Map.of("ipconfig0", "ip=dhcp"))).isEmpty();
        assertThat(PlaceHosts.inGuest(THOR, Map.of("ipconfig0", "ip6=fd00::2/64")))
                .isEmpty();
        assertThat(PlaceHosts.inGuest(THOR, Map.of("ipconfig0", "ip=10.0.0.1;reboot/24")))
                .isEmpty();
    }

    @Test
    void takesNoUserThatCouldNotBeOne() {
        assertThat(PlaceHosts.inGuest(THOR, Map.of("ciuser", "-oProxyCommand=x", "ipconfig0", "ip=10.0.110.20/24")))
                .isEmpty();
    }
}
