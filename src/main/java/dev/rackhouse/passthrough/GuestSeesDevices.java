package dev.rackhouse.passthrough;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** The guest lists each planned function, as often as it is planned and not more often. */
@Component
class GuestSeesDevices implements NamedCondition {

    static final String NAME = "guest-sees-devices";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        if (!answer.succeeded()) {
            return Judgement.fails("the guest could not list its devices (exit code " + answer.status() + ")");
        }
        List<String> planned =
                List.of(arguments.getOrDefault("devices", "").strip().split("\\s+"));
        List<String> seen = answer.text()
                .lines()
                .map(l -> l.strip().toLowerCase(Locale.ROOT))
                .filter(l -> l.matches("[0-9a-f:.]+ [0-9a-f]{4}:[0-9a-f]{4}"))
                .map(l -> l.substring(l.lastIndexOf(' ') + 1))
                .toList();
        for (String ids : new TreeSet<>(planned)) {
            int wanted = Collections.frequency(planned, ids);
            int found = Collections.frequency(seen, ids);
            if (wanted != found) {
                return Judgement.fails("the guest sees %s %d times, planned %d times".formatted(ids, found, wanted));
            }
        }
        return Judgement.holds("the guest sees " + String.join(", ", planned));
    }
}
