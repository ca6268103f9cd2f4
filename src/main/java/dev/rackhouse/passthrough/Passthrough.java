package dev.rackhouse.passthrough;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.NodeRef;
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
            throw new AccessDeniedException(operator.name() + " may look, but not create VMs: this needs the role operator.");
        }
        return runs.start(runbook, plan, operator, reason);
    }
}
