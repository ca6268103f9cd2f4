package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.notification.Notification;
import com.vaadin.flow.component.textfield.PasswordField;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.router.RouteAlias;
import com.vaadin.flow.server.VaadinSession;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Secret;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.guestsetup.ui.GpuSetupButtons;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentHistory;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.GpuReading;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.Models;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.Places;
import dev.rackhouse.inference.Problem;
import dev.rackhouse.inference.Saved;
import dev.rackhouse.inference.ServingSecrets;
import dev.rackhouse.inference.deploy.DeployDraft;
import dev.rackhouse.inference.deploy.DeployFacts;
import dev.rackhouse.inference.deploy.DeployModel;
import dev.rackhouse.inference.deploy.DeployReadiness;
import dev.rackhouse.inference.deploy.Deploying;
import dev.rackhouse.inference.deploy.Finding;
import dev.rackhouse.inference.deploy.UpdateModel;
import dev.rackhouse.inference.deploy.UpdateReadiness;
import dev.rackhouse.inference.fit.Fit;
import dev.rackhouse.inference.ui.DeploymentFormState.Next;
import dev.rackhouse.runbook.Start;
import dev.rackhouse.runbook.ui.RunPreview;
import jakarta.annotation.security.PermitAll;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A new deployment, or the change of one: whether it fits while it is typed, what stands in its place when it was looked at, and the
 * plan. Declared ones are changed in their file. {@code ?revision=N} begins with what the deployment once was.
 */
@Route(ServingRoutes.NEW_DEPLOYMENT)
@RouteAlias(ServingRoutes.EDIT_DEPLOYMENT)
@PermitAll
class DeploymentFormView extends Page implements BeforeEnterObserver, HasDynamicTitle {

    private final Deployments deployments;
    private final Models models;
    private final Places places;
    private final Deploying deploying;
    private final DeploymentHistory history;
    private final ServingSecrets secrets;
    private final DeployModel deployModel;
    private final UpdateModel updateModel;
    private final GpuSetupButtons setup;
    private final CurrentOperator operators;
    private final Div fit = new Div();
    private final Div findings = new Div();
    private final Div token = new Div();
    private final Button store = new Button("Store", _ -> store());
    private final Button look = new Button("Look at the place", _ -> look());
    private final Button plan = new Button("Show the plan", _ -> plan());
    private String title = "New deployment";
    private boolean declared;
    private boolean isNew;
    private DeploymentForm form;
    private DeploymentFormPresenter presenter;

    DeploymentFormView(
            Deployments deployments,
            Models models,
            Places places,
            Deploying deploying,
            DeploymentHistory history,
            ServingSecrets secrets,
            DeployModel deployModel,
            UpdateModel updateModel,
            GpuSetupButtons setup,
            CurrentOperator operators) {
        this.deployments = deployments;
        this.models = models;
        this.places = places;
        this.deploying = deploying;
        this.history = history;
        this.secrets = secrets;
        this.deployModel = deployModel;
        this.updateModel = updateModel;
        this.setup = setup;
        this.operators = operators;
        addClassName("serving");
        findings.addClassName("stack");
        plan.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        form = new DeploymentForm(List.of(), List.of(), false, () -> {});
        presenter = new DeploymentFormPresenter(DeployDraft.empty(), rules(), this::show);
    }

    private DeploymentFormPresenter.Rules rules() {
        return new DeploymentFormPresenter.Rules() {
            @Override
            public List<Model> models() {
                return models.list();
            }

            @Override
            public List<Problem> check(Deployment deployment) {
                return deployments.check(deployment);
            }

            @Override
            public Optional<Fit> fit(Deployment deployment) {
                return places.fit(deployment);
            }

            @Override
            public DeployReadiness assess(Deployment deployment, DeployFacts facts) {
                return deploying.assess(deployment, facts);
            }

            @Override
            public UpdateReadiness assessUpdate(Deployment deployment, DeployFacts facts) {
                return deploying.assessUpdate(deployment, facts);
            }
        };
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        removeAll();
        declared = false;
        isNew = false;
        Optional<String> wanted = event.getRouteParameters().get("deployment");
        if (wanted.isEmpty()) {
            isNew = true;
            DeployDraft draft = unfinished();
            open(draft, false);
            if (!draft.equals(DeployDraft.empty())) {
                findings.add(again());
            }
            return;
        }
        title = "Change " + wanted.get();
        Optional<Deployment> known = known(wanted.get());
        Optional<Deployment> old = event.getLocation()
                .getQueryParameters()
                .getSingleParameter("revision")
                .filter(number -> number.matches("\\d{1,15}"))
                .flatMap(number -> history.find(new DeploymentId(wanted.get()), Long.parseLong(number)))
                .flatMap(revision -> Optional.ofNullable(revision.deployment()));
        if (known.isEmpty() && old.isEmpty()) {
            add(
                    new PageHeader("Deployment"),
                    new EmptyState(
                            "There is no such deployment",
                            "It may have been removed.",
                            new Anchor(ServingRoutes.DEPLOYMENTS, "All deployments")));
        } else if (known.isPresent() && known.get().declared()) {
            title = "Deploy " + wanted.get();
            declared = true;
            open(DeployDraft.of(known.get()), true);
        } else {
            open(DeployDraft.of(old.or(() -> known).orElseThrow()), true);
        }
    }

    private Optional<Deployment> known(String name) {
        try {
            return deployments.find(new DeploymentId(name));
        } catch (IllegalArgumentException noName) {
            return Optional.empty();
        }
    }

    /** What somebody has typed for a new one is there again after a way to another page, until it is stored or deployed. */
    private static DeployDraft unfinished() {
        DeployDraft kept = VaadinSession.getCurrent().getAttribute(DeployDraft.class);
        return kept == null ? DeployDraft.empty() : kept;
    }

    private void keep(@Nullable DeployDraft draft) {
        if (isNew) {
            VaadinSession.getCurrent().setAttribute(DeployDraft.class, draft);
        }
    }

    private void open(DeployDraft draft, boolean nameStands) {
        form = new DeploymentForm(models.list(), places.list(), nameStands, this::typed);
        presenter = new DeploymentFormPresenter(draft, rules(), this::show);
        form.write(draft);
        form.getContent().setEnabled(!declared);
        Div buttons = new Div(look, plan, store);
        buttons.addClassName("row");
        add(
                new PageHeader(title)
                        .subtitle(
                                declared
                                        ? "It is declared in the inference file: change it there and restart the console."
                                        : "Storing changes nothing on any machine; the plan shows what would be done."),
                form,
                token,
                fit,
                buttons,
                findings);
        presenter.open();
    }

    private Notice again() {
        return new Notice(
                        Verdict.Level.OK, "What you began is here again", "It was kept while you were on other pages.")
                .actions(new Button("Begin anew", _ -> {
                    keep(null);
                    removeAll();
                    open(DeployDraft.empty(), false);
                }));
    }

    private void typed() {
        presenter.change(_ -> form.read());
        keep(presenter.draft());
    }

    private void show(DeploymentFormState state) {
        boolean mayAct = operators.find().map(o -> o.may(Role.OPERATOR)).orElse(false);
        if (!state.draft().equals(form.read())) {
            form.write(state.draft());
        }
        form.show(state.problems());
        store.setEnabled(mayAct && !declared && state.mayStore());
        look.setEnabled(mayAct && state.mayLook());
        look.setText(state.looking() ? "Looking at the place…" : "Look at the place");
        plan.setEnabled(mayAct && state.next() != null);
        String first =
                state.problems().isEmpty() ? null : state.problems().getFirst().sentence();
        for (Button button : List.of(store, look, plan)) {
            button.setTooltipText(mayAct ? button.isEnabled() ? null : first : "This needs the role operator.");
        }
        if (mayAct && first == null && state.next() == null) {
            plan.setTooltipText("Look at the place first: the plan is made from what stands there.");
        }
        showFit(state);
        showToken(state.draft());
        findings.removeAll();
        state.problems().stream()
                .filter(p -> p.field().isEmpty())
                .map(p -> new Notice(Verdict.Level.ATTENTION, "This cannot be deployed as it is", p.sentence()))
                .forEach(findings::add);
        String failure = state.failure();
        if (failure != null) {
            findings.add(new Notice(Verdict.Level.CRITICAL, "The place could not be looked at", failure));
        }
        if (!state.findings().isEmpty()) {
            findings.add(new Section("What was found", FindingRows.of(state.findings(), onceFor(state.draft()))));
        }
    }

    /** Several findings may want the same; its button stands at the first. */
    private Function<Finding, Optional<Component>> onceFor(DeployDraft draft) {
        Set<Finding.Fix> offered = EnumSet.noneOf(Finding.Fix.class);
        return finding -> finding.fix() == Finding.Fix.PREPARE_GUEST
                        && draft.place() instanceof PlaceRef.InGuest in
                        && offered.add(finding.fix())
                ? Optional.of(setup.of(in.guest()))
                : Optional.empty();
    }

    private void showFit(DeploymentFormState state) {
        fit.removeAll();
        Section section = new Section("Memory").beside(FitShown.badge(state.fit()));
        state.fit()
                .ifPresentOrElse(
                        f -> section.add(VramStack.legend(), FitShown.bars(f), FitShown.sentences(FitShown.words(f))),
                        () -> section.add(FitShown.sentences(
                                List.of("Whether it fits is known when model, place and GPUs are chosen."))));
        fit.add(section);
    }

    /** Only for gated models, and only administrators may give one. */
    private void showToken(DeployDraft draft) {
        boolean gated = models.list().stream().anyMatch(m -> m.id().value().equals(draft.model()) && m.gated());
        boolean there = gated && token.getComponentCount() > 0;
        if (there || !gated) {
            token.setVisible(gated);
            return;
        }
        token.setVisible(true);
        boolean known = secrets.knows(ServingSecrets.HF_TOKEN);
        PasswordField field = new PasswordField("Token of Hugging Face");
        field.setHelperText(known ? "One is stored; a new one replaces it." : "Kept encrypted, shown to nobody.");
        Button keep = new Button("Store the token", _ -> {
            if (!field.isEmpty()) {
                secrets.putHuggingFaceToken(new Secret(field.getValue()));
                field.clear();
                field.setHelperText("One is stored; a new one replaces it.");
                presenter.open();
            }
        });
        keep.setEnabled(operators.find().map(o -> o.may(Role.ADMIN)).orElse(false));
        keep.setTooltipText(keep.isEnabled() ? null : "This needs the role admin.");
        Div row = new Div(field, keep);
        row.addClassName("row");
        token.add(new Span("The publisher of this model wants its licence accepted, and a token."), row);
        token.addClassName("stack");
    }

    private void look() {
        presenter.deployment().ifPresent(asked -> {
            Optional<String> refusal = deploying.refusal(asked);
            if (refusal.isPresent()) {
                Notification.show(refusal.get());
                return;
            }
            UI ui = UI.getCurrent();
            presenter.asking();
            Thread.ofVirtual().name("looks-at-place").start(() -> {
                try {
                    DeployFacts facts = deploying.look(asked);
                    ui.access(() -> seen(asked, facts));
                } catch (RemoteFailure failure) {
                    ui.access(() -> presenter.failed(failure));
                }
            });
        });
    }

    private void seen(Deployment asked, DeployFacts facts) {
        form.seen(
                facts.gpus().stream()
                        .collect(Collectors.toMap(
                                GpuReading::uuid, GpuReading::name, (a, _) -> a, java.util.LinkedHashMap::new)),
                places.find(asked.place()).orElse(null));
        presenter.seen(asked, facts);
    }

    private void plan() {
        Optional<Deployment> deployment = presenter.deployment();
        Next next = presenter.next();
        if (deployment.isEmpty() || next == null) {
            return;
        }
        switch (next) {
            case Next.Deploy(var deploy) ->
                new RunPreview<>(
                                deployModel.outline(deploy),
                                "Deploy " + deploy.container(),
                                null,
                                reason -> begun(deploying.deploy(deployment.get(), deploy, reason)))
                        .open();
            case Next.Update(var update) ->
                new RunPreview<>(
                                updateModel.outline(update),
                                "Update " + update.next().container(),
                                null,
                                reason -> begun(deploying.update(deployment.get(), update, reason)))
                        .open();
        }
    }

    private Optional<Start> begun(Deploying.Asked asked) {
        return switch (asked) {
            case Deploying.Asked.Begun(Start start) -> {
                keep(null);
                yield Optional.of(start);
            }
            case Deploying.Asked.Refused(List<Problem> problems) -> {
                Notification.show(problems.stream().map(Problem::sentence).collect(Collectors.joining(" ")));
                yield Optional.empty();
            }
        };
    }

    private void store() {
        presenter.deployment().ifPresent(deployment -> {
            switch (deployments.put(deployment)) {
                case Saved.Stored _ -> {
                    keep(null);
                    UI.getCurrent().navigate(ServingRoutes.deployment(deployment.id()));
                }
                case Saved.Refused(List<Problem> problems) -> form.show(problems);
            }
        });
    }

    @Override
    public String getPageTitle() {
        return title + " · Rackhouse";
    }
}
