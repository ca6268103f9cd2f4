package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.CopyButton;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Facts;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.LaunchSpec;
import dev.rackhouse.inference.Place;
import dev.rackhouse.inference.Places;
import dev.rackhouse.inference.ServingEngine;
import dev.rackhouse.inference.fit.Fit;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.inference.health.LoadPhase;
import dev.rackhouse.inference.live.StandingFeed;
import dev.rackhouse.inference.live.Standings;
import dev.rackhouse.inventory.InventoryFeed;
import jakarta.annotation.security.PermitAll;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One deployment: how it stands and starts, what it makes, what it was started as, on which cards, tuned how, and whether it fits. */
@Route(ServingRoutes.DEPLOYMENT)
@PermitAll
class DeploymentView extends ServingPage implements BeforeEnterObserver, HasDynamicTitle {

    private final Deployments deployments;
    private final Places places;
    private final Standings standings;
    private final Clock clock;
    private String wanted = "";
    private String shown = "";
    private @Nullable EngineLive live;

    DeploymentView(
            Deployments deployments,
            Places places,
            Standings standings,
            StandingFeed engines,
            InventoryFeed feed,
            Clock clock) {
        super(feed);
        this.deployments = deployments;
        this.places = places;
        this.standings = standings;
        this.clock = clock;
        engines.follow(this, this::refresh);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        wanted = event.getRouteParameters().get("deployment").orElse("");
        shown = "";
        changed();
    }

    private Optional<Deployment> deployment() {
        try {
            return deployments.find(new DeploymentId(wanted));
        } catch (IllegalArgumentException noDeployment) {
            return Optional.empty();
        }
    }

    /** The page is made anew only when the deployment, its place or its fit are others. */
    @Override
    public void changed() {
        Optional<Deployment> deployment = deployment();
        List<Place> known = places.list();
        Optional<Fit> fit = deployment.flatMap(d -> places.fit(d, known));
        String standing =
                deployment.map(d -> d + DeploymentsView.place(d, known) + fit).orElse("none");
        if (!standing.equals(shown)) {
            shown = standing;
            removeAll();
            live = null;
            deployment.ifPresentOrElse(
                    d -> show(d, known, fit),
                    () -> add(
                            new PageHeader("Deployment"),
                            new EmptyState(
                                    "There is no such deployment",
                                    "It may have been removed.",
                                    new Anchor(ServingRoutes.DEPLOYMENTS, "All deployments"))));
        }
        refresh();
    }

    private void refresh() {
        EngineLive part = live;
        if (part != null) {
            part.refresh();
        }
    }

    private void show(Deployment d, List<Place> known, Optional<Fit> fit) {
        live = new EngineLive(d, deployments.engine(d.engine()), standings, clock);
        add(
                new PageHeader(d.id().value())
                        .subtitle(
                                d.servedName() + " by " + d.engine().title() + " · " + DeploymentsView.place(d, known)),
                live);
        Div columns = new Div(fit(fit), facts(d), profile(d), engine(d));
        columns.addClassName("columns");
        add(columns, launch(d));
        if (d.declared()) {
            add(new Notice(
                    Verdict.Level.OFF, "Declared in the inference file", "Change it there and restart the console."));
        }
    }

    private static Section fit(Optional<Fit> fit) {
        Section section = new Section("Memory as planned").beside(FitShown.badge(fit));
        fit.ifPresentOrElse(
                f -> section.add(VramStack.legend(), FitShown.bars(f), FitShown.sentences(FitShown.words(f))),
                () -> section.add(FitShown.sentences(List.of("Its place or its cards were not seen yet."))));
        return section;
    }

    private static Section facts(Deployment d) {
        Facts facts = new Facts()
                .fact(
                        "Model",
                        new Anchor(ServingRoutes.model(d.model()), d.model().value()))
                .fact("Files", d.files())
                .code("Image", d.image())
                .code("Model directory", d.modelDirectory())
                .fact("Port", Integer.toString(d.port()));
        d.gpus()
                .forEach(g ->
                        facts.code("GPU", g.uuid() + (g.address() == null ? "" : ", " + g.address() + " on the node")));
        return new Section("Deployment", facts);
    }

    private static Section profile(Deployment d) {
        ServingProfile p = d.profile();
        return new Section(
                "Profile",
                new Facts()
                        .fact("Context", String.format(Locale.ROOT, "%,d tokens", p.contextTokens()))
                        .fact("Requests at once", Integer.toString(p.sequences()))
                        .fact("Utilization", String.format(Locale.ROOT, "%.2f", p.utilization()))
                        .fact("Prefix caching", p.prefixCaching() ? "on" : "off")
                        .fact("Chunked prefill", p.chunkedPrefill() ? "on, " + p.batchTokens() + " tokens" : "off")
                        .fact("Own all-reduce", p.customAllReduce() ? "on" : "off")
                        .fact(
                                "Computes in",
                                p.precision() == ServingProfile.Precision.HALF ? "fp16" : "as the model says")
                        .fact("Keys and values in", p.kvType().name().toLowerCase(Locale.ROOT)));
    }

    private Section engine(Deployment d) {
        ServingEngine engine = deployments.engine(d.engine());
        ServingEngine.Endpoints at = engine.endpoints();
        return new Section(
                d.engine().title(),
                new Facts()
                        .code("Health", at.health())
                        .code("Metrics", at.metrics() == null ? "none" : at.metrics())
                        .code("Serves now", at.served())
                        .fact(
                                "A start",
                                engine.phases().stream().map(LoadPhase::word).collect(Collectors.joining(", "))));
    }

    private Section launch(Deployment d) {
        Section section = new Section("Started as");
        Optional<LaunchSpec> spec = deployments.launch(d);
        spec.ifPresentOrElse(
                s -> {
                    Pre line = new Pre(s.commandLine());
                    line.addClassName("command");
                    section.beside(new CopyButton("Copy", s::commandLine));
                    section.add(line);
                },
                () -> section.add(
                        FitShown.sentences(List.of("Its model or its files are not in the registry any more."))));
        return section;
    }

    @Override
    public String getPageTitle() {
        return (wanted.isEmpty() ? "Deployment" : wanted) + " · Rackhouse";
    }
}
