package dev.rackhouse.lab.ui;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.Secret;
import dev.rackhouse.lab.LabDraft;
import dev.rackhouse.lab.LabDraft.HostDraft;
import dev.rackhouse.lab.LabDraft.ProxmoxDraft;
import dev.rackhouse.lab.LabTest;
import dev.rackhouse.lab.LabTesting;
import dev.rackhouse.lab.ProxmoxSide;
import dev.rackhouse.lab.RackhouseRole;
import dev.rackhouse.proxmox.ApiToken;
import dev.rackhouse.proxmox.PveCluster;
import dev.rackhouse.proxmox.PveEndpoint;
import dev.rackhouse.proxmox.PveTls;
import dev.rackhouse.proxmox.PveVersion;
import dev.rackhouse.ssh.HostKey;
import dev.rackhouse.ssh.SshKey;
import dev.rackhouse.ssh.SshTarget;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The wizard that connects a lab, without its screen: what was entered, where one is, what the machines answered. Nothing is stored
 * before {@link #connect()}. Methods that ask machines block, and throw {@link dev.rackhouse.base.RemoteFailure}; wrong input is an
 * {@link IllegalArgumentException} with a sentence. One thread at a time.
 */
final class ConnectLab {

    /** The steps, in their order. */
    enum Step {
        ADDRESS("Where it is"),
        CERTIFICATE("Certificate"),
        TOKEN("Token"),
        HOSTS("Hosts by SSH"),
        TEST("Test and connect");

        private final String title;

        Step(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /** What the rail shows beside a step. */
    enum StepState {
        AHEAD,
        HERE,
        DONE,
        SKIPPED
    }

    /** Those who answer: the machines, and the store. */
    interface Answers {
        PveTls.Presented certificate(URI url);

        LabTesting.Server server(String label, ProxmoxDraft draft);

        HostKey hostKey(String address, int port, @Nullable SshTarget through);

        LabTest test(LabDraft draft);

        LabId connect(LabDraft draft);

        List<String> namesTaken();
    }

    private final Answers answers;
    private Step step = Step.ADDRESS;
    private Step furthest = Step.ADDRESS;
    private String name = "";
    private boolean proxmox = true;
    private List<URI> urls = List.of();
    private final Map<URI, PveTls.Presented> certificates = new LinkedHashMap<>();
    private ProxmoxSide.Trust trust = ProxmoxSide.Trust.PINNED;
    private @Nullable String authority;
    private String tokenId = "rackhouse@pve!console";
    private Secret secret = new Secret("");
    private final Set<RackhouseRole> roles = new LinkedHashSet<>(EnumSet.allOf(RackhouseRole.class));
    private PveVersion version = new PveVersion(9, 0, 0);
    private List<PveCluster.Member> members = List.of();
    private SshKey key = SshKey.generate("rackhouse");
    private final List<HostDraft> hosts = new ArrayList<>();
    private @Nullable LabTest test;

    ConnectLab(Answers answers) {
        this.answers = answers;
    }

    // ---- where one is

    Step step() {
        return step;
    }

    StepState state(Step other) {
        if (other == step) {
            return StepState.HERE;
        }
        if (!proxmox && (other == Step.CERTIFICATE || other == Step.TOKEN)) {
            return StepState.SKIPPED;
        }
        return other.compareTo(step) < 0 ? StepState.DONE : StepState.AHEAD;
    }

    /** Goes back to a step that was passed; what was entered stays. */
    void back(Step to) {
        if (to.compareTo(furthest) <= 0 && state(to) != StepState.SKIPPED) {
            step = to;
        }
    }

    /** The step before this one, if there is one. */
    @Nullable
    Step previous() {
        return Arrays.stream(Step.values())
                .filter(s -> s.compareTo(step) < 0 && state(s) != StepState.SKIPPED)
                .reduce((first, second) -> second)
                .orElse(null);
    }

    private void go(Step to) {
        step = to;
        furthest = to.compareTo(furthest) > 0 ? to : furthest;
    }

    // ---- address

    /**
     * Takes the name and the addresses, and looks at the certificates there.
     *
     * @param addresses one per line or separated by commas
     */
    void enterAddress(String name, boolean proxmox, String addresses) {
        String clean = LabDraft.checkedName(name);
        if (answers.namesTaken().stream().anyMatch(clean::equalsIgnoreCase)) {
            throw new IllegalArgumentException("there is a lab named " + clean + " already; choose another name");
        }
        List<URI> entered = proxmox
                ? Arrays.stream(addresses.split("[\\s,]+"))
                        .filter(a -> !a.isBlank())
                        .map(PveEndpoint::url)
                        .distinct()
                        .toList()
                : List.of();
        if (proxmox && entered.isEmpty()) {
            throw new IllegalArgumentException("enter at least one address, like 10.0.10.41 or https://caraxes:8006");
        }
        Map<URI, PveTls.Presented> seen = new LinkedHashMap<>();
        for (URI url : entered) {
            seen.put(url, answers.certificate(url));
        }
        this.name = clean;
        this.proxmox = proxmox;
        this.urls = entered;
        certificates.clear();
        certificates.putAll(seen);
        if (key.publicLine().endsWith(" rackhouse")) {
            key = new SshKey(key.privateKey(), key.publicLine() + "-" + clean.replaceAll("[^A-Za-z0-9._-]", "-"));
        }
        go(proxmox ? Step.CERTIFICATE : Step.HOSTS);
    }

    // ---- certificate

    /** What was shown at each address. */
    Map<URI, PveTls.Presented> certificates() {
        return certificates;
    }

    /** Pins exactly what was shown. */
    void pinCertificates() {
        trust = ProxmoxSide.Trust.PINNED;
        authority = null;
        go(Step.TOKEN);
    }

    /** Trusts certificates that this authority signed. */
    void trustAuthority(String pem) {
        if (!pem.contains("BEGIN CERTIFICATE")) {
            throw new IllegalArgumentException("paste the certificate of the authority, with its BEGIN and END lines");
        }
        trust = ProxmoxSide.Trust.AUTHORITY;
        authority = pem.strip();
        go(Step.TOKEN);
    }

    /** Trusts certificates that browsers trust. */
    void trustPublic() {
        trust = ProxmoxSide.Trust.PUBLIC;
        authority = null;
        go(Step.TOKEN);
    }

    // ---- token

    /** Lines for a root shell of Proxmox that make what the token needs. */
    List<String> pveumLines(String tokenId, PveVersion version, Set<RackhouseRole> wanted) {
        Set<RackhouseRole> all = EnumSet.of(RackhouseRole.READ);
        all.addAll(wanted);
        return RackhouseRole.pveumLines(version, new ApiToken(tokenId.strip(), new Secret("")), all);
    }

    /** Tries the token and learns version and nodes. */
    void enterToken(String tokenId, Secret secret) {
        ProxmoxDraft draft = new ProxmoxDraft(
                side(tokenId.strip()), new Secret(secret.reveal().strip()));
        LabTesting.Server server = answers.server(name, draft);
        this.tokenId = tokenId.strip();
        this.secret = draft.secret();
        this.version = server.version();
        this.members = server.members();
        go(Step.HOSTS);
    }

    private ProxmoxSide side(String tokenId) {
        return new ProxmoxSide(
                urls.stream()
                        .map(url -> {
                            PveTls.Presented shown = certificates.get(url);
                            return new ProxmoxSide.Door(
                                    url,
                                    trust == ProxmoxSide.Trust.PINNED && shown != null ? shown.fingerprint() : null);
                        })
                        .toList(),
                tokenId,
                trust,
                authority);
    }

    // ---- hosts

    /** The line for {@code authorized_keys}. */
    String publicKey() {
        return key.publicLine();
    }

    /** A command for a root shell of each host that lets the console in. */
    List<String> authorizeLines() {
        return List.of("install -d -m 700 ~/.ssh && echo '" + key.publicLine() + "' >> ~/.ssh/authorized_keys");
    }

    /** Signs in with a key that somebody brought instead of the one made here. */
    void useKey(Secret privateKey) {
        key = SshKey.parse(privateKey);
    }

    /** Nodes of the cluster that are not among the hosts yet, with the address that the cluster knows. */
    List<PveCluster.Member> suggestions() {
        return members.stream()
                .filter(m -> hosts.stream().noneMatch(h -> h.node().equals(m.name())))
                .toList();
    }

    List<HostDraft> hosts() {
        return List.copyOf(hosts);
    }

    /** The key that a machine shows, going the way that was entered. */
    HostKey look(String node, String address, int port, String user, @Nullable String jump) {
        HostDraft wanted =
                new HostDraft(node, address, port, user, null, new HostKey("SHA256:" + "A".repeat(43)), jump);
        SshTarget target = LabTesting.target(wanted, with(wanted), key);
        return answers.hostKey(target.host(), target.port(), target.jump());
    }

    /** Adds a host with the key that was shown and confirmed; one of the same name is replaced. */
    void pinHost(String node, String address, int port, String user, @Nullable String jump, HostKey shown) {
        HostDraft host = new HostDraft(node, address, port, user, null, shown, jump);
        List<HostDraft> all = with(host);
        if (!proxmox || !all.isEmpty()) {
            new LabDraft(name, null, all, key);
        }
        hosts.clear();
        hosts.addAll(all);
        test = null;
    }

    private List<HostDraft> with(HostDraft host) {
        List<HostDraft> all = new ArrayList<>(hosts);
        all.removeIf(h -> h.node().equals(host.node()));
        all.add(host);
        return all;
    }

    void removeHost(String node) {
        for (HostDraft other : hosts) {
            if (node.equals(other.jump())) {
                throw new IllegalArgumentException(other.node() + " is reached through " + node + "; remove it first");
            }
        }
        hosts.removeIf(h -> h.node().equals(node));
        test = null;
    }

    void hostsDone() {
        draft();
        go(Step.TEST);
    }

    // ---- test and connect

    /** Tries everything; the result stays for the screen. */
    LabTest runTest() {
        LabTest result = answers.test(draft());
        test = result;
        return result;
    }

    @Nullable
    LabTest test() {
        return test;
    }

    LabId connect() {
        return answers.connect(draft());
    }

    private LabDraft draft() {
        return new LabDraft(name, proxmox ? new ProxmoxDraft(side(tokenId), secret) : null, hosts, key);
    }

    String name() {
        return name;
    }

    boolean proxmox() {
        return proxmox;
    }

    String addresses() {
        return String.join("\n", urls.stream().map(URI::toString).toList());
    }

    String tokenId() {
        return tokenId;
    }

    PveVersion version() {
        return version;
    }

    Set<RackhouseRole> roles() {
        return roles;
    }
}
