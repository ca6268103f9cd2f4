package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.combobox.ComboBox;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.NodeView;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Chooses one of the nodes by typing or by arrow keys. */
class NodeChooser extends ComboBox<NodeView> {

    NodeChooser(Consumer<NodeRef> chosen) {
        setAriaLabel("Node");
        setPlaceholder("Node");
        setItemLabelGenerator(n -> n.name() + " · " + n.labName()
                + (n.gpus() > 0 ? " · " + n.gpus() + " GPU" + (n.gpus() > 1 ? "s" : "") : ""));
        addValueChangeListener(change -> {
            NodeView node = change.getValue();
            if (change.isFromClient() && node != null) {
                chosen.accept(node.ref());
            }
        });
    }

    /** Offers these, with this one chosen. */
    void offer(List<NodeView> nodes, @Nullable NodeRef now) {
        setItems(nodes);
        nodes.stream().filter(n -> n.ref().equals(now)).findFirst().ifPresent(this::setValue);
    }
}
