package dev.rackhouse.access.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.contextmenu.MenuItem;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.menubar.MenuBar;
import com.vaadin.flow.component.menubar.MenuBarVariant;
import com.vaadin.flow.spring.security.AuthenticationContext;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.base.ui.ShellItem;

/** Who is signed in, and the way out. */
@org.springframework.stereotype.Component
class PersonMenu implements ShellItem {

    private final CurrentOperator operator;
    private final AuthenticationContext authentication;

    PersonMenu(CurrentOperator operator, AuthenticationContext authentication) {
        this.operator = operator;
        this.authentication = authentication;
    }

    @Override
    public int order() {
        return 90;
    }

    @Override
    public Component create() {
        MenuBar bar = new MenuBar();
        bar.addClassName("person-menu");
        bar.addThemeVariants(MenuBarVariant.LUMO_TERTIARY_INLINE, MenuBarVariant.LUMO_SMALL);
        operator.find().ifPresent(person -> {
            Span name = new Span(person.name());
            name.addClassName("person-name");
            MenuItem menu = bar.addItem(name);
            menu.setAriaLabel(person.name() + ", " + person.role().word());
            menu.getSubMenu()
                    .addItem(
                            "My access (" + person.role().word() + ")",
                            click -> UI.getCurrent().navigate(AccessRoutes.MY_ACCESS));
            menu.getSubMenu().addItem("Sign out", click -> authentication.logout());
        });
        return bar;
    }
}
