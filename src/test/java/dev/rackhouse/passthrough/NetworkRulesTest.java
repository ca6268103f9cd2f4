package dev.rackhouse.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.SampleHosts;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What Proxmox does not check in a network file. */
class NetworkRulesTest {

    @Test
    void refusesAPortInTwoBridges() {
        assertThat(found("iface vmbr0", " bridge-ports eno1", "iface vmbr1", " bridge_ports eno1"))
                .contains("iface eno1 net.port-reuse B");
        assertThat(found("iface bond0", " bond-slaves eno1 eno2", "iface vmbr0", " bridge-ports bond0"))
                .isEmpty();
    }

    @Test
    void warnsOfPacketsThatDoNotFit() {
        assertThat(found("iface eno1", " mtu 9000", "iface vmbr0", " bridge-ports eno1"))
                .contains("iface vmbr0 net.mtu W");
        assertThat(found("iface eno1", " mtu 9000", "iface vmbr0", " bridge-ports eno1", " mtu 9000"))
                .isEmpty();
    }

    @Test
    void warnsOfSeveralGateways() {
        assertThat(found("iface vmbr0", " gateway 10.0.0.1", "iface vmbr1", " gateway 10.1.0.1"))
                .contains("iface vmbr1 net.gw-many W");
        assertThat(found(
                        "iface vmbr0 inet static", " gateway 10.0.0.1", "iface vmbr0 inet6 static", " gateway fe80::1"))
                .isEmpty();
    }

    @Test
    void refusesABridgeOnWifi() {
        assertThat(found("iface vmbr0", " bridge-ports wlp3s0")).contains("iface vmbr0 net.wifi-bridge B");
    }

    @Test
    void looksWhetherTheHostForwardsWhatItTranslates() {
        String nat = " post-up iptables -t nat -A POSTROUTING -s '10.1.0.0/24' -o eno1 -j MASQUERADE";
        String[] on = {
            "iface vmbr1",
            " address 10.1.0.1/24",
            " bridge-ports none",
            nat,
            " post-up echo 1 > /proc/sys/net/ipv4/ip_forward"
        };
        String[] off = {
            "iface vmbr1", " address 10.1.0.1/24", " bridge-ports none", nat, " post-up sysctl -w net.ipv4.ip_forward=0"
        };
        String[] untold = {"iface vmbr1", " address 10.1.0.1/24", " bridge-ports none", nat};

        assertThat(found(on)).isEmpty();
        assertThat(found(off)).containsExactly("iface vmbr1 net.no-forward B");
        assertThat(found(untold)).containsExactly("iface vmbr1 net.no-forward unknown");
    }

    @Test
    void warnsOfRulesThatNobodyAppliesOrThatRestrictNothing() {
        assertThat(found("iptables -A INPUT -p tcp --dport 22 -j DROP")).contains("node net.stray-rules W");
        assertThat(found("iface vmbr0", " post-up iptables -A FORWARD -i vmbr0 -j ACCEPT"))
                .contains("node net.stray-rules W");
        assertThat(found(
                        "iface vmbr0",
                        " post-up iptables -A FORWARD -i vmbr0 -j ACCEPT",
                        " post-up iptables -A FORWARD -j DROP"))
                .isEmpty();
    }

    @Test
    void seesOneAddressOnTwoInterfacesAlsoWhereNoFileTells() {
        HostFacts facts = SampleHosts.parsed(
                "BEGIN\t1\nL\tip_addr\teno1 UP 10.0.0.5/24\nL\tip_addr\teno2 UP 10.0.0.5/24\nEND\t3\n");

        assertThat(words(facts)).contains("iface eno1 net.dup-addr B", "iface eno2 net.dup-addr B");
    }

    @Test
    void notesWhatIsStagedAndThatOneLinkCarriesAll() {
        assertThat(words(SampleHosts.facts("meraxes"))).contains("node net.staged W");
        assertThat(words(SampleHosts.facts("caraxes"))).containsExactly("iface enp13s0 net.mgmt-single I");
    }

    private static List<String> found(String... file) {
        String lines = Arrays.stream(file)
                .map(l -> "L\t/etc/network/interfaces\t" + l + "\n")
                .collect(Collectors.joining());
        return words(SampleHosts.parsed("BEGIN\t1\n" + lines + "END\t" + (file.length + 1) + "\n"));
    }

    private static List<String> words(HostFacts facts) {
        return Findings.ofNetwork(facts).stream()
                .map(f -> f.target() + " " + f.check() + " " + f.severityWord())
                .toList();
    }
}
