package dev.rackhouse.access.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.dependency.JsModule;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H1;
import com.vaadin.flow.component.html.Main;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.login.LoginForm;
import com.vaadin.flow.component.login.LoginI18n;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.server.VaadinSession;
import com.vaadin.flow.server.auth.AnonymousAllowed;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.signin.Provider;
import dev.rackhouse.access.signin.SignInProblem;
import dev.rackhouse.access.signin.SignInSettings;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.Notice;
import java.util.Optional;

/** The door: one button to the provider, what was wrong the last time, and the emergency form when it is switched on. */
@Route(value = AccessRoutes.SIGN_IN, autoLayout = false)
@PageTitle("Sign in · Rackhouse")
@AnonymousAllowed
@JsModule("context://ui/shell.js")
class LoginView extends Main implements BeforeEnterObserver {

    private final Provider provider;
    private final SignInSettings settings;
    private final CurrentOperator operator;

    LoginView(Provider provider, SignInSettings settings, CurrentOperator operator) {
        this.provider = provider;
        this.settings = settings;
        this.operator = operator;
        addClassName("sign-in");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        if (operator.find().isPresent()) {
            event.forwardTo("");
            return;
        }
        boolean problem =
                event.getLocation().getQueryParameters().getParameters().containsKey("problem");
        removeAll();
        Div card = new Div();
        card.addClassNames("card", "sign-in-card");
        Span brand = new Span("rackhouse");
        brand.addClassName("shell-brand");
        card.add(brand, new H1("Sign in"));
        if (problem) {
            card.add(lastProblem()
                    .map(this::notice)
                    .orElseGet(() -> notice(
                            new SignInProblem("Signing in did not work.", "Try again; the audit has the cause."))));
        }
        switch (provider.state()) {
            case Provider.State.Ready ready -> card.add(toProvider("Sign in with " + provider.name()));
            case Provider.State.Unavailable down -> {
                card.add(new Notice(Verdict.Level.ATTENTION, "The provider cannot be used now", down.sentence()));
                card.add(toProvider("Try again with " + provider.name()));
            }
        }
        if (settings.emergency().enabled()) {
            card.add(emergency());
        }
        add(card);
    }

    private Component notice(SignInProblem problem) {
        return new Notice(Verdict.Level.CRITICAL, problem.title(), problem.advice());
    }

    private static Optional<SignInProblem> lastProblem() {
        return Optional.ofNullable(VaadinSession.getCurrent())
                .map(VaadinSession::getSession)
                .map(session -> session.getAttribute(SignInProblem.ATTRIBUTE))
                .map(SignInProblem.class::cast);
    }

    private static Component toProvider(String caption) {
        Anchor link = new Anchor(AccessRoutes.TO_PROVIDER, caption);
        link.setRouterIgnore(true);
        link.addClassName("sign-in-button");
        return link;
    }

    private static Component emergency() {
        LoginI18n words = LoginI18n.createDefault();
        words.getForm().setTitle("");
        words.getForm().setUsername("Name");
        words.getForm().setSubmit("Sign in as the emergency user");
        LoginForm form = new LoginForm(words);
        form.setAction(AccessRoutes.EMERGENCY);
        form.setForgotPasswordButtonVisible(false);
        Details details = new Details(
                "Emergency sign-in",
                new Paragraph(
                        "For when the provider is down. Every attempt is recorded, and a banner stays on every page."),
                form);
        details.addClassName("sign-in-emergency");
        return details;
    }
}
