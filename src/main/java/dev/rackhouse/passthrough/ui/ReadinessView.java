package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.ui.AgeLabel;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.ErrorNotice;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inventory.InventoryFeed;
import dev.rackhouse.inventory.InventoryLinks;
import dev.rackhouse.passthrough.CheckRow;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.NodeChecks;
import dev.rackhouse.passthrough.NodeChecks.Checked;
import dev.rackhouse.passthrough.ReadinessBoard;
import dev.rackhouse.passthrough.ReadinessBoard.Need;
import dev.rackhouse.passthrough.ReadinessBoard.Part;
import dev.rackhouse.passthrough.ReadinessBoard.Show;
import jakarta.annotation.security.RolesAllowed;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/** All checks of one node: what blocks, what warns, what passed, each with its fact, its fix and its raw lines. */
@Route(PassthroughRoutes.READINESS)
@RolesAllowed(Role.VIEWERS)
class ReadinessView extends Page implements BeforeEnterObserver, HasDynamicTitle, InventoryFeed.Listener {

    private final NodeChecks checks;
    private final FindingHelp help;
    private final Background background;
    private final Div top = new Div();
    private final Div notices = new Div();
    private final Div body = new Div();
    private final Select<Show> show = new Select<>();
    private final TextField id = new TextField();
    private @Nullable NodeRef node;
    private @Nullable Checked shown;

    @Autowired
    ReadinessView(NodeChecks checks, FindingHelp help, InventoryFeed feed) {
        this(checks, help, Background.threads());
        feed.follow(this, this);
    }

    ReadinessView(NodeChecks checks, FindingHelp help, Background background) {
        this.checks = checks;
        this.help = help;
        this.background = background;
        top.addClassName("page");
        body.addClassName("page");
        show.setItems(Show.values());
        show.setItemLabelGenerator(Show::label);
        show.setValue(Show.ALL);
        show.setAriaLabel("Which lines");
        show.addValueChangeListener(change -> lines());
        id.setPlaceholder("Check, such as group.");
        id.setAriaLabel("Part of a check's id");
        id.setClearButtonVisible(true);
        id.setValueChangeMode(ValueChangeMode.LAZY);
        id.addValueChangeListener(change -> lines());
        add(top, notices, body);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        open(InventoryLinks.node(
                        event.getRouteParameters().get("lab").orElse(null),
                        event.getRouteParameters().get("node").orElse(null))
                .orElse(null));
    }

    void open(@Nullable NodeRef wanted) {
        node = wanted;
        notices.removeAll();
        changed();
    }

    @Override
    public void changed() {
        NodeRef wanted = node;
        show(wanted == null ? null : checks.find(wanted).orElse(null));
    }

    @Override
    public void ticked() {
        // ages tick in the browser
    }

    private void show(@Nullable Checked checked) {
        shown = checked;
        top.removeAll();
        if (checked == null) {
            body.removeAll();
            top.add(
                    new PageHeader("Readiness"),
                    new EmptyState(
                            "No such node has been seen",
                            "It may stand in a lab that was removed, or it has not answered yet.",
                            new Anchor(InventoryLinks.NODES, "All nodes")));
            return;
        }
        top.add(header(checked));
        ReadinessBoard board = checked.board();
        if (board == null) {
            body.removeAll();
            top.add(new EmptyState(
                    "This node was never probed",
                    "What a host needs, and what stands in the way, is seen over SSH: one script, one round trip, nothing is changed."
                            + " If the console does not reach it by SSH yet, add that on the lab's page."));
            return;
        }
        Div filters = new Div(show, id);
        filters.addClassNames("row", "readiness-filters");
        top.add(counts(board), filters, needs(board));
        lines();
    }

    private PageHeader header(Checked checked) {
        PageHeader header = new PageHeader("Readiness of " + checked.node().node());
        Span line = new Span(
                new Anchor(InventoryLinks.node(checked.node()), checked.node().node()), new Span(checked.labName()));
        line.addClassName("row");
        if (checked.seen() != null) {
            line.add(new Span("seen"), new AgeLabel(checked.seen()));
            if (!checked.verdict().reasons().isEmpty()) {
                line.add(new StatusBadge(checked.verdict()));
            }
        }
        header.subtitle(line);
        Button again = new Button(checked.board() == null ? "Probe" : "Probe again", click -> probe());
        again.addThemeVariants(ButtonVariant.LUMO_SMALL);
        again.setDisableOnClick(true);
        again.setTooltipText(
                "Reads " + checked.node().node() + " over SSH: one script, one round trip, changes nothing");
        if (checked.proxmox()) {
            Anchor create = new Anchor(PassthroughRoutes.create(checked.node(), null), "Create passthrough VM");
            create.addClassName("shell-button");
            return header.actions(create, again);
        }
        return header.actions(again);
    }

    private static Div counts(ReadinessBoard board) {
        Div counts = new Div();
        counts.addClassName("row");
        for (CheckRow.Outcome outcome : CheckRow.Outcome.values()) {
            long count = board.count(outcome);
            String word = switch (outcome) {
                case BLOCK -> count == 1 ? "block" : "blocks";
                case WARN -> count == 1 ? "warning" : "warnings";
                case UNKNOWN -> "unknown";
                case INFORM -> count == 1 ? "note" : "notes";
                case PASS -> "passed";
            };
            counts.add(StatusBadge.of(count == 0 ? "off" : CheckLine.look(outcome), count + " " + word));
        }
        return counts;
    }

    /** What the host needs, and why. */
    private static Component needs(ReadinessBoard board) {
        Div card = new Div();
        card.addClassNames("card", "stack");
        for (Need need : board.needs()) {
            Span what = new Span(need.what());
            what.addClassName("strong");
            Div title = new Div(
                    StatusBadge.of(need.traced() ? "ok" : "unknown", need.traced() ? "traced" : "unknown"), what);
            title.addClassName("row");
            Pre chains = new Pre(String.join("\n", need.chains()));
            chains.addClassName("command");
            if (need.chains().size() > 6) {
                Details more = new Details(need.chains().size() + " reasons", chains);
                card.add(title, more);
            } else {
                card.add(title, chains);
            }
        }
        return new Section("What the host needs", card)
                .beside(new Span("Nothing of this is given to a guest, nor what shares an IOMMU group with it."));
    }

    private void lines() {
        body.removeAll();
        Checked checked = shown;
        ReadinessBoard all = checked == null ? null : checked.board();
        if (checked == null || all == null) {
            return;
        }
        ReadinessBoard board = all.filtered(Optional.ofNullable(show.getValue()).orElse(Show.ALL), id.getValue());
        if (board.parts().isEmpty()) {
            body.add(new EmptyState("Nothing here", "No line is like that. Show all lines, or clear the text."));
        }
        board.parts().forEach(part -> body.add(section(part, checked.node())));
    }

    private Section section(Part part, NodeRef on) {
        Div lines = new Div();
        lines.addClassName("wizard-checks");
        part.found().forEach(row -> lines.add(new CheckLine(row, fix(row, on))));
        if (part.found().isEmpty() && part.passed().isEmpty()) {
            lines.add(new Span("Nothing to say."));
        }
        if (!part.passed().isEmpty()) {
            Div passed = new Div();
            passed.addClassName("wizard-checks");
            part.passed().forEach(row -> passed.add(new CheckLine(row, null)));
            Details fold = new Details(
                    part.passed().size() + (part.passed().size() == 1 ? " check passed" : " checks passed"), passed);
            fold.addClassName("small");
            lines.add(fold);
        }
        Section section = new Section(part.title(), lines);
        if (!part.detail().isEmpty()) {
            Span detail = new Span(part.detail());
            detail.addClassNames("muted", "wrap-anywhere");
            section.beside(detail);
        }
        return section;
    }

    private @Nullable Component fix(CheckRow row, NodeRef on) {
        Finding finding = row.finding();
        return finding == null ? null : help.create(on, finding).orElse(null);
    }

    private void probe() {
        NodeRef wanted = node;
        if (wanted != null) {
            notices.removeAll();
            background.ask(() -> checks.probe(wanted), read -> show(read.orElse(null)), failure -> {
                notices.add(new ErrorNotice(failure));
                changed();
            });
        }
    }

    @Override
    public String getPageTitle() {
        return "Readiness of " + (node == null ? "a node" : node.node()) + " · Rackhouse";
    }
}
