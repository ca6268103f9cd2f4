package dev.rackhouse.lab;

import dev.rackhouse.access.Secrets;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.proxmox.CallMeter;
import dev.rackhouse.proxmox.PveClient;
import dev.rackhouse.proxmox.PveEndpoint;
import dev.rackhouse.ssh.HostKey;
import dev.rackhouse.ssh.HostKeyTrust;
import dev.rackhouse.ssh.SshHost;
import dev.rackhouse.ssh.SshKey;
import dev.rackhouse.ssh.SshSessions;
import dev.rackhouse.ssh.SshTarget;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The labs, and the connections to their machines. Connections are shared by everybody, made at the first use, and made anew when
 * the lab was changed, on this replica at once, on others within five seconds. Safe for many threads.
 */
public class Labs implements AutoCloseable {

    private static final Duration KNOWN_FOR = Duration.ofSeconds(5);
    private static final Duration LONGEST_CALL = Duration.ofMinutes(3);

    private record Known(List<StoredLab> labs, long nanos) {}

    private record Opened(PveEndpoint endpoint, PveClient client) {}

    private record Way(LabId lab, String place) {}

    private final LabStore store;
    private final Secrets secrets;
    private final Clock clock;
    private final LabStandings standings;
    private final SshSessions sessions = new SshSessions();
    private final Map<LabId, CallMeter> meters = new ConcurrentHashMap<>();
    private final Map<LabId, Opened> clients = new ConcurrentHashMap<>();
    private final Map<Way, SshTarget> targets = new ConcurrentHashMap<>();
    private volatile @Nullable Known known;

    Labs(LabStore store, Secrets secrets, Clock clock) {
        this.store = store;
        this.secrets = secrets;
        this.clock = clock;
        this.standings = new LabStandings(clock);
    }

    /** All labs that are not removed, by name, paused ones included. */
    public List<Lab> list() {
        return stored().stream().map(StoredLab::lab).toList();
    }

    /** A lab that is not removed. */
    public Optional<Lab> find(LabId id) {
        return findStored(id).map(StoredLab::lab);
    }

    /** What a lab is or was called; also answers for removed ones, for history. */
    public Optional<String> nameOf(LabId id) {
        Optional<String> name = find(id).map(Lab::name);
        return name.isPresent() ? name : store.nameOf(id);
    }

    /**
     * The shared client of a lab's Proxmox endpoint. Do not close it.
     *
     * @throws RemoteFailure.Refused when the lab is removed, paused, or has no Proxmox
     */
    public PveClient proxmox(LabId id) {
        StoredLab lab = active(id, "ask Proxmox");
        PveEndpoint endpoint = lab.endpoint(secrets)
                .orElseThrow(() -> refused(
                        "ask Proxmox",
                        lab.lab().name(),
                        "this lab has no Proxmox endpoint",
                        "Add one on the lab's page."));
        return clients.compute(id, (key, before) -> {
                    if (before != null && before.endpoint.equals(endpoint)) {
                        return before;
                    }
                    if (before != null) {
                        closeWhenQuiet(before.client);
                    }
                    return new Opened(
                            endpoint,
                            new PveClient(
                                    endpoint,
                                    meter(id),
                                    failure -> standings.heard(id, LabStandings.PROXMOX, failure)));
                })
                .client;
    }

    /**
     * The shared connection to a node.
     *
     * @throws RemoteFailure.Refused when the lab is removed or paused, or has no host of that name
     */
    public SshHost ssh(NodeRef node) {
        SshTarget target = hostTarget(node);
        return new ObservedHost(
                shared(new Way(node.lab(), node.node()), target),
                failure -> standings.heard(node.lab(), node.node(), failure));
    }

    /**
     * The shared connection to a guest, through its node, with the lab's own key.
     *
     * @param pinned the key it must show; null: the first one that was seen since the console started
     * @throws RemoteFailure.Refused as {@link #ssh}
     * @throws RemoteFailure.Untrusted when it shows another key
     */
    public SshHost sshGuest(NodeRef via, String user, String address, int port, @Nullable HostKey pinned) {
        SshTarget target = guestTarget(via, user, address, port);
        SshHost guest = shared(new Way(via.lab(), via.node() + "/" + user + "@" + address + ":" + port), target);
        if (pinned != null) {
            HostKey shown = guest.hostKey();
            if (!shown.equals(pinned)) {
                throw new RemoteFailure.Untrusted("connect", guest.machine(), pinned.toString(), shown.toString());
            }
        }
        return guest;
    }

    /**
     * Asks a guest for its key, over a connection of its own, and remembers it as the one that counts: whoever lived at that address
     * before does not. Connections to the same guest stay as they are. Blocks.
     *
     * @throws RemoteFailure.Refused as {@link #ssh}
     */
    public HostKey meetGuest(NodeRef via, String user, String address, int port) {
        return sessions.meet(guestTarget(via, user, address, port));
    }

    private SshTarget guestTarget(NodeRef via, String user, String address, int port) {
        SshTarget node = hostTarget(via);
        StoredLab lab = active(via.lab(), "reach a guest");
        return new SshTarget(address, address, port, user, lab.key(secrets), new HostKeyTrust.FirstSeen(), node);
    }

    /** The public line of the lab's own key, for {@code authorized_keys} and cloud-init. */
    public String publicKey(LabId id) {
        return find(id).map(Lab::publicKey).orElse("");
    }

    /** How much the lab's Proxmox endpoint is asked. */
    public CallBudget budget(LabId id) {
        CallMeter meter = meter(id);
        return new CallBudget(meter.lastMinute(), meter.lastHour(), meter.total());
    }

    /** How the last talk with each machine of the lab went: Proxmox first, then the hosts. */
    public List<LabStanding> standings(LabId id) {
        List<LabStanding> all = new ArrayList<>();
        find(id).ifPresent(lab -> {
            if (lab.proxmox() != null) {
                all.add(standings.of(id, LabStandings.PROXMOX));
            }
            lab.hosts().forEach(host -> all.add(standings.of(id, host.node())));
        });
        return List.copyOf(all);
    }

    /** Hangs up everywhere. */
    @Override
    public void close() {
        sessions.close();
        clients.values().forEach(opened -> opened.client.close());
        clients.clear();
    }

    SshSessions sessions() {
        return sessions;
    }

    Secrets secrets() {
        return secrets;
    }

    CallMeter meter(LabId id) {
        return meters.computeIfAbsent(id, key -> new CallMeter(clock));
    }

    Optional<StoredLab> findStored(LabId id) {
        return stored().stream().filter(lab -> lab.id().equals(id)).findFirst();
    }

    /** Forgets what is known, so that the next question reads the database. */
    void changed(LabId id) {
        known = null;
        standings.forget(id);
        if (find(id).isEmpty()) {
            Opened opened = clients.remove(id);
            if (opened != null) {
                closeWhenQuiet(opened.client);
            }
            targets.forEach((way, target) -> {
                if (way.lab.equals(id) && targets.remove(way, target)) {
                    sessions.close(target);
                }
            });
        }
    }

    private List<StoredLab> stored() {
        Known now = known;
        if (now == null || System.nanoTime() - now.nanos > KNOWN_FOR.toNanos()) {
            long nanos = System.nanoTime();
            now = new Known(store.list(), nanos);
            known = now;
        }
        return now.labs;
    }

    private StoredLab active(LabId id, String doing) {
        StoredLab lab = findStored(id)
                .orElseThrow(() -> refused(
                        doing,
                        store.nameOf(id).orElse(id.toString()),
                        "this lab is not connected any more",
                        "Connect it again, or leave this alone."));
        if (lab.lab().paused()) {
            throw refused(doing, lab.lab().name(), "this lab is paused", "Resume it on the lab's page.");
        }
        return lab;
    }

    private SshTarget hostTarget(NodeRef node) {
        StoredLab lab = active(node.lab(), "connect by SSH");
        SshKey key = lab.key(secrets);
        return lab.target(node.node(), secrets, key)
                .orElseThrow(() -> refused(
                        "connect by SSH",
                        node.node(),
                        "the lab " + lab.lab().name() + " has no SSH access to this node",
                        "Add the host on the lab's page."));
    }

    private SshHost shared(Way way, SshTarget target) {
        SshTarget before = targets.put(way, target);
        if (before != null && !before.equals(target)) {
            sessions.close(before);
        }
        return sessions.open(target);
    }

    private static RemoteFailure.Refused refused(String doing, String machine, String said, String advice) {
        return new RemoteFailure.Refused(doing, machine, said, advice, 0, false);
    }

    private static void closeWhenQuiet(PveClient client) {
        Thread.ofVirtual().name("pve-close").start(() -> {
            try {
                Thread.sleep(LONGEST_CALL);
            } catch (InterruptedException now) {
                Thread.currentThread().interrupt();
            }
            client.close();
        });
    }
}
