package dev.rackhouse.simulator.host;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers of the guest agent's information commands for a guest that was made from a cloud image. */
final class GuestAgentInfo {
    private GuestAgentInfo() {}

    static @Nullable Object of(SimulatedGuest guest, String command) {
        return switch (command) {
            case "get-osinfo" ->
                Map.of(
                        "id", "ubuntu",
                        "name", "Ubuntu",
                        "pretty-name", "Ubuntu 24.04.3 LTS",
                        "version-id", "24.04",
                        "kernel-release", "6.8.0-85-generic",
                        "machine", "x86_64");
            case "get-host-name" ->
                Map.of("host-name", guest.box().tree().read("/etc/hostname").orElse("guest"));
            case "network-get-interfaces" ->
                guest.address().isEmpty()
                        ? List.of(loopback())
                        : List.of(
                                loopback(),
                                Map.of(
                                        "name", "eth0",
                                        "hardware-address", guest.hardwareAddress(),
                                        "ip-addresses", List.of(address(guest.address(), 24))));
            default -> null;
        };
    }

    private static Map<String, Object> loopback() {
        return Map.of("name", "lo", "ip-addresses", List.of(address("127.0.0.1", 8)));
    }

    private static Map<String, Object> address(String address, int prefix) {
        return Map.of("ip-address", address, "ip-address-type", "ipv4", "prefix", prefix);
    }
}
