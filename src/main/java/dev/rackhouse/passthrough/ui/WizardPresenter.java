package dev.rackhouse.passthrough.ui;

import dev.rackhouse.access.Operator;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.passthrough.CheckRow;
import dev.rackhouse.passthrough.DeviceChoice;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.Passthrough;
import dev.rackhouse.passthrough.PassthroughDraft;
import dev.rackhouse.passthrough.PassthroughPlan;
import dev.rackhouse.passthrough.Readiness;
import dev.rackhouse.passthrough.Site;
import dev.rackhouse.passthrough.ui.WizardState.RailEntry;
import dev.rackhouse.passthrough.ui.WizardState.Standing;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Start;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the wizard does, without a screen: changes come in, a {@link WizardState} goes out. Reading a node may take a while and is
 * left to the view: it is told which node, and brings the {@link Site}. One thread at a time.
 */
final class WizardPresenter {

    private final Passthrough passthrough;
    private final Consumer<WizardState> screen;
    private final Set<WizardStep> visited = EnumSet.noneOf(WizardStep.class);
    private PassthroughDraft draft;
    private WizardStep step = WizardStep.DEVICE;
    private @Nullable Site site;
    private @Nullable NodeRef loading;
    private @Nullable String wantedDevice;
    private @Nullable String failure;
    private @Nullable Readiness readiness;
    private List<NodeRef> nodes = List.of();
    private List<DeviceChoice> devices = List.of();
    private List<CheckRow> checks = List.of();
    private boolean typed;

    WizardPresenter(Passthrough passthrough, Consumer<WizardState> screen) {
        this.passthrough = passthrough;
        this.screen = screen;
        this.draft = passthrough.draft();
    }

    /**
     * The wizard is opened, perhaps from a node's or a device's page.
     *
     * @param node null: none is chosen yet
     * @param device a slot or function of that node; null: none
     */
    void open(@Nullable NodeRef node, @Nullable String device) {
        wantedDevice = device;
        nodes = passthrough.nodes();
        if (node != null) {
            chooseNode(node);
        } else {
            if (nodes.size() == 1) {
                chooseNode(nodes.getFirst());
            }
        }
        typed = false;
        show();
    }

    /** Another node: what belongs to the one before is dropped. The view reads it and calls {@link #arrived}. */
    void chooseNode(NodeRef node) {
        if (node.equals(draft.node()) && failure == null) {
            return;
        }
        draft = passthrough.draft().withNode(node);
        site = null;
        readiness = null;
        devices = List.of();
        checks = List.of();
        failure = null;
        loading = node;
        show();
    }

    /** The node was read. An answer for a node that is no longer chosen is ignored. */
    void arrived(NodeRef node, Optional<Site> read) {
        if (!node.equals(loading)) {
            return;
        }
        loading = null;
        site = read.orElse(null);
        if (site == null) {
            failure = "Nothing is known about " + node.node() + " any more. Choose another node.";
            show();
            return;
        }
        devices = passthrough.devices(site);
        String wanted = wantedDevice;
        wantedDevice = null;
        List<String> first = wanted == null
                ? devices.stream()
                        .filter(d -> d.gpu() && d.blocker() == null)
                        .map(DeviceChoice::path)
                        .limit(1)
                        .toList()
                : List.of(DeviceChoice.pathFor(devices, wanted));
        draft = passthrough.suggest(draft.withDevices(first), site);
        assess();
        show();
    }

    /** The same node again, read afresh: inputs stay. */
    void refreshed(Site read) {
        if (site != null && site.node().equals(read.node())) {
            site = read;
            devices = passthrough.devices(read);
            assess();
            show();
        }
    }

    /** Reading the node failed. */
    void failed(NodeRef node, String sentence) {
        if (node.equals(loading)) {
            loading = null;
            failure = sentence;
            show();
        }
    }

    /** Devices decide about sizes: what was only suggested is suggested anew, what was typed stays. */
    void chooseDevices(List<String> paths) {
        if (paths.equals(draft.devices())) {
            return;
        }
        Site here = site;
        draft = draft.withDevices(paths);
        if (here != null && !typed) {
            draft = passthrough.suggest(draft.edit().name("").done(), here);
        }
        assess();
        show();
    }

    /** An input changed. */
    void edit(UnaryOperator<PassthroughDraft.Edit> change) {
        PassthroughDraft changed = change.apply(draft.edit()).done();
        if (!changed.equals(draft)) {
            draft = changed;
            typed = true;
            assess();
            show();
        }
    }

    /** Another network: bridge, VLAN and a free address come together. */
    void chooseNetwork(Site.Network network) {
        Site here = site;
        if (here != null) {
            draft = passthrough.onNetwork(draft, here, network);
            typed = true;
            assess();
            show();
        }
    }

    /** A warning is accepted, or not any more. */
    void tick(Finding finding, boolean accepted) {
        Set<String> keys = new HashSet<>(draft.accepted());
        if (accepted ? keys.add(finding.key()) : keys.remove(finding.key())) {
            draft = draft.withAccepted(keys);
            typed = true;
            assess();
            show();
        }
    }

    void next() {
        visited.add(step);
        step = step.next();
        show();
    }

    void back() {
        visited.add(step);
        step = step.back();
        show();
    }

    void go(WizardStep wanted) {
        visited.add(step);
        step = wanted;
        show();
    }

    /** The literal plan; empty while something stands in its way. */
    Optional<Outline> preview() {
        return readiness instanceof Readiness.Ready ready
                ? Optional.of(passthrough.preview(ready.plan()))
                : Optional.empty();
    }

    /**
     * Starts what the review shows.
     *
     * @throws IllegalStateException when there is no plan
     */
    Start start(Operator operator, String reason) {
        PassthroughPlan plan = readiness instanceof Readiness.Ready ready ? ready.plan() : null;
        if (plan == null) {
            throw new IllegalStateException("There is no plan to start");
        }
        Start started = passthrough.start(plan, operator, reason);
        if (started instanceof Start.Started) {
            typed = false;
        }
        return started;
    }

    boolean typed() {
        return typed;
    }

    private void assess() {
        Site here = site;
        if (here == null) {
            readiness = null;
            checks = List.of();
        } else {
            Readiness now = passthrough.assess(draft, here);
            readiness = now;
            checks = passthrough.checks(draft, here, now);
        }
    }

    private void show() {
        screen.accept(
                new WizardState(step, rail(), nodes, draft, site, devices, checks, readiness, loading, failure, typed));
    }

    private List<RailEntry> rail() {
        List<RailEntry> rail = new ArrayList<>();
        for (WizardStep each : WizardStep.values()) {
            rail.add(new RailEntry(each, standing(each), detail(each)));
        }
        return rail;
    }

    private Standing standing(WizardStep each) {
        if (each == step) {
            return Standing.CURRENT;
        }
        Readiness now = readiness;
        if (now == null) {
            return Standing.OPEN;
        }
        return switch (now) {
            case Readiness.Ready _ ->
                each == WizardStep.REVIEW || !visited.contains(each) && each.ordinal() > step.ordinal()
                        ? Standing.OPEN
                        : Standing.DONE;
            case Readiness.Blocked blocked -> standing(each, blocked);
        };
    }

    private Standing standing(WizardStep each, Readiness.Blocked blocked) {
        boolean wrong = blocked.problems().stream().anyMatch(p -> each.has(p.field()));
        if (each == WizardStep.CHECKS) {
            if (blocked.findings().stream().anyMatch(Finding::blocks)) {
                return Standing.BLOCKED;
            }
            return blocked.toConfirm().isEmpty() ? Standing.DONE : Standing.ATTENTION;
        }
        if (wrong) {
            return visited.contains(each) ? Standing.BLOCKED : Standing.ATTENTION;
        }
        return visited.contains(each) && each != WizardStep.REVIEW ? Standing.DONE : Standing.OPEN;
    }

    private String detail(WizardStep each) {
        return switch (each) {
            case DEVICE ->
                draft.node() == null
                        ? ""
                        : draft.node().node()
                                + (draft.devices().isEmpty() ? "" : " · " + String.join(", ", draft.devices()));
            case CHECKS -> checksDetail();
            case SIZE -> draft.cores().isBlank() ? "" : draft.cores() + " cores, " + draft.memoryMiB() + " MiB";
            case DISK -> draft.diskGiB().isBlank() ? "" : draft.diskGiB() + " GiB on " + draft.storage();
            case NETWORK ->
                draft.address().isBlank()
                        ? ""
                        : draft.address() + (draft.vlan().isBlank() ? "" : " in VLAN " + draft.vlan());
            case REVIEW -> "";
        };
    }

    private String checksDetail() {
        Readiness now = readiness;
        if (now == null) {
            return "";
        }
        long blocking = now.findings().stream().filter(Finding::blocks).count();
        if (blocking > 0) {
            return blocking == 1 ? "1 blocks" : blocking + " block";
        }
        int open =
                now instanceof Readiness.Blocked blocked ? blocked.toConfirm().size() : 0;
        return open == 0 ? "nothing blocks" : open + " to confirm";
    }

    /** The node that the view should read now; null: none. */
    @Nullable
    NodeRef toRead() {
        return loading;
    }
}
