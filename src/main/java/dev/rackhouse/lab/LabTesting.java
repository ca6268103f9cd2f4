package dev.rackhouse.lab;

import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Verdict.Level;
import dev.rackhouse.lab.LabDraft.HostDraft;
import dev.rackhouse.lab.LabDraft.ProxmoxDraft;
import dev.rackhouse.lab.LabTest.Finding;
import dev.rackhouse.proxmox.ApiToken;
import dev.rackhouse.proxmox.CallMeter;
import dev.rackhouse.proxmox.PveAccess;
import dev.rackhouse.proxmox.PveClient;
import dev.rackhouse.proxmox.PveCluster;
import dev.rackhouse.proxmox.PveEndpoint;
import dev.rackhouse.proxmox.PveTls;
import dev.rackhouse.proxmox.PveVersion;
import dev.rackhouse.ssh.CommandResult;
import dev.rackhouse.ssh.HostKey;
import dev.rackhouse.ssh.HostKeyTrust;
import dev.rackhouse.ssh.HostKeys;
import dev.rackhouse.ssh.SshHost;
import dev.rackhouse.ssh.SshKey;
import dev.rackhouse.ssh.SshTarget;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tries what a lab was given, privilege by privilege and host by host, and says what is missing and how to get it. Only reads; for admins. Blocks
 * until all is tried, up to about a minute per machine that does not answer; call it off the UI thread.
 */
public class LabTesting {

    private static final Duration SOON = Duration.ofDays(30);
    private static final Duration QUICK = Duration.ofSeconds(15);
    private static final String PROXMOX = LabStandings.PROXMOX;

    private final Labs labs;
    private final CurrentOperator operators;
    private final Clock clock;

    LabTesting(Labs labs, CurrentOperator operators, Clock clock) {
        this.labs = labs;
        this.operators = operators;
        this.clock = clock;
    }

    /** The certificate that a server shows, before anything is trusted. */
    public PveTls.Presented certificate(URI url) {
        operators.require(Role.ADMIN);
        return PveTls.presented(url);
    }

    /**
     * The host key that a machine shows, before anything is trusted.
     *
     * @param through the host of the lab to go through; null for directly
     */
    public HostKey hostKey(String address, int port, @Nullable SshTarget through) {
        operators.require(Role.ADMIN);
        return new HostKeys(labs.sessions()).presented(address, port, through);
    }

    /**
     * The host key that a machine shows, which is to become a host of a connected lab.
     *
     * @param jump the lab's host to go through; null for directly
     */
    public HostKey hostKey(LabId lab, String address, int port, @Nullable String jump) {
        StoredLab stored =
                labs.findStored(lab).orElseThrow(() -> new LabRefused("This lab is not connected any more."));
        return hostKey(
                address,
                port,
                jump == null
                        ? null
                        : stored.target(jump, labs.secrets(), stored.key(labs.secrets()))
                                .orElseThrow(() -> new LabRefused("This lab has no host " + jump + ".")));
    }

    /** The host key that a host of a connected lab shows now; goes the way that is stored. */
    public HostKey hostKey(LabId lab, String node) {
        StoredLab stored =
                labs.findStored(lab).orElseThrow(() -> new LabRefused("This lab is not connected any more."));
        SshTarget target = stored.target(node, labs.secrets(), stored.key(labs.secrets()))
                .orElseThrow(() -> new LabRefused("This lab has no host of that name."));
        return hostKey(target.host(), target.port(), target.jump());
    }

    /**
     * What a server says about itself.
     *
     * @param members nodes with their addresses where known
     */
    public record Server(PveVersion version, List<PveCluster.Member> members) {}

    /** Version and nodes of a server, asked with a token that is not stored yet. */
    public Server server(String label, ProxmoxDraft draft) {
        operators.require(Role.ADMIN);
        ApiToken token = new ApiToken(draft.side().tokenId(), draft.secret());
        try (PveClient client = new PveClient(StoredLab.endpoint(label, draft.side(), token), new CallMeter(clock))) {
            return new Server(client.version(), client.cluster().status().members());
        }
    }

    /** Tests a connected lab, paused or not. */
    public LabTest test(LabId id) {
        operators.require(Role.ADMIN);
        StoredLab stored = labs.findStored(id).orElseThrow(() -> new LabRefused("This lab is not connected any more."));
        SshKey key = stored.key(labs.secrets());
        List<SshTarget> targets = stored.lab().hosts().stream()
                .flatMap(h -> stored.target(h.node(), labs.secrets(), key).stream())
                .toList();
        return test(stored.endpoint(labs.secrets()).orElse(null), labs.meter(id), targets);
    }

    /** Tests a lab before it is connected. */
    public LabTest test(LabDraft draft) {
        operators.require(Role.ADMIN);
        ProxmoxDraft proxmox = draft.proxmox();
        PveEndpoint endpoint = proxmox == null
                ? null
                : StoredLab.endpoint(
                        draft.name(),
                        proxmox.side(),
                        new ApiToken(proxmox.side().tokenId(), proxmox.secret()));
        List<SshTarget> targets = draft.hosts().stream()
                .map(h -> target(h, draft.hosts(), draft.key()))
                .toList();
        try {
            return test(endpoint, new CallMeter(clock), targets);
        } finally {
            targets.forEach(labs.sessions()::close);
        }
    }

    /** The way to a host that is not stored yet. */
    public static SshTarget target(HostDraft host, List<HostDraft> all, SshKey labKey) {
        String jump = host.jump();
        SshKey own = host.ownKey();
        return new SshTarget(
                host.node(),
                host.address(),
                host.port(),
                host.user(),
                own == null ? labKey : own,
                new HostKeyTrust.Pinned(host.hostKey()),
                jump == null
                        ? null
                        : all.stream()
                                .filter(h -> h.node().equals(jump))
                                .findFirst()
                                .map(h -> target(h, all, labKey))
                                .orElseThrow(() -> new IllegalArgumentException("there is no host " + jump)));
    }

    private LabTest test(@Nullable PveEndpoint endpoint, CallMeter meter, List<SshTarget> targets) {
        List<Finding> findings = new ArrayList<>();
        PveVersion version = null;
        if (endpoint != null) {
            endpoint.urls().forEach(url -> findings.add(certificateOf(url)));
            try (PveClient client = new PveClient(endpoint, meter)) {
                version = proxmox(client, endpoint, targets, findings);
            }
        }
        targets.forEach(target -> findings.addAll(host(target)));
        return new LabTest(clock.instant(), version, findings);
    }

    private Finding certificateOf(URI url) {
        String what = "Certificate of " + url.getAuthority();
        try {
            PveTls.Presented shown = PveTls.presented(url);
            Instant now = clock.instant();
            if (shown.expiredAt(now)) {
                return new Finding(
                        PROXMOX,
                        what,
                        Level.ATTENTION,
                        "expired on " + date(shown.notAfter()),
                        "Renew it on the node: pvecm updatecerts --force");
            }
            if (shown.expiredAt(now.plus(SOON))) {
                return new Finding(
                        PROXMOX,
                        what,
                        Level.ATTENTION,
                        "expires on " + date(shown.notAfter()),
                        "The node renews its own certificate by itself; then the new fingerprint has to be accepted here.");
            }
            return ok(PROXMOX, what, shown.fingerprint() + ", until " + date(shown.notAfter()));
        } catch (RemoteFailure failure) {
            return failed(PROXMOX, what, failure);
        }
    }

    private @Nullable PveVersion proxmox(
            PveClient client, PveEndpoint endpoint, List<SshTarget> targets, List<Finding> findings) {
        PveVersion version;
        try {
            version = client.version();
        } catch (RemoteFailure failure) {
            findings.add(
                    failed(PROXMOX, "Sign-in with token " + endpoint.token().id(), failure));
            return null;
        }
        findings.add(ok(PROXMOX, "Sign-in with token " + endpoint.token().id(), "accepted"));
        findings.add(
                version.supported()
                        ? ok(PROXMOX, "Version", version.toString())
                        : new Finding(
                                PROXMOX,
                                "Version",
                                Level.ATTENTION,
                                version + " can be looked at, not changed",
                                "Upgrade to Proxmox VE 8.4 or 9."));
        try {
            privileges(client.access().permissions(), version, endpoint.token(), findings);
            nodes(client.cluster().status(), targets, findings);
        } catch (RemoteFailure failure) {
            findings.add(failed(PROXMOX, "Rights of the token", failure));
        }
        return version;
    }

    private static void privileges(
            PveAccess.Permissions permissions, PveVersion version, ApiToken token, List<Finding> findings) {
        for (RackhouseRole role : RackhouseRole.values()) {
            String repair = String.join("\n", role.repairLines(version, token));
            for (String privilege : role.privileges(version)) {
                String path = area(privilege);
                boolean there = permissions.allow(path, privilege);
                findings.add(
                        there
                                ? ok(role.roleId(), privilege + " on " + path, "granted")
                                : new Finding(
                                        role.roleId(),
                                        privilege + " on " + path,
                                        role == RackhouseRole.READ ? Level.CRITICAL : Level.ATTENTION,
                                        "missing",
                                        repair));
            }
        }
    }

    /** The path where a privilege is looked for. */
    private static String area(String privilege) {
        return switch (privilege.substring(0, privilege.indexOf('.'))) {
            case "VM" -> "/vms";
            case "Datastore" -> "/storage";
            case "Mapping" -> "/mapping";
            case "SDN" -> "/sdn";
            case "Pool" -> "/pool";
            default -> "/";
        };
    }

    private static void nodes(PveCluster.Status status, List<SshTarget> targets, List<Finding> findings) {
        if (!status.quorate()) {
            findings.add(new Finding(
                    PROXMOX,
                    "Majority of the cluster",
                    Level.ATTENTION,
                    "lost: nothing can be changed",
                    "Bring the missing nodes back."));
        }
        for (PveCluster.Member member : status.members()) {
            boolean reached = targets.stream().anyMatch(t -> t.label().equals(member.name()));
            findings.add(
                    reached
                            ? ok(
                                    PROXMOX,
                                    "Node " + member.name(),
                                    member.online() ? "online, with SSH" : "offline, with SSH")
                            : new Finding(
                                    PROXMOX,
                                    "Node " + member.name(),
                                    Level.ATTENTION,
                                    (member.online() ? "online" : "offline") + ", without SSH",
                                    "Add it as a host: drivers, boot settings and huge pages are only seen and set over SSH."));
        }
    }

    private List<Finding> host(SshTarget target) {
        String subject = target.label();
        List<Finding> findings = new ArrayList<>();
        CommandResult result;
        try {
            SshHost host = labs.sessions().open(target);
            findings.add(ok(subject, "Host key", host.hostKey().toString()));
            result = host.run(
                    "echo name=$(uname -n); echo uid=$(id -u); sudo -n true 2>/dev/null && echo sudo=yes; command -v qm >/dev/null && echo pve=yes; true",
                    new byte[0],
                    QUICK);
        } catch (RemoteFailure failure) {
            findings.add(failed(subject, "Connection", failure));
            return findings;
        }
        Map<String, String> said = new TreeMap<>();
        result.out().lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                said.put(line.substring(0, equals), line.substring(equals + 1).strip());
            }
        });
        findings.add(ok(subject, "Sign-in as " + target.user(), "accepted"));
        String name = said.getOrDefault("name", "").replaceFirst("\\..*", "");
        findings.add(
                name.equalsIgnoreCase(target.label())
                        ? ok(subject, "Name", name)
                        : new Finding(
                                subject,
                                "Name",
                                Level.CRITICAL,
                                "the machine calls itself " + (name.isEmpty() ? "nothing" : name),
                                "Enter the host under the name it has itself; check that the address is the right machine's."));
        findings.add(rights(subject, target.user(), said));
        return findings;
    }

    private static Finding rights(String subject, String user, Map<String, String> said) {
        if ("0".equals(said.get("uid"))) {
            return ok(subject, "Rights", "root");
        }
        return "yes".equals(said.get("sudo"))
                ? new Finding(
                        subject,
                        "Rights",
                        Level.ATTENTION,
                        user + " with sudo: can be looked at; changes need root's own sign-in",
                        "Use root with the lab's key; Proxmox allows that by default (PermitRootLogin).")
                : new Finding(
                        subject,
                        "Rights",
                        Level.ATTENTION,
                        user + " without sudo: part of what the host knows stays hidden",
                        "Use root with the lab's key; Proxmox allows that by default (PermitRootLogin).");
    }

    private static Finding ok(String subject, String what, String found) {
        return new Finding(subject, what, Level.OK, found, "");
    }

    private static Finding failed(String subject, String what, RemoteFailure failure) {
        return new Finding(subject, what, Level.CRITICAL, failure.cameBack(), failure.advice());
    }

    private static String date(Instant at) {
        return at.atZone(java.time.ZoneOffset.UTC).toLocalDate().toString();
    }
}
