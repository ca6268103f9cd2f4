package dev.rackhouse.renumbering;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Proxmox's own comparison of mappings with a node's hardware finds no error in the named ones. */
@Component
class MappingsFitHardware implements NamedCondition {

    static final String NAME = "mappings-fit-hardware";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        JsonNode rows = answer.succeeded() ? answer.json().orElse(null) : null;
        if (rows == null || !rows.isArray()) {
            return Judgement.unknown("the mappings could not be read: " + answer.error());
        }
        List<String> wanted =
                List.of(arguments.getOrDefault("mappings", "").strip().split("\\s+"));
        List<String> wrong = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (JsonNode row : rows) {
            String id = row.path("id").asString("");
            if (wanted.contains(id)) {
                seen.add(id);
                row.path("checks")
                        .valueStream()
                        .filter(c -> c.path("severity").asString("").equals("error"))
                        .forEach(c -> wrong.add(
                                id + ": " + c.path("message").asString("").strip()));
            }
        }
        if (!seen.containsAll(wanted)) {
            return Judgement.fails("some of the mappings are not there");
        }
        return wrong.isEmpty()
                ? Judgement.holds(String.join(", ", wanted) + " fit the hardware")
                : Judgement.fails(String.join("; ", wrong));
    }
}
