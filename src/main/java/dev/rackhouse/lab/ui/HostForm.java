package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import dev.rackhouse.base.ui.Facts;
import dev.rackhouse.ssh.HostKey;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One host: where it is, whom to sign in as, and its key, looked at and then pinned. */
class HostForm extends Div {

    /**
     * What was entered.
     *
     * @param jump null for directly
     */
    record Entered(
            String node,
            String address,
            int port,
            String user,
            @Nullable String jump) {}

    private static final String DIRECTLY = "directly";

    private final TextField node = new TextField("Name it has itself");
    private final TextField address = new TextField("Address");
    private final IntegerField port = new IntegerField("Port");
    private final TextField user = new TextField("User");
    private final Select<String> jump = new Select<>();
    private final Div answer = new Div();

    /**
     * @param look asks for the host key; blocks
     * @param pin takes the host with the key that was shown; called on the UI thread
     */
    HostForm(List<String> jumps, Function<Entered, HostKey> look, BiConsumer<Entered, HostKey> pin) {
        addClassNames("stack", "lab-host-form");
        node.setHelperText("For a node of Proxmox: the node's name");
        port.setValue(22);
        port.setMin(1);
        port.setMax(65_535);
        user.setValue("root");
        jump.setLabel("Reached");
        List<String> ways = new java.util.ArrayList<>(List.of(DIRECTLY));
        ways.addAll(jumps);
        jump.setItems(ways);
        jump.setItemLabelGenerator(way -> DIRECTLY.equals(way) ? DIRECTLY : "through " + way);
        jump.setValue(DIRECTLY);
        Div fields = new Div(node, address, port, user, jump);
        fields.addClassNames("row", "lab-fields");
        Button looking = new Button("Look at the host key");
        looking.addClickListener(click -> {
            Entered entered = entered();
            answer.removeAll();
            Background.run(looking, () -> look.apply(entered), key -> shown(entered, key, pin), this::failed);
        });
        add(fields, looking, answer);
    }

    void fill(Entered entered) {
        node.setValue(entered.node());
        address.setValue(entered.address());
        port.setValue(entered.port());
        user.setValue(entered.user());
        String way = entered.jump();
        jump.setValue(way == null ? DIRECTLY : way);
        answer.removeAll();
    }

    private Entered entered() {
        Integer number = port.getValue();
        return new Entered(
                node.getValue().strip(),
                address.getValue().strip(),
                number == null ? 0 : number,
                user.getValue().strip(),
                DIRECTLY.equals(jump.getValue()) ? null : jump.getValue());
    }

    private void shown(Entered entered, HostKey key, BiConsumer<Entered, HostKey> pin) {
        Button accept = new Button("Pin this key for " + entered.node(), click -> {
            try {
                pin.accept(entered, key);
                answer.removeAll();
            } catch (RuntimeException e) {
                failed(e);
            }
        });
        accept.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        Div card = new Div(
                new Facts()
                        .code("Host key", key.toString())
                        .code("Compare with", "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"),
                accept);
        card.addClassName("card");
        answer.removeAll();
        answer.add(card);
    }

    private void failed(RuntimeException e) {
        answer.removeAll();
        answer.add(Problems.notice(e));
    }
}
