package dev.rackhouse.passthrough;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PathList;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Start;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.stereotype.Service;

/** Creating VMs with passed-through devices: suggestions, readiness, preview, start. Safe for many threads. */
@Service
public class Passthrough {

    private final Sites sites;
    private final Runs runs;
    private final CreatePassthroughVm runbook;
    private final PassthroughSettings settings;

    Passthrough(Sites sites, Runs runs, CreatePassthroughVm runbook, PassthroughSettings settings) {
        this.sites = sites;
        this.runs = runs;
        this.runbook = runbook;
        this.settings = settings;
    }

    /** Nodes that can be chosen. */
    public List<NodeRef> nodes() {
        return sites.nodes();
    }

    /** What is known about a node; blocks while its images are listed. */
    public Optional<Site> site(NodeRef node) {
        return sites.find(node);
    }

    /** The lab of a node, as shown. */
    public String labName(NodeRef node) {
        return sites.labName(node);
    }

    /**
     * Probes a node now, and gives what is then known. Blocks, up to 40 seconds.
     *
     * @throws dev.rackhouse.base.RemoteFailure when there is no complete report; the last facts stay
     */
    public Optional<Site> probe(NodeRef node) {
        return sites.probe(node);
    }

    /** A draft with an identity of its own and nothing else. */
    public PassthroughDraft draft() {
        return PassthroughDraft.empty(UUID.randomUUID());
    }

    /** The draft with all inputs filled that follow from its node and devices. */
    public PassthroughDraft suggest(PassthroughDraft draft, Site site) {
        return Suggestions.fill(draft, site, settings);
    }

    /** The draft on another network of the node: bridge, VLAN, and a free address. */
    public PassthroughDraft onNetwork(PassthroughDraft draft, Site site, Site.Network network) {
        PassthroughDraft.Edit edit = draft.edit();
        Suggestions.apply(edit, site, network, settings);
        return edit.done();
    }

    /** Whether the draft can become a VM there; pure, so it may be asked after every change. */
    public Readiness assess(PassthroughDraft draft, Site site) {
        return Assessment.of(draft, site);
    }

    /** The devices of the place that can be chosen. */
    public List<DeviceChoice> devices(Site site) {
        HostFacts facts = site.facts();
        return facts == null ? List.of() : DeviceChoice.of(facts);
    }

    /** Every check of a draft as a line, passed ones too. */
    public List<CheckRow> checks(PassthroughDraft draft, Site site, Readiness readiness) {
        HostFacts facts = site.facts();
        if (facts == null) {
            return List.of();
        }
        List<PathList.Part> parts = draft.devices().stream()
                .flatMap(d -> PathList.parse(d).stream())
                .toList();
        List<PciFunction> functions = facts.functions().stream()
                .filter(f -> parts.stream().anyMatch(p -> p.names(f.address())))
                .toList();
        return CheckRow.of(facts, functions, readiness.findings());
    }

    /** The literal plan: what is shown is what is sent. */
    public Outline preview(PassthroughPlan plan) {
        return runbook.outline(plan);
    }

    /**
     * Starts the run.
     *
     * @throws AccessDeniedException when the operator may only look
     */
    public Start start(PassthroughPlan plan, Operator operator, String reason) {
        if (!operator.may(Role.OPERATOR)) {
            throw new AccessDeniedException(
                    operator.name() + " may look, but not create VMs: this needs the role operator.");
        }
        return runs.start(runbook, plan, operator, reason);
    }
}
