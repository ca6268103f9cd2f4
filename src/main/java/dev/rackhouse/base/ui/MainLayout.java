package dev.rackhouse.base.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.HasElement;
import com.vaadin.flow.component.dependency.JsModule;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Header;
import com.vaadin.flow.component.html.Main;
import com.vaadin.flow.component.html.NativeButton;
import com.vaadin.flow.component.html.Nav;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.AfterNavigationEvent;
import com.vaadin.flow.router.AfterNavigationObserver;
import com.vaadin.flow.router.Layout;
import com.vaadin.flow.router.RouterLayout;
import com.vaadin.flow.spring.security.AuthenticationContext;
import jakarta.annotation.security.PermitAll;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** The shell around every page of a person who is signed in: one bar with where one can go, search, and who one is. */
@Layout
@JsModule("context://ui/shell.js")
@PermitAll
public class MainLayout extends Div implements RouterLayout, AfterNavigationObserver {

    private final Main content = new Main();
    private final List<Anchor> links = new ArrayList<>();
    private final Map<String, String> places;

    MainLayout(
            ObjectProvider<NavEntry> entries,
            ObjectProvider<NavPlace> places,
            ObjectProvider<ShellItem> items,
            ObjectProvider<SearchSource> sources,
            AuthenticationContext authentication) {
        this.places = places.stream().collect(Collectors.toMap(NavPlace::path, NavPlace::entry));
        addClassName("shell");
        content.addClassName("shell-main");
        add(bar(entries, items, sources, authentication), content);
    }

    private Header bar(
            ObjectProvider<NavEntry> entries,
            ObjectProvider<ShellItem> items,
            ObjectProvider<SearchSource> sources,
            AuthenticationContext authentication) {
        Anchor brand = new Anchor("", "rackhouse");
        brand.addClassName("shell-brand");
        Nav nav = new Nav();
        nav.addClassName("shell-nav");
        entries.stream()
                .filter(e -> e.roles().isEmpty() || e.roles().stream().anyMatch(authentication::hasRole))
                .sorted(Comparator.comparingInt(NavEntry::order))
                .forEach(entry -> {
                    Anchor link = new Anchor(entry.path(), entry.title());
                    links.add(link);
                    nav.add(link);
                });
        Div tools = new Div();
        tools.addClassName("shell-tools");
        tools.add(searchButton(sources));
        items.stream()
                .sorted(Comparator.comparingInt(ShellItem::order))
                .map(ShellItem::create)
                .forEach(tools::add);
        tools.add(themeButton(), menuButton());
        Header bar = new Header(brand, nav, tools);
        bar.addClassName("shell-bar");
        return bar;
    }

    private static Component searchButton(ObjectProvider<SearchSource> sources) {
        NativeButton button = new NativeButton();
        button.addClassNames("shell-button", "shell-search");
        Span keys = new Span("Ctrl K");
        keys.addClassNames("small", "faint", "wide-only");
        button.add(new Glyph(Glyph.Kind.SEARCH), keys);
        button.getElement().setAttribute("aria-label", "Search");
        button.addClickListener(click -> new SearchPalette(sources.stream().toList()).open());
        return button;
    }

    private static Component themeButton() {
        NativeButton button = new NativeButton();
        button.addClassNames("shell-button", "wide-only");
        button.add(new Glyph(Glyph.Kind.THEME));
        button.getElement().setAttribute("aria-label", "Dark, light, or as the system");
        button.setTitle("Dark, light, or as the system");
        button.getElement().executeJs("this.addEventListener('click', () => window.rackhouse.nextTheme())");
        return button;
    }

    private static Component menuButton() {
        NativeButton button = new NativeButton();
        button.addClassNames("shell-button", "shell-menu-button");
        button.add(new Glyph(Glyph.Kind.MENU));
        button.getElement().setAttribute("aria-label", "Menu");
        return button;
    }

    @Override
    public void showRouterLayoutContent(@Nullable HasElement view) {
        content.getElement().removeAllChildren();
        if (view != null) {
            content.getElement().appendChild(view.getElement());
        }
    }

    @Override
    public void afterNavigation(AfterNavigationEvent event) {
        String path = event.getLocation().getPath();
        String under = places.getOrDefault(event.getLocation().getFirstSegment(), path);
        for (Anchor link : links) {
            String target = link.getHref();
            boolean here = target.equals(under) || (!target.isEmpty() && under.startsWith(target + "/"));
            if (here) {
                link.getElement().setAttribute("aria-current", "page");
            } else {
                link.getElement().removeAttribute("aria-current");
            }
        }
    }
}
