package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.Seen;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.AgeLabel;
import dev.rackhouse.base.ui.CopyButton;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.LabView;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How each lab stands, how old what is shown is, how much the lab is asked; for a lab in trouble, why and what to do. */
class LabStrip extends Div {

    private final Inventory inventory;
    private final @Nullable LabId only;
    private final Div chips = new Div();
    private final Div notices = new Div();
    private List<Shown> shown = List.of();

    private record Shown(LabView lab, AgeLabel age, Span calls) {}

    /** @param only this lab; null: all */
    LabStrip(Inventory inventory, @Nullable LabId only) {
        this.inventory = inventory;
        this.only = only;
        addClassName("lab-strip");
        chips.addClassName("row");
        notices.addClassName("stack");
        add(chips, notices);
        refresh();
    }

    /** Sets ages anew; builds anew only what stands differently. */
    void refresh() {
        List<LabView> labs = inventory.labs().stream()
                .filter(l -> only == null || l.id().equals(only))
                .toList();
        if (sameStanding(labs)) {
            for (int i = 0; i < labs.size(); i++) {
                update(shown.get(i), labs.get(i));
            }
            return;
        }
        chips.removeAll();
        notices.removeAll();
        shown = labs.stream().map(this::show).toList();
    }

    private boolean sameStanding(List<LabView> labs) {
        return labs.size() == shown.size()
                && java.util.stream.IntStream.range(0, labs.size())
                        .allMatch(i -> labs.get(i)
                                        .id()
                                        .equals(shown.get(i).lab().id())
                                && labs.get(i).name().equals(shown.get(i).lab().name())
                                && (labs.get(i).seen() == null)
                                        == (shown.get(i).lab().seen() == null)
                                && codes(labs.get(i)).equals(codes(shown.get(i).lab())));
    }

    private static String codes(LabView lab) {
        return lab.verdict().level()
                + lab.verdict().reasons().stream().map(Verdict.Reason::code).collect(Collectors.joining(","));
    }

    private static void update(Shown shown, LabView lab) {
        Seen seen = lab.seen();
        if (seen != null) {
            shown.age().getElement().setAttribute("at", seen.at().toString());
        }
        shown.calls().setText(calls(lab));
    }

    private Shown show(LabView lab) {
        Span name = new Span(lab.name());
        name.addClassName("strong");
        Seen seen = lab.seen();
        AgeLabel age = new AgeLabel(seen == null ? new Seen("never read", java.time.Instant.EPOCH) : seen);
        age.setVisible(seen != null);
        Span calls = new Span(calls(lab));
        calls.addClassNames("faint", "small");
        calls.setTitle("Calls of this console to the lab in the last minute, and how many it allows itself");
        Div chip = new Div(new StatusBadge(lab.verdict()).iconOnly(), name, age, calls);
        chip.addClassName("lab-chip");
        chips.add(chip);
        if (lab.verdict().level() != Verdict.Level.OK) {
            notices.add(notice(lab));
        }
        return new Shown(lab, age, calls);
    }

    private Notice notice(LabView lab) {
        String why =
                lab.verdict().reasons().stream().map(Verdict.Reason::sentence).collect(Collectors.joining(" "));
        Button again = new Button("Try again", click -> inventory.refresh(lab.id()));
        again.addThemeVariants(ButtonVariant.LUMO_SMALL);
        again.setVisible(!lab.paused());
        return new Notice(lab.verdict().level(), lab.name(), why)
                .actions(again, new CopyButton("Copy diagnostics", () -> diagnostics(lab, why)));
    }

    private static String diagnostics(LabView lab, String why) {
        Seen seen = lab.seen();
        return "Lab " + lab.name() + ": " + codes(lab) + "\n" + why + "\nLast seen "
                + (seen == null ? "never" : seen.at() + " (" + seen.source() + ")") + "\nProxmox VE "
                + (lab.version() == null ? "version not known" : lab.version()) + "\nAt " + java.time.Instant.now();
    }

    private static String calls(LabView lab) {
        return lab.proxmox() ? lab.callsLastMinute() + " of " + lab.callsAllowed() + " calls/min" : "SSH only";
    }
}
