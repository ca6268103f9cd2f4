package dev.rackhouse.base.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import java.util.function.Supplier;

/** Saves a text as a file in the browser. The text is made when the button is pressed. */
public class DownloadButton extends Button {

    /** @param type the media type: {@code text/markdown} */
    public DownloadButton(String caption, String fileName, String type, Supplier<String> text) {
        super(caption);
        addThemeVariants(ButtonVariant.LUMO_SMALL, ButtonVariant.LUMO_TERTIARY);
        addClickListener(
                click -> getElement().executeJs("window.rackhouse.download($0, $1, $2)", fileName, type, text.get()));
    }
}
