package dev.rackhouse.lab;

import dev.rackhouse.access.Operator;
import dev.rackhouse.base.Secret;
import dev.rackhouse.base.StartRefused;
import dev.rackhouse.lab.LabDraft.HostDraft;
import dev.rackhouse.lab.LabDraft.ProxmoxDraft;
import dev.rackhouse.lab.StoredLab.StoredHost;
import dev.rackhouse.ssh.SshKey;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the stored labs agree with the labs file: new ones are connected, changed ones changed, those that are gone removed, and
 * nothing is written when nothing differs. Without a file, labs that were declared before become ordinary ones.
 */
final class DeclaredLabs {

    private static final Logger LOG = LoggerFactory.getLogger(DeclaredLabs.class);

    private final LabStore store;
    private final Labs labs;
    private final LabAdministration administration;

    DeclaredLabs(LabStore store, Labs labs, LabAdministration administration) {
        this.store = store;
        this.labs = labs;
        this.administration = administration;
    }

    void release() {
        for (StoredLab lab : store.list()) {
            if (lab.lab().declared()) {
                administration.changeAs(
                        lab.id(),
                        Operator.console(),
                        "declared lab released",
                        l -> store.declare(lab.id(), false),
                        "no labs file is configured any more");
            }
        }
    }

    void apply(List<LabsFile.Declared> declared) {
        for (LabsFile.Declared lab : declared) {
            try {
                apply(lab);
            } catch (LabRefused e) {
                throw new StartRefused(
                        "The declared lab " + lab.name() + " cannot be stored: " + e.sentence(),
                        "Correct the labs file.",
                        e);
            }
        }
        for (StoredLab stored : store.list()) {
            boolean still = declared.stream()
                    .anyMatch(d -> d.name().equalsIgnoreCase(stored.lab().name()));
            if (stored.lab().declared() && !still) {
                administration.remove(stored.id(), Operator.console(), "it stands no longer in the labs file");
                LOG.info(
                        "The lab {} stands no longer in the labs file and was removed",
                        stored.lab().name());
            }
        }
    }

    private void apply(LabsFile.Declared declared) {
        Optional<StoredLab> found = store.list().stream()
                .filter(l -> l.lab().name().equalsIgnoreCase(declared.name()))
                .findFirst();
        if (found.isEmpty()) {
            administration.connect(
                    new LabDraft(
                            declared.name(),
                            declared.proxmox(),
                            declared.hosts(),
                            declared.key() == null ? SshKey.generate("rackhouse-" + declared.name()) : declared.key()),
                    true,
                    Operator.console());
            LOG.info("The lab {} was connected from the labs file", declared.name());
            return;
        }
        StoredLab stored = found.get();
        if (!same(stored, declared)) {
            administration.changeAs(
                    stored.id(),
                    Operator.console(),
                    "declared lab changed",
                    lab -> {
                        store.declare(stored.id(), true);
                        store.rename(stored.id(), declared.name());
                        store.setProxmox(stored.id(), declared.proxmox());
                        store.setHosts(stored.id(), declared.hosts());
                        if (!sameKey(stored, declared)) {
                            store.nextKey(stored.id(), java.util.Objects.requireNonNull(declared.key()));
                            store.useNextKey(stored.id());
                        }
                    },
                    "as the labs file says");
            LOG.info("The lab {} was changed as the labs file says", declared.name());
        }
    }

    private boolean same(StoredLab stored, LabsFile.Declared declared) {
        Secret secret =
                stored.endpoint(labs.secrets()).map(e -> e.token().secret()).orElse(null);
        ProxmoxSide side = stored.lab().proxmox();
        ProxmoxDraft now = side == null || secret == null ? null : new ProxmoxDraft(side, secret);
        List<HostDraft> wanted = declared.hosts().stream()
                .sorted(java.util.Comparator.comparing(HostDraft::node))
                .toList();
        return stored.lab().declared()
                && stored.lab().name().equals(declared.name())
                && java.util.Objects.equals(now, declared.proxmox())
                && hosts(stored).equals(wanted)
                && sameKey(stored, declared);
    }

    /** A key that the console has made stays when the file names none. */
    private static boolean sameKey(StoredLab stored, LabsFile.Declared declared) {
        return declared.key() == null
                || declared.key().publicLine().equals(stored.lab().publicKey());
    }

    private List<HostDraft> hosts(StoredLab stored) {
        return stored.hosts().stream()
                .map(this::draft)
                .sorted(java.util.Comparator.comparing(HostDraft::node))
                .toList();
    }

    private HostDraft draft(StoredHost stored) {
        LabHost h = stored.host();
        byte[] own = stored.keyPrivate();
        String line = h.ownKey();
        return new HostDraft(
                h.node(),
                h.address(),
                h.port(),
                h.user(),
                own == null || line == null ? null : new SshKey(labs.secrets().decrypt(own), line),
                h.hostKey(),
                h.jump());
    }
}
