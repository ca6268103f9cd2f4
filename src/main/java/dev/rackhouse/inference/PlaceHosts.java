package dev.rackhouse.inference;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.GuestConfigView;
import dev.rackhouse.inventory.GuestView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.runbook.Host;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/**
 * How a place is reached by SSH, from what the inventory has seen: hosts as the lab names them, guests through their node, as the user
 * and at the address that cloud-init gave them. Asks no machine.
 */
@Component
public class PlaceHosts {

    /** Of Ubuntu's cloud images, which the guests of models are made from, where the configuration names nobody. */
    private static final String USER = "ubuntu";

    private static final int SSH = 22;
    private static final Pattern ADDRESS =
            Pattern.compile("(?:^|,)ip=([0-9]{1,3}(?:\\.[0-9]{1,3}){3})/[0-9]{1,2}(?:,|$)");
    private static final Pattern USER_NAME = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

    private final Inventory inventory;

    PlaceHosts(Inventory inventory) {
        this.inventory = inventory;
    }

    /** Empty when the lab or the guest is not known, or the guest has no fixed address in its configuration. */
    public Optional<Host> host(PlaceRef place) {
        return switch (place) {
            case PlaceRef.OnHost(NodeRef node) -> inventory.lab(node.lab()).map(lab -> new Host.Node(node));
            case PlaceRef.InGuest(GuestRef ref) ->
                inventory
                        .guest(ref)
                        .filter(guest -> guest.goneAt() == null)
                        .map(GuestView::node)
                        .flatMap(node -> inGuest(node, config(ref)));
        };
    }

    private SortedMap<String, String> config(GuestRef guest) {
        return inventory.config(guest).map(GuestConfigView::values).orElseGet(TreeMap::new);
    }

    static Optional<Host> inGuest(NodeRef node, Map<String, String> config) {
        String user = config.getOrDefault("ciuser", USER);
        Matcher address = ADDRESS.matcher(config.getOrDefault("ipconfig0", ""));
        return address.find() && USER_NAME.matcher(user).matches()
                ? Optional.of(new Host.GuestVia(node, user, address.group(1), SSH))
                : Optional.empty();
    }
}
