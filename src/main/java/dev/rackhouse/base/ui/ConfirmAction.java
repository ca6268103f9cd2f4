package dev.rackhouse.base.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import org.jspecify.annotations.Nullable;

/** Asks before something is done: the verb on the button says what happens. Where data can be lost, the name must be typed. */
public class ConfirmAction extends Dialog {

    public ConfirmAction(String title, String consequence, String verb, Runnable action) {
        this(title, consequence, verb, null, action);
    }

    /** @param typedName what must be typed before the button works; null: nothing */
    public ConfirmAction(String title, String consequence, String verb, @Nullable String typedName, Runnable action) {
        setHeaderTitle(title);
        add(new Paragraph(consequence));
        Button go = new Button(verb, click -> {
            close();
            action.run();
        });
        go.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        Button back = new Button("Back", click -> close());
        if (typedName != null) {
            go.addThemeVariants(ButtonVariant.LUMO_ERROR);
            go.setEnabled(false);
            TextField name = new TextField("Type " + typedName + " to go on");
            name.setWidthFull();
            name.setValueChangeMode(ValueChangeMode.EAGER);
            name.addValueChangeListener(
                    change -> go.setEnabled(typedName.equals(change.getValue().strip())));
            add(name);
        }
        getFooter().add(back, go);
        setMaxWidth("min(560px, 94vw)");
    }
}
