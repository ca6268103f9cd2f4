package dev.rackhouse.base.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.notification.Notification;
import java.util.function.Supplier;

/** Copies a text to the clipboard. The text is asked for when the button is pressed. Redacting it is the business of who supplies it. */
public class CopyButton extends Button {

    public CopyButton(String caption, Supplier<String> text) {
        super(caption);
        addThemeVariants(ButtonVariant.LUMO_SMALL, ButtonVariant.LUMO_TERTIARY);
        addClickListener(click -> {
            getElement().executeJs("window.rackhouse.copy($0)", text.get());
            Notification.show("Copied", 1500, Notification.Position.BOTTOM_START);
        });
    }
}
