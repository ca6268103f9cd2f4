package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.passthrough.Finding;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Every check as a line: how it came out, the measured fact, the fix, and a tick where one is needed. */
final class ChecksPage extends StepPage {

    private final WizardPresenter presenter;
    private final Function<Finding, @Nullable Component> help;
    private final Div lines = new Div();
    private final Button again;
    private final Anchor all = new Anchor("", "All checks of the node");

    /**
     * @param probe asks the host again
     * @param help a button that resolves a finding; null: there is none
     */
    ChecksPage(WizardPresenter presenter, Runnable probe, Function<Finding, @Nullable Component> help) {
        this.presenter = presenter;
        this.help = help;
        lines.addClassName("wizard-checks");
        again = new Button("Probe the host again", click -> probe.run());
        again.addThemeVariants(ButtonVariant.LUMO_SMALL);
        again.setDisableOnClick(true);
        all.addClassName("small");
        Div head = new Div(
                new Span("Proxmox takes the whole IOMMU group at VM start, so the host's own needs are checked first."),
                all,
                again);
        head.addClassNames("row", "spread");
        add(head, lines);
    }

    @Override
    void show(WizardState state) {
        again.setEnabled(state.site() != null);
        lines.removeAll();
        all.setVisible(state.site() != null);
        if (state.site() == null) {
            lines.add(new Span("Choose a node first."));
            return;
        }
        all.setHref(PassthroughRoutes.readiness(state.site().node()));
        state.checks().forEach(row -> lines.add(new CheckLine(row, state.draft().accepted(), presenter::tick, help)));
    }
}
