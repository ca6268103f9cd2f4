package dev.rackhouse.inference;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.inventory.GuestConfigView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.proxmox.IpConfig;
import dev.rackhouse.runbook.Host;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** How a place is reached by SSH, from what the inventory has seen. */
@Component
public class PlaceHosts {

    private final Inventory inventory;

    PlaceHosts(Inventory inventory) {
        this.inventory = inventory;
    }

    /** Empty when it is not known where a guest stands, or which address it has. */
    public Optional<Host> host(PlaceRef place) {
        return switch (place) {
            case PlaceRef.OnHost on -> Optional.of(new Host.Node(on.node()));
            case PlaceRef.InGuest in -> guest(in.guest());
        };
    }

    private Optional<Host> guest(GuestRef ref) {
        Map<String, String> config = inventory
                .config(ref)
                .map(GuestConfigView::values)
                .<Map<String, String>>map(values -> values)
                .orElse(Map.of());
        String address = address(config.getOrDefault("ipconfig0", ""));
        return inventory
                .guest(ref)
                .flatMap(guest -> Optional.ofNullable(guest.node()))
                .filter(node -> !address.isEmpty())
                .map(node -> new Host.GuestVia(node, config.getOrDefault("ciuser", "ubuntu"), address, 22));
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
