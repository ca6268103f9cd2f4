package dev.rackhouse.access.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.spring.security.AuthenticationContext;
import dev.rackhouse.access.signin.ConsoleUser;
import dev.rackhouse.access.signin.SignInSettings;
import dev.rackhouse.base.ui.ShellItem;

/** Loud on every page: somebody is in by the emergency sign-in; and for admins, that it is switched on at all. */
@org.springframework.stereotype.Component
class EmergencyBanner implements ShellItem {

    private final SignInSettings settings;
    private final AuthenticationContext authentication;

    EmergencyBanner(SignInSettings settings, AuthenticationContext authentication) {
        this.settings = settings;
        this.authentication = authentication;
    }

    @Override
    public int order() {
        return 1;
    }

    @Override
    public Component create() {
        Span banner = new Span();
        banner.addClassName("emergency-banner");
        banner.getElement().setAttribute("role", "alert");
        boolean throughProvider = ConsoleUser.current().isPresent();
        if (settings.emergency().enabled() && !throughProvider) {
            banner.setText("Emergency access: you are signed in without the provider, and everything is recorded");
        } else if (settings.emergency().enabled() && authentication.hasRole("ADMIN")) {
            banner.setText("The emergency sign-in is switched on");
        } else {
            banner.setVisible(false);
        }
        return banner;
    }
}
