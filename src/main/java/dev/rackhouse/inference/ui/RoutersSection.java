package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.Text;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.base.ui.TimeLabel;
import dev.rackhouse.inference.Router;
import dev.rackhouse.inference.ServingSecrets;
import dev.rackhouse.inference.ServingSecrets.Kept;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What stands between clients and engines, a line each, and whether the console has the keys for it. */
class RoutersSection extends Section {

    private final ServingSecrets secrets;
    private final boolean mayStoreKeys;
    private final Runnable changed;

    /** @param where a router stands, as shown */
    RoutersSection(
            List<Router> routers,
            Function<Router, String> where,
            ServingSecrets secrets,
            boolean mayStoreKeys,
            Runnable changed) {
        super("Routers");
        this.secrets = secrets;
        this.mayStoreKeys = mayStoreKeys;
        this.changed = changed;
        Div list = new Div();
        list.addClassName("stack");
        routers.forEach(router -> list.add(line(router, where.apply(router))));
        add(list);
    }

    private Div line(Router router, String where) {
        Span name = new Span(router.name());
        name.addClassName("strong");
        Div line = new Div(
                name,
                new Span(router.kind().title() + " at " + where + ", told by port " + router.port()
                        + ", asked by clients at port " + router.clients()));
        line.addClassName("row");
        if (router.kind().takesKey()) {
            key(line, router, secrets.keptRouterKey(router.name()));
        }
        return line;
    }

    private void key(Div line, Router router, Optional<Kept> kept) {
        kept.ifPresentOrElse(
                key -> line.add(state(key)),
                () -> line.add(
                        router.kind().needsKey()
                                ? StatusBadge.of("attention", "no key")
                                : StatusBadge.of("off", "no key")));
        Button store = new Button(
                kept.isPresent() ? "Replace its key…" : "Store its key…",
                _ -> new RouterKeyDialog(router, key -> secrets.putRouterKey(router.name(), key), changed).open());
        boolean declared = kept.filter(Kept::declared).isPresent();
        store.setEnabled(mayStoreKeys && !declared);
        if (!store.isEnabled()) {
            store.setTooltipText(
                    declared ? "The inference file says where it comes from." : "This needs the role admin.");
        }
        line.add(store);
    }

    private static Span state(Kept key) {
        Span state = key.declared()
                ? new Span(new Text("key from the inference file, since "), new TimeLabel(key.changedAt()))
                : new Span(new Text("key of " + key.changedBy() + ", since "), new TimeLabel(key.changedAt()));
        state.addClassNames("small", "muted");
        return state;
    }
}
