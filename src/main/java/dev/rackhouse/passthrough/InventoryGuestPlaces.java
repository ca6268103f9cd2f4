package dev.rackhouse.passthrough;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.inventory.GuestView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.lab.Labs;
import dev.rackhouse.proxmox.PveClient;
import dev.rackhouse.proxmox.PveCluster;
import dev.rackhouse.proxmox.PveGuests;
import dev.rackhouse.proxmox.PveMethod;
import dev.rackhouse.proxmox.PvePath;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The VMs that the inventory knows; one that is opened is read from its node, since a plan needs its configuration of this minute. */
@Component
class InventoryGuestPlaces implements GuestPlaces {

    private final Inventory inventory;
    private final Labs labs;
    private final Sites sites;

    InventoryGuestPlaces(Inventory inventory, Labs labs, Sites sites) {
        this.inventory = inventory;
        this.labs = labs;
        this.sites = sites;
    }

    @Override
    public List<Choice> vms(NodeRef node) {
        return inventory.guests().stream()
                .filter(g -> g.vm() && !g.template() && g.goneAt() == null && node.equals(g.node()))
                .sorted(Comparator.comparing(g -> g.ref().vmid().value()))
                .map(g -> new Choice(g.ref(), node, g.label(), g.running()))
                .toList();
    }

    @Override
    public Optional<GuestPlace> find(GuestRef guest) {
        GuestView seen = inventory.guest(guest).filter(GuestView::vm).orElse(null);
        NodeRef node = seen == null ? null : seen.node();
        return seen == null || node == null
                ? Optional.empty()
                : sites.find(node).map(site -> read(site, seen));
    }

    private GuestPlace read(Site site, GuestView seen) {
        PveClient proxmox = labs.proxmox(site.node().lab());
        String node = site.node().node();
        PveGuests.Config config =
                proxmox.guests().config(node, PveCluster.Kind.QEMU, seen.ref().vmid());
        PveGuests.Status status =
                proxmox.guests().status(node, PveCluster.Kind.QEMU, seen.ref().vmid());
        boolean paused = status.running() && "paused".equals(status.qmpStatus());
        OptionalLong used = status.memoryBytes();
        return new GuestPlace(
                site,
                seen.ref().vmid(),
                config.get("name"),
                "1".equals(config.get("template")),
                paused ? "paused" : status.status(),
                status.lock() == null ? config.get("lock") : status.lock(),
                config.values(),
                status.running() && status.agentConfigured() ? agentAnswers(proxmox, node, seen) : null,
                status.running() && used.isPresent() ? new ByteSize(Math.max(0, used.getAsLong())) : null);
    }

    /** Null when it could not be asked. */
    private static @Nullable Boolean agentAnswers(PveClient proxmox, String node, GuestView guest) {
        try {
            proxmox.call(
                    PveMethod.POST,
                    PvePath.of("nodes", node, "qemu", guest.ref().vmid(), "agent", "ping"),
                    Map.of());
            return true;
        } catch (RemoteFailure.Refused refused) {
            return refused.status() == 500 ? Boolean.FALSE : null;
        } catch (RemoteFailure notAsked) {
            return null;
        }
    }
}
