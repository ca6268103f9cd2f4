package dev.rackhouse.passthrough;

import dev.rackhouse.proxmox.HostPci;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Options of a guest's configuration have these values; an empty value means that the option is not set. The arguments are the
 * options. Proxmox gives the keys inside a device's value back in another order, so their parts are compared.
 */
@Component
class GuestOptionsAre implements NamedCondition {

    static final String NAME = "guest-options-are";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        JsonNode config = answer.succeeded() ? answer.json().orElse(null) : null;
        if (config == null || !config.isObject()) {
            return answer.saysAbsent()
                    ? Judgement.fails("the guest is not there")
                    : Judgement.unknown("the guest's configuration could not be read");
        }
        for (Map.Entry<String, String> wanted : arguments.entrySet()) {
            JsonNode node = config.get(wanted.getKey());
            String is = node == null || node.isNull() ? "" : node.asString("");
            if (!same(wanted.getKey(), wanted.getValue(), is)) {
                return Judgement.fails(
                        "%s is %s, not %s".formatted(wanted.getKey(), shown(is), shown(wanted.getValue())));
            }
        }
        return Judgement.holds(String.join(", ", new TreeSet<>(arguments.keySet())) + " as planned");
    }

    static boolean same(String key, String wanted, String is) {
        if (wanted.equals(is) || wanted.isEmpty() || is.isEmpty() || !key.startsWith("hostpci")) {
            return wanted.equals(is);
        }
        try {
            return HostPci.parse(wanted).equals(HostPci.parse(is));
        } catch (IllegalArgumentException notReadable) {
            return false;
        }
    }

    private static String shown(String value) {
        return value.isEmpty() ? "not set" : "\"" + value + "\"";
    }
}
