package dev.rackhouse.guestsetup.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.guestsetup.GpuGuestDraft;
import dev.rackhouse.guestsetup.GpuGuestReadiness;
import dev.rackhouse.guestsetup.GpuGuestReadiness.Remark;
import dev.rackhouse.guestsetup.GpuGuestSetup;
import dev.rackhouse.guestsetup.GuestFacts;
import dev.rackhouse.guestsetup.PrepareGpuGuest;
import dev.rackhouse.guestsetup.ui.SetupState.CardRow;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.ui.RunPreview;
import java.util.List;
import java.util.Objects;

/** Looks into a guest, shows what is there and what is missing, and leads to the preview of the run. */
class SetupDialog extends Dialog {

    private final GpuGuestSetup setup;
    private final Runs runs;
    private final CurrentOperator operators;
    private final PrepareGpuGuest runbook;
    private final SetupPresenter presenter;
    private final TextField user = new TextField("User in the guest");
    private final TextField address = new TextField("Address of the guest");
    private final TextField image = new TextField("Image for the proof in a container");
    private final Button look = new Button("Look into the guest", _ -> look());
    private final Button preview = new Button("Show the plan", _ -> preview());
    private final Div cards = new Div();
    private final Div findings = new Div();
    private List<CardRow> shownCards = List.of();

    SetupDialog(
            GpuGuestDraft draft, GpuGuestSetup setup, Runs runs, CurrentOperator operators, PrepareGpuGuest runbook) {
        this.setup = setup;
        this.runs = runs;
        this.operators = operators;
        this.runbook = runbook;
        this.presenter = new SetupPresenter(draft, setup::assess, this::show);
        setHeaderTitle("Set up the GPUs of " + draft.name());
        user.setValue(draft.user());
        address.setValue(draft.address());
        image.setValue(draft.image());
        user.addValueChangeListener(_ -> presenter.access(user.getValue(), address.getValue()));
        address.addValueChangeListener(_ -> presenter.access(user.getValue(), address.getValue()));
        image.addValueChangeListener(change -> presenter.image(change.getValue()));
        Div access = new Div(user, address, image);
        access.addClassName("wizard-fields");
        address.setHelperText("As its node reaches it over SSH.");
        cards.addClassName("row");
        findings.addClassName("stack");
        Div body = new Div(
                new Span(
                        "The console signs in through the node and only looks. Nothing is changed before the plan was shown."),
                access,
                new Div(look),
                cards,
                findings);
        body.addClassName("stack");
        add(body);
        preview.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        getFooter().add(new Button("Close", _ -> close()), preview);
        setWidth("min(860px, 96vw)");
        presenter.open();
    }

    private void look() {
        UI ui = UI.getCurrent();
        GpuGuestDraft asked = presenter.draft();
        presenter.asking();
        Thread.ofVirtual().name("looks-into-guest").start(() -> {
            try {
                GuestFacts facts = setup.look(asked);
                ui.access(() -> presenter.seen(asked, facts));
            } catch (RemoteFailure failure) {
                ui.access(() -> presenter.failed(failure));
            }
        });
    }

    private void preview() {
        presenter.plan().ifPresent(plan -> {
            close();
            new RunPreview<>(runs, operators, runbook, plan, "Set up the GPUs of " + plan.name(), null).open();
        });
    }

    private void show(SetupState state) {
        look.setEnabled(!state.looking()
                && !state.draft().user().isBlank()
                && !state.draft().address().isBlank());
        look.setText(state.looking() ? "Looking into the guest…" : "Look into the guest");
        preview.setEnabled(state.mayPreview());
        showCards(state.cards());
        findings.removeAll();
        if (state.failure() != null) {
            findings.add(new Notice(Verdict.Level.CRITICAL, "The guest could not be looked at", state.failure()));
        }
        GpuGuestReadiness readiness = state.readiness();
        if (readiness != null) {
            readiness.remarks().forEach(remark -> findings.add(row(remark)));
            if (readiness.remarks().isEmpty()) {
                findings.add(new Span("Nothing stands in the way."));
            }
        }
    }

    /** Fields stay while somebody types in them. */
    private void showCards(List<CardRow> rows) {
        boolean same = rows.stream()
                .map(CardRow::address)
                .toList()
                .equals(shownCards.stream().map(CardRow::address).toList());
        shownCards = rows;
        if (same) {
            return;
        }
        cards.removeAll();
        for (CardRow row : rows) {
            TextField watts = new TextField(row.label());
            watts.setValue(row.watts());
            watts.setHelperText(Objects.requireNonNullElse(row.hint().isEmpty() ? null : row.hint() + ". ", "")
                    + "Empty: the limit stays as it is.");
            watts.setSuffixComponent(new Span("W"));
            watts.setValueChangeMode(ValueChangeMode.LAZY);
            watts.addValueChangeListener(change -> presenter.watts(row.address(), change.getValue()));
            cards.add(watts);
        }
    }

    private static Div row(Remark remark) {
        Span sentence = new Span(remark.sentence());
        sentence.addClassName("wrap-anywhere");
        Div body = new Div(sentence);
        if (!remark.remedy().isEmpty()) {
            Span remedy = new Span(remark.remedy());
            remedy.addClassNames("small", "muted", "wrap-anywhere");
            body.add(remedy);
        }
        body.addClassName("stack");
        StatusBadge badge = switch (remark.kind()) {
            case BLOCKS -> StatusBadge.of("critical", "blocks");
            case WARNS -> StatusBadge.of("attention", "warning");
            case INFORMS -> StatusBadge.of("off", "note");
            case DONE -> StatusBadge.of("ok", "so already");
        };
        Div line = new Div(badge, body);
        line.addClassName("row");
        return line;
    }
}
