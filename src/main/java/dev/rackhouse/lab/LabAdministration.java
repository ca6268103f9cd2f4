package dev.rackhouse.lab;

import dev.rackhouse.access.Audit;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Secret;
import dev.rackhouse.lab.LabDraft.HostDraft;
import dev.rackhouse.lab.LabDraft.ProxmoxDraft;
import dev.rackhouse.proxmox.ApiToken;
import dev.rackhouse.proxmox.Fingerprint;
import dev.rackhouse.proxmox.PveClient;
import dev.rackhouse.proxmox.PveEndpoint;
import dev.rackhouse.ssh.HostKey;
import dev.rackhouse.ssh.SshKey;
import dev.rackhouse.ssh.SshTarget;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Connecting and changing labs: for admins only, audited, each change in one transaction with its event. A lab that stands in the
 * labs file is changed there and refused here; pausing it is possible, since that is no change of how it is reached.
 */
public class LabAdministration {

    private final LabStore store;
    private final Labs labs;
    private final CurrentOperator operators;
    private final Audit audit;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final Clock clock;

    LabAdministration(
            LabStore store,
            Labs labs,
            CurrentOperator operators,
            Audit audit,
            ApplicationEventPublisher events,
            TransactionTemplate transaction,
            Clock clock) {
        this.store = store;
        this.labs = labs;
        this.operators = operators;
        this.audit = audit;
        this.events = events;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Connects a lab. Nothing is asked; the wizard has tried everything before.
     *
     * @throws LabRefused when the name is taken
     */
    public LabId connect(LabDraft draft) {
        return connect(draft, false, operators.require(Role.ADMIN));
    }

    LabId connect(LabDraft draft, boolean declared, Operator who) {
        return stored(draft.name(), () -> {
            LabId id = store.create(draft, declared, who, clock.instant());
            audit.record(
                    who, declared ? "declared lab connected" : "lab connected", target(draft.name()), summary(draft));
            events.publishEvent(new LabConnected(id));
            return id;
        });
    }

    /** @throws LabRefused when the name is taken, or the lab is declared in the file */
    public void rename(LabId id, String name) {
        String clean = LabDraft.checkedName(name);
        change(id, "lab renamed", (lab, who) -> store.rename(id, clean), "now " + clean);
    }

    /** Asks nothing there until it is resumed. */
    public void pause(LabId id) {
        pause(id, true);
    }

    public void resume(LabId id) {
        pause(id, false);
    }

    private void pause(LabId id, boolean paused) {
        Operator who = operators.require(Role.ADMIN);
        changeAs(id, who, paused ? "lab paused" : "lab resumed", lab -> store.pause(id, paused), "");
    }

    /** Takes the lab away and forgets its secrets. What was seen and done stays. Nothing changes on the machines. */
    public void remove(LabId id) {
        notDeclared(id);
        remove(id, operators.require(Role.ADMIN), "");
    }

    void remove(LabId id, Operator who, String why) {
        transaction.executeWithoutResult(status -> {
            Lab lab = get(id);
            store.remove(id, clock.instant());
            audit.record(who, "lab removed", target(lab.name()), why);
            events.publishEvent(new LabRemoved(id));
        });
        labs.changed(id);
    }

    /** Gives the lab another Proxmox endpoint, or none. */
    public void setProxmox(LabId id, @Nullable ProxmoxDraft draft) {
        change(
                id,
                "Proxmox endpoint changed",
                (lab, who) -> {
                    if (draft == null && lab.hosts().isEmpty()) {
                        throw new LabRefused("A lab needs a Proxmox endpoint, or at least one host.");
                    }
                    store.setProxmox(id, draft);
                },
                draft == null ? "removed" : summary(draft));
    }

    /** A new secret, or another token, for the same endpoint; tried first, since a wrong one would cut the lab off. */
    public void rotateToken(LabId id, ApiToken token) {
        operators.require(Role.ADMIN);
        ProxmoxSide side = get(id).proxmox();
        if (side == null) {
            throw new LabRefused("This lab has no Proxmox endpoint.");
        }
        PveEndpoint endpoint = StoredLab.endpoint(get(id).name(), side, token);
        try (PveClient trial = new PveClient(endpoint, labs.meter(id))) {
            trial.version();
        }
        change(
                id,
                "token rotated",
                (lab, who) -> store.setToken(id, token.id(), token.secret()),
                "token " + token.id());
    }

    /** The secret stored now, for keeping it while other parts of the endpoint change. */
    Optional<Secret> secret(LabId id) {
        return labs.findStored(id)
                .flatMap(lab -> lab.endpoint(labs.secrets()))
                .map(e -> e.token().secret());
    }

    /** Changes the endpoint and keeps token and secret. */
    public void changeDoors(LabId id, ProxmoxSide side) {
        Secret secret = secret(id).orElseThrow(() -> new LabRefused("Enter the token's secret."));
        setProxmox(id, new ProxmoxDraft(side, secret));
    }

    /** Adds a host, or changes the one of that name. An absent own key keeps the one that is stored. */
    public void putHost(LabId id, HostDraft host) {
        change(
                id,
                "host changed",
                (lab, who) -> {
                    List<HostDraft> hosts = drafts(id);
                    SshKey own = hosts.stream()
                            .filter(h -> h.node().equals(host.node()))
                            .findFirst()
                            .map(HostDraft::ownKey)
                            .orElse(null);
                    hosts.removeIf(h -> h.node().equals(host.node()));
                    hosts.add(host.ownKey() != null || own == null ? host : host.withOwnKey(own));
                    store.setHosts(id, checked(id, hosts));
                },
                host.node() + " at " + host.user() + "@" + host.address() + ":" + host.port());
    }

    public void removeHost(LabId id, String node) {
        change(
                id,
                "host removed",
                (lab, who) -> {
                    List<HostDraft> hosts = drafts(id);
                    hosts.removeIf(h -> h.node().equals(node));
                    if (hosts.isEmpty() && lab.proxmox() == null) {
                        throw new LabRefused(
                                "A lab needs a Proxmox endpoint, or at least one host. Remove the lab instead.");
                    }
                    store.setHosts(id, checked(id, hosts));
                },
                node);
    }

    /**
     * Accepts a changed certificate after an admin has seen both values.
     *
     * @throws LabRefused when the pin is not the one that was shown any more
     */
    public void acceptCertificate(LabId id, URI url, Fingerprint pinned, Fingerprint presented) {
        change(
                id,
                "changed certificate accepted",
                (lab, who) -> {
                    if (!store.repin(id, url, pinned, presented)) {
                        throw new LabRefused("Somebody has changed this pin meanwhile. Look again.");
                    }
                },
                url + ": was " + pinned + ", now " + presented);
    }

    /**
     * Accepts a changed host key after an admin has seen both values.
     *
     * @throws LabRefused when the pin is not the one that was shown any more
     */
    public void acceptHostKey(LabId id, String node, HostKey pinned, HostKey presented) {
        change(
                id,
                "changed host key accepted",
                (lab, who) -> {
                    if (!store.repinHost(id, node, pinned, presented)) {
                        throw new LabRefused("Somebody has changed this pin meanwhile. Look again.");
                    }
                },
                node + ": was " + pinned + ", now " + presented);
    }

    /** Makes a new key that does not sign in yet; its line goes into each host's {@code authorized_keys} first. */
    public String prepareKey(LabId id) {
        SshKey key = SshKey.generate("rackhouse-" + get(id).name());
        change(id, "new SSH key made", (lab, who) -> store.nextKey(id, key), key.fingerprint());
        return key.publicLine();
    }

    /** Adds the new key's line to the {@code authorized_keys} of every host that the old key reaches. */
    public void installKey(LabId id) {
        Operator who = operators.require(Role.ADMIN);
        notDeclared(id);
        StoredLab stored = getStored(id);
        SshKey next = nextKey(stored);
        SshKey now = stored.key(labs.secrets());
        for (LabHost host : onLabKey(stored)) {
            SshTarget target = stored.target(host.node(), labs.secrets(), now).orElseThrow();
            var result = labs.sessions()
                    .open(target)
                    .run(
                            "umask 077; mkdir -p ~/.ssh && cat >> ~/.ssh/authorized_keys",
                            ("\n" + next.publicLine() + "\n").getBytes(StandardCharsets.UTF_8),
                            Duration.ofSeconds(20));
            if (!result.succeeded()) {
                throw new LabRefused("The new key could not be installed on " + host.node() + ": "
                        + result.err().strip());
            }
        }
        audit.record(who, "new SSH key installed", target(stored.lab().name()), next.fingerprint());
    }

    /** Signs in with the new key from now on, if every host accepts it. */
    public void useNextKey(LabId id) {
        StoredLab stored = getStored(id);
        SshKey next = nextKey(stored);
        for (LabHost host : onLabKey(stored)) {
            SshTarget target = stored.target(host.node(), labs.secrets(), next).orElseThrow();
            try {
                labs.sessions().open(target).hostKey();
            } catch (RemoteFailure e) {
                throw new LabRefused("The new key does not work everywhere yet. " + e.getMessage());
            }
        }
        change(id, "SSH key rotated", (lab, who) -> store.useNextKey(id), next.fingerprint());
    }

    /** Forgets the new key. */
    public void dropNextKey(LabId id) {
        change(id, "new SSH key dropped", (lab, who) -> store.dropNextKey(id), "");
    }

    private static List<LabHost> onLabKey(StoredLab stored) {
        return stored.lab().hosts().stream().filter(h -> h.ownKey() == null).toList();
    }

    private SshKey nextKey(StoredLab stored) {
        return stored.nextKey(labs.secrets()).orElseThrow(() -> new LabRefused("There is no new key. Make one first."));
    }

    private List<HostDraft> drafts(LabId id) {
        List<HostDraft> drafts = new ArrayList<>();
        for (StoredLab.StoredHost stored : getStored(id).hosts()) {
            LabHost h = stored.host();
            byte[] own = stored.keyPrivate();
            String line = h.ownKey();
            drafts.add(new HostDraft(
                    h.node(),
                    h.address(),
                    h.port(),
                    h.user(),
                    own == null || line == null
                            ? null
                            : new SshKey(labs.secrets().decrypt(own), line),
                    h.hostKey(),
                    h.jump()));
        }
        return drafts;
    }

    private List<HostDraft> checked(LabId id, List<HostDraft> hosts) {
        try {
            StoredLab stored = getStored(id);
            Secret secret = secret(id).orElse(null);
            ProxmoxSide side = stored.lab().proxmox();
            return new LabDraft(
                            stored.lab().name(),
                            side == null || secret == null ? null : new ProxmoxDraft(side, secret),
                            hosts,
                            stored.key(labs.secrets()))
                    .hosts();
        } catch (IllegalArgumentException e) {
            throw new LabRefused(sentence(e));
        }
    }

    private void change(LabId id, String what, BiConsumer<Lab, Operator> work, String detail) {
        Operator who = operators.require(Role.ADMIN);
        notDeclared(id);
        changeAs(id, who, what, lab -> work.accept(lab, who), detail);
    }

    void changeAs(LabId id, Operator who, String what, java.util.function.Consumer<Lab> work, String detail) {
        stored(get(id).name(), () -> {
            Lab lab = get(id);
            work.accept(lab);
            audit.record(who, what, target(lab.name()), detail);
            events.publishEvent(new LabChanged(id));
            return id;
        });
    }

    private LabId stored(String name, Supplier<LabId> work) {
        try {
            LabId id = java.util.Objects.requireNonNull(transaction.execute(status -> work.get()));
            labs.changed(id);
            return id;
        } catch (DuplicateKeyException e) {
            throw new LabRefused("There is a lab of that name already. Choose another one than " + name + ".");
        }
    }

    private void notDeclared(LabId id) {
        if (get(id).declared()) {
            throw new LabRefused("This lab stands in the labs file. Change it there and restart the console.");
        }
    }

    private Lab get(LabId id) {
        return getStored(id).lab();
    }

    private StoredLab getStored(LabId id) {
        return store.find(id).orElseThrow(() -> new LabRefused("This lab is not connected any more."));
    }

    private static String target(String name) {
        return "lab " + name;
    }

    private static String summary(LabDraft draft) {
        ProxmoxDraft proxmox = draft.proxmox();
        String hosts = draft.hosts().isEmpty()
                ? ""
                : "hosts "
                        + String.join(
                                ", ",
                                draft.hosts().stream().map(HostDraft::node).toList());
        return proxmox == null ? hosts : summary(proxmox) + (hosts.isEmpty() ? "" : "; " + hosts);
    }

    private static String summary(ProxmoxDraft draft) {
        return draft.side().doors().stream()
                        .map(d -> d.url() + (d.pin() == null ? "" : " pinned to " + d.pin()))
                        .reduce((a, b) -> a + ", " + b)
                        .orElse("")
                + ", token " + draft.side().tokenId();
    }

    static String sentence(IllegalArgumentException e) {
        String text = String.valueOf(e.getMessage());
        return text.substring(0, 1).toUpperCase(java.util.Locale.ROOT)
                + text.substring(1)
                + (text.endsWith(".") ? "" : ".");
    }
}
