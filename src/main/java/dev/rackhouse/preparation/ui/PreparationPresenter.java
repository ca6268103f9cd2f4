package dev.rackhouse.preparation.ui;

import dev.rackhouse.access.Operator;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.preparation.Hugepages;
import dev.rackhouse.preparation.Preparation;
import dev.rackhouse.preparation.PreparationDraft;
import dev.rackhouse.preparation.PreparationPlan;
import dev.rackhouse.preparation.PreparationReadiness;
import dev.rackhouse.preparation.PreparationSite;
import dev.rackhouse.preparation.ui.PreparationRoutes.Wish;
import dev.rackhouse.preparation.ui.PreparationState.Step;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Start;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the page does, without a screen: changes come in, a {@link PreparationState} goes out. Reading the host takes a while and is
 * left to the view, which brings the {@link PreparationSite}. One thread at a time.
 */
final class PreparationPresenter {

    private final Preparation preparation;
    private final Consumer<PreparationState> screen;
    private @Nullable NodeRef node;
    private @Nullable Wish wish;
    private @Nullable PciSlot slot;
    private Step step = Step.WISHES;
    private @Nullable PreparationSite site;
    private @Nullable PreparationDraft draft;
    private @Nullable PreparationDraft suggested;
    private @Nullable PreparationReadiness readiness;
    private @Nullable String failure;
    private boolean loading;
    private boolean changed;

    PreparationPresenter(Preparation preparation, Consumer<PreparationState> screen) {
        this.preparation = preparation;
        this.screen = screen;
    }

    /**
     * The page is opened. The view then reads the node and calls {@link #arrived} or {@link #failed}.
     *
     * @param wanted what a finding's button asks for; null: what the page suggests
     * @param early a slot to be bound early; null: as suggested
     */
    void open(NodeRef opened, @Nullable Wish wanted, @Nullable PciSlot early) {
        node = opened;
        wish = wanted;
        slot = early;
        step = Step.WISHES;
        site = null;
        draft = null;
        suggested = null;
        readiness = null;
        changed = false;
        reading();
    }

    /** The host is read again; wishes stay. */
    void reading() {
        loading = true;
        failure = null;
        show();
    }

    void arrived(PreparationSite read) {
        if (!read.node().equals(node)) {
            return;
        }
        site = read;
        loading = false;
        PreparationDraft suggestion = preparation.suggest(read);
        suggested = suggestion;
        draft = draft == null ? asked(suggestion, read) : draft;
        assess();
        show();
    }

    /** What follows from the findings of the host as it was read last; empty until then. */
    Optional<PreparationDraft> suggested() {
        return Optional.ofNullable(suggested);
    }

    void failed(String sentence) {
        loading = false;
        failure = sentence;
        show();
    }

    private PreparationDraft asked(PreparationDraft suggested, PreparationSite read) {
        PreparationDraft asked = suggested;
        PciSlot early = slot;
        if (early != null) {
            Set<PciSlot> slots = new TreeSet<>(asked.early());
            slots.add(early);
            asked = asked.withEarly(slots);
        }
        return switch (wish) {
            case null -> asked;
            case IOMMU -> asked.withIommu(!read.facts().iommuOn());
            case STRAY -> asked.withoutLines(true, asked.virqfdLine());
            case VIRQFD -> asked.withoutLines(asked.strayLine(), true);
            case PAGES ->
                asked.withPages(
                        new Hugepages(1024, Math.max(1, read.facts().numaNodes().size())));
        };
    }

    /** Another wish; what was ticked for the wishes before stays ticked only where the same finding comes again. */
    void edit(UnaryOperator<PreparationDraft> change) {
        PreparationDraft now = draft;
        if (now != null) {
            draft = change.apply(now);
            changed = true;
            assess();
            show();
        }
    }

    void tick(Finding finding, boolean on) {
        edit(d -> {
            Set<String> keys = new HashSet<>(d.accepted());
            if (on) {
                keys.add(finding.key());
            } else {
                keys.remove(finding.key());
            }
            return d.withAccepted(keys);
        });
    }

    void go(Step to) {
        step = to;
        show();
    }

    /** @param by 1: to the next page, -1: back */
    void move(int by) {
        int at = Math.clamp(step.ordinal() + by, 0, Step.values().length - 1);
        go(Step.values()[at]);
    }

    /** The literal plan; empty while there is none. */
    Optional<Outline> preview() {
        return readiness instanceof PreparationReadiness.Ready ready
                ? Optional.of(preparation.preview(ready.plan()))
                : Optional.empty();
    }

    /** @throws IllegalStateException when there is no plan */
    Start start(Operator operator, String reason) {
        if (!(readiness instanceof PreparationReadiness.Ready(PreparationPlan plan, var _))) {
            throw new IllegalStateException("There is no plan to start");
        }
        Start started = preparation.start(plan, operator, reason);
        changed = changed && !(started instanceof Start.Started);
        return started;
    }

    /** Whether something would be lost by leaving. */
    boolean changed() {
        return changed;
    }

    private void assess() {
        PreparationDraft now = draft;
        PreparationSite at = site;
        if (now != null && at != null) {
            readiness = preparation.assess(now, at);
        }
    }

    private void show() {
        NodeRef shown = node;
        if (shown != null) {
            screen.accept(new PreparationState(shown, step, site, draft, readiness, loading, failure));
        }
    }
}
