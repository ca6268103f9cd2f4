package dev.rackhouse.base.ui;

import com.vaadin.flow.component.dependency.JsModule;
import com.vaadin.flow.component.dependency.StyleSheet;
import com.vaadin.flow.component.page.AppShellConfigurator;
import com.vaadin.flow.component.page.ColorScheme;
import com.vaadin.flow.component.page.Push;
import com.vaadin.flow.component.page.Viewport;
import com.vaadin.flow.server.AppShellSettings;
import com.vaadin.flow.theme.lumo.Lumo;

/** What every page of the console loads: the theme, our tokens, live updates over WebSocket. */
@Push
@ColorScheme(ColorScheme.Value.DARK)
@Viewport("width=device-width, initial-scale=1")
@StyleSheet(Lumo.STYLESHEET)
@StyleSheet("context://ui/rackhouse.css")
@StyleSheet("context://ui/access.css")
@StyleSheet("context://ui/dashboard.css")
@StyleSheet("context://ui/guest.css")
@StyleSheet("context://ui/inference.css")
@StyleSheet("context://ui/inventory.css")
@StyleSheet("context://ui/lab.css")
@StyleSheet("context://ui/passthrough.css")
@StyleSheet("context://ui/renumbering.css")
@StyleSheet("context://ui/runbook.css")
@JsModule("context://ui/shell.js")
public class RackhouseShell implements AppShellConfigurator {

    @Override
    public void configurePage(AppShellSettings settings) {
        settings.addFavIcon("icon", "ui/glyphs/favicon.svg", "any");
    }
}
