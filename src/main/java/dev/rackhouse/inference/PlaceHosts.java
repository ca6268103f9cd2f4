package dev.rackhouse.inference;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.inventory.GuestConfigView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.proxmox.IpConfig;
import dev.rackhouse.runbook.Host;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** How places are reached by SSH, as far as the inventory knows. */
@Component
public class PlaceHosts {

    private final Inventory inventory;

    PlaceHosts(Inventory inventory) {
        this.inventory = inventory;
    }

    /** Empty when it is not known where it stands or how it is addressed. */
    public Optional<Host> host(PlaceRef place) {
        return switch (place) {
            case PlaceRef.OnHost host -> Optional.of(new Host.Node(host.node()));
            case PlaceRef.InGuest guest -> guest(guest.guest());
        };
    }

    private Optional<Host> guest(GuestRef ref) {
        Map<String, String> config = inventory
                .config(ref)
                .map(GuestConfigView::values)
                .<Map<String, String>>map(values -> values)
                .orElse(Map.of());
        String address = address(config.getOrDefault("ipconfig0", ""));
        return address.isEmpty()
                ? Optional.empty()
                : inventory
                        .guest(ref)
                        .flatMap(guest -> Optional.ofNullable(guest.node()))
                        .map(node ->
                                new Host.GuestVia(node, config.getOrDefault("ciuser", "ubuntu"), address, 22));
    }

    private static String address(String ipConfig) {
        try {
            String ip = IpConfig.parse(ipConfig).ip();
            return ip == null || !ip.contains("/") ? "" : ip.substring(0, ip.indexOf('/'));
        } catch (IllegalArgumentException notOne) {
            return "";
        }
    }
}
