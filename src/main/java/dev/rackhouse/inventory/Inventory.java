package dev.rackhouse.inventory;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Seen;
import dev.rackhouse.inventory.Detail.Source;
import dev.rackhouse.inventory.LabDirectory.Snapshot;
import dev.rackhouse.proxmox.PveNodes;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;

/**
 * What exists, as it was last seen. All reads answer from the database and never ask a machine, however many look; every answer
 * carries its source, its age and a verdict. Safe for many threads.
 *
 * <p>Only {@link #refresh}, {@link #probe}, the {@code opened} methods and {@link #history} may lead to questions to machines, shared
 * by all who ask and within the lab's allowance.
 */
@Service
public class Inventory {

    private final LabDirectory labs;
    private final NodeQueries nodes;
    private final GuestQueries guests;
    private final DeviceQueries devices;
    private final NetworkQueries networks;
    private final StorageQueries storages;
    private final ChangeQueries changes;
    private final Probes probes;
    private final Contacts contacts;
    private final Collectors collectors;
    private final OpenedDetails details;
    private final Histories histories;
    private final JdbcTemplate jdbc;
    private final InventorySettings settings;
    private final Clock clock;

    Inventory(
            LabDirectory labs,
            NodeQueries nodes,
            GuestQueries guests,
            DeviceQueries devices,
            NetworkQueries networks,
            StorageQueries storages,
            ChangeQueries changes,
            Probes probes,
            Contacts contacts,
            Collectors collectors,
            OpenedDetails details,
            Histories histories,
            JdbcTemplate jdbc,
            InventorySettings settings,
            Clock clock) {
        this.labs = labs;
        this.nodes = nodes;
        this.guests = guests;
        this.devices = devices;
        this.networks = networks;
        this.storages = storages;
        this.changes = changes;
        this.probes = probes;
        this.contacts = contacts;
        this.collectors = collectors;
        this.details = details;
        this.histories = histories;
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
    }

    /** All connected labs with how they stand. */
    public List<LabView> labs() {
        Snapshot snapshot = labs.snapshot();
        return snapshot.labs().values().stream()
                .map(entry -> {
                    LabState state = entry.state();
                    boolean watched = state != null
                            && state.watchedAt() != null
                            && state.watchedAt().plusSeconds(30).isAfter(snapshot.now());
                    return new LabView(
                            entry.connected().id(),
                            entry.connected().name(),
                            entry.connected().proxmox(),
                            entry.connected().paused(),
                            entry.verdict(),
                            state == null || state.seenAt() == null ? null : new Seen(entry.source(), state.seenAt()),
                            state == null ? null : state.version(),
                            state == null ? null : state.cluster(),
                            state == null ? null : state.quorate(),
                            labs.calls(entry.connected().id()),
                            watched ? settings.callsWatched() : settings.callsUnwatched());
                })
                .toList();
    }

    public Optional<LabView> lab(LabId lab) {
        return labs().stream().filter(l -> l.id().equals(lab)).findFirst();
    }

    /** All nodes of all labs by name; gone ones are left out. */
    public List<NodeView> nodes() {
        return nodes.list(labs.snapshot());
    }

    /** A node, also one that is gone. */
    public Optional<NodeView> node(NodeRef node) {
        return nodes.find(node, labs.snapshot());
    }

    /** What the node said in its last complete probe; empty when it was never probed. */
    public Optional<NodeFacts> facts(NodeRef node) {
        return probes.facts(node)
                .map(f -> new NodeFacts(
                        f.facts(),
                        f.seen(),
                        Standings.probe(
                                contacts.contact(node.lab(), "probe", node.node()),
                                node(node).map(NodeView::verdict).orElseGet(dev.rackhouse.base.Verdict::ok),
                                clock.instant(),
                                settings.probeEvery())));
    }

    /** The text behind {@link #facts}, without secrets: for modules that keep what was so at some time. */
    public Optional<String> report(NodeRef node) {
        return probes.report(node);
    }

    /** All guests that match, in one list: for pages use {@link #guests(GuestQuery, int, int)}. */
    public List<GuestView> guests(GuestQuery query) {
        return guests.page(query, 0, Integer.MAX_VALUE, labs.snapshot());
    }

    /** All guests of all labs, templates included. */
    public List<GuestView> guests() {
        return guests(GuestQuery.all());
    }

    public List<GuestView> guests(GuestQuery query, int offset, int limit) {
        return guests.page(query, offset, limit, labs.snapshot());
    }

    public int countGuests(GuestQuery query) {
        return guests.count(query, labs.snapshot());
    }

    /** A guest, also one that is gone. */
    public Optional<GuestView> guest(GuestRef guest) {
        return guests.find(guest, labs.snapshot());
    }

    /** The guest's configuration as last read; empty when it never was. */
    public Optional<GuestConfigView> config(GuestRef guest) {
        return jdbc
                .query(
                        "select config, source, seen_at from inventory_guest_config where lab = ? and vmid = ?",
                        (rs, n) -> new GuestConfigView(
                                GuestConfigs.parse(rs.getString(1)),
                                new Seen(rs.getString(2), rs.getTimestamp(3).toInstant())),
                        guest.lab().value(),
                        guest.vmid().value())
                .stream()
                .findFirst();
    }

    /** The devices of a node by IOMMU group, with what may be done with each. */
    public List<IommuGroupView> groups(NodeRef node) {
        return devices.groups(node, labs.snapshot());
    }

    /** All devices of a node by address. */
    public List<PciDeviceView> devices(NodeRef node) {
        return groups(node).stream()
                .flatMap(g -> g.devices().stream())
                .sorted(java.util.Comparator.comparing(PciDeviceView::address))
                .toList();
    }

    /** A device as the search shows it. */
    public record DeviceHit(NodeRef node, PciAddress address, String name, PciDeviceView.Kind kind) {}

    /** Devices but GPUs and bridges, by part of their name, address or ids. */
    public List<DeviceHit> findDevices(String text, int limit) {
        return devices.find(text, limit, labs.snapshot());
    }

    /** All GPUs of all nodes. */
    public List<GpuView> gpus() {
        Snapshot snapshot = labs.snapshot();
        return GpuViews.of(devices.groupsWithGpus(snapshot), snapshot);
    }

    public List<GpuView> gpus(NodeRef node) {
        Snapshot snapshot = labs.snapshot();
        return GpuViews.of(devices.groups(node, snapshot), snapshot);
    }

    /** The lab's resource mappings, as last read. */
    public List<MappingView> mappings(LabId lab) {
        return devices.mappings(lab, labs.snapshot());
    }

    public List<NetworkView> networks(NodeRef node) {
        return networks.of(node, labs.snapshot());
    }

    /** What waits for the next apply or reboot of the node's network. */
    public Optional<StagedNetwork> stagedNetwork(NodeRef node) {
        return networks.staged(node);
    }

    public List<StorageView> storages() {
        return storages.list(labs.snapshot());
    }

    public List<StorageView> storages(NodeRef node) {
        return storages.of(node, labs.snapshot());
    }

    /** Newest first. */
    public List<ChangeView> changes(ChangeQuery query, int offset, int limit) {
        return changes.page(query, offset, limit, labs.snapshot());
    }

    public int countChanges(ChangeQuery query) {
        return changes.count(query, labs.snapshot());
    }

    /**
     * A node's history as Proxmox keeps it, oldest first: {@code cpu}, {@code memused}, {@code memtotal}. Asked at most once a minute,
     * for all who look; blocks meanwhile.
     *
     * @throws RemoteFailure when it cannot be read
     */
    public List<PveNodes.Sample> history(NodeRef node, PveNodes.Timeframe timeframe) {
        return histories.of(node, timeframe);
    }

    /** Asks for a fresh look at a lab soon; returns at once. The answer comes as {@link InventoryRefreshed}. */
    public void refresh(LabId lab) {
        contacts.wanted(lab, clock.instant());
    }

    /**
     * Probes a node now and stores what it says. Blocks, up to 40 seconds.
     *
     * @return the new facts
     * @throws RemoteFailure when there is no complete report; the last facts stay
     */
    public NodeFacts probe(NodeRef node) {
        boolean proxmox = node(node).map(n -> n.platform().equals("proxmox")).orElse(false);
        collectors.probe(node, proxmox);
        return facts(node).orElseThrow();
    }

    /** Somebody looks at this lab: details may come faster. Cheap; call it as long as the page is open. */
    public void watched(LabId lab) {
        contacts.watched(lab, clock.instant());
    }

    /** Somebody opened a node: what is old is asked again in the background. */
    public void opened(NodeRef node) {
        watched(node.lab());
        if (node(node).map(n -> n.platform().equals("proxmox") && !n.stale()).orElse(false)) {
            details.opened(node.lab(), Detail.of(Source.NETWORK, node.node()));
            details.opened(node.lab(), Detail.of(Source.STATUS, node.node()));
        }
    }

    /** Somebody opened a guest: its configuration is asked again in the background when it is old. */
    public void opened(GuestRef guest) {
        watched(guest.lab());
        details.opened(guest.lab(), Detail.config(guest.vmid().value()));
    }
}
