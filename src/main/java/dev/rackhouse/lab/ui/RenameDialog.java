package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.textfield.TextField;
import dev.rackhouse.lab.LabDraft;
import java.util.function.Consumer;

/** A new name for a lab. */
class RenameDialog extends Dialog {

    RenameDialog(String now, Consumer<String> rename) {
        setHeaderTitle("Rename " + now);
        TextField name = new TextField("Name");
        name.setValue(now);
        name.setMaxLength(60);
        add(name);
        Button go = new Button("Rename", click -> {
            try {
                String clean = LabDraft.checkedName(name.getValue());
                close();
                rename.accept(clean);
            } catch (IllegalArgumentException e) {
                name.setInvalid(true);
                name.setErrorMessage(Problems.sentence(e));
            }
        });
        go.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        getFooter().add(new Button("Back", click -> close()), go);
    }
}
