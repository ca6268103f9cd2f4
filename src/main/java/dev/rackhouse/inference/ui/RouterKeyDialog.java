package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.PasswordField;
import dev.rackhouse.base.Secret;
import dev.rackhouse.inference.Problem;
import dev.rackhouse.inference.Router;
import dev.rackhouse.inference.Saved;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A key for a router; what was stored before is replaced, and nothing is ever shown. */
class RouterKeyDialog extends Dialog {

    /** @param keep stores it, or says why not */
    RouterKeyDialog(Router router, Function<Secret, Saved> keep, Runnable kept) {
        setHeaderTitle("Key of " + router.name());
        setMaxWidth("min(560px, 94vw)");
        PasswordField key = new PasswordField("Key");
        key.setHelperText("Kept encrypted, shown to nobody. A new one replaces the one before.");
        key.setRevealButtonVisible(false);
        key.setWidthFull();
        Button go = new Button("Store the key", _ -> {
            switch (keep.apply(new Secret(key.getValue().strip()))) {
                case Saved.Stored _ -> {
                    close();
                    kept.run();
                }
                case Saved.Refused refused -> {
                    key.setInvalid(true);
                    key.setErrorMessage(
                            refused.problems().stream().map(Problem::sentence).collect(Collectors.joining(" ")));
                }
            }
        });
        go.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        Paragraph what = new Paragraph(
                switch (router.kind()) {
                    case LITELLM ->
                        "LiteLLM's master key, or one of an administrator of LiteLLM: it has to read and to change models.";
                    case LLAMA_SWAP ->
                        "One of the apiKeys of llama-swap's configuration. Without apiKeys it wants none.";
                    case RACKHOUSE, TRAEFIK_FILE -> "It is sent as bearer with every request to " + router.name() + ".";
                });
        what.addClassName("muted");
        Div content = new Div(what, key);
        content.addClassName("stack");
        add(content);
        getFooter().add(new Button("Back", _ -> close()), go);
    }
}
