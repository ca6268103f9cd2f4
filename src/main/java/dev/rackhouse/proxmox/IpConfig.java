package dev.rackhouse.proxmox;

import org.jspecify.annotations.Nullable;

/**
 * The value of {@code ipconfigN}: what cloud-init sets on one network card.
 *
 * @param ip {@code dhcp}, or an address with prefix: {@code 10.0.110.20/24}
 * @param gateway only with an address
 * @param ip6 {@code auto}, {@code dhcp}, or an address with prefix
 */
public record IpConfig(
        @Nullable String ip,
        @Nullable String gateway,
        @Nullable String ip6,
        @Nullable String gateway6) {

    public IpConfig {
        if (gateway != null && ip == null || gateway6 != null && ip6 == null) {
            throw new IllegalArgumentException("a gateway needs an address beside it");
        }
        if (ip != null && !ip.equals("dhcp") && !ip.equals("manual") && !ip.matches("[0-9.]+/\\d{1,2}")) {
            throw new IllegalArgumentException(
                    "'" + ip + "' is neither dhcp nor an address with its prefix, like 10.0.110.20/24");
        }
    }

    public static IpConfig dhcp() {
        return new IpConfig("dhcp", null, null, null);
    }

    public static IpConfig fixed(String cidr, @Nullable String gateway) {
        return new IpConfig(cidr, gateway, null, null);
    }

    /** @throws IllegalArgumentException when it is not written as Proxmox writes it */
    public static IpConfig parse(String text) {
        PropertyString p = PropertyString.parse(text, null);
        return new IpConfig(p.take("ip"), p.take("gw"), p.take("ip6"), p.take("gw6"));
    }

    public String print() {
        return PropertyString.empty()
                .put("ip", ip)
                .put("gw", gateway)
                .put("ip6", ip6)
                .put("gw6", gateway6)
                .print(null);
    }
}
