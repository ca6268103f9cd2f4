package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Pre;
import dev.rackhouse.base.ui.CopyButton;
import java.util.List;

/** Lines to paste into a shell, with a button that copies them. */
class Commands extends Div {

    Commands(List<String> lines) {
        addClassNames("stack", "lab-commands");
        String text = String.join("\n", lines);
        Pre pre = new Pre(text);
        pre.addClassName("command");
        add(pre, new CopyButton("Copy", () -> text));
    }
}
