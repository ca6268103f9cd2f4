package dev.rackhouse.passthrough;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** A VM has no other disk than those named: one that somebody added later must not go with it. */
@Component
class OnlyTheseDisks implements NamedCondition {

    static final String NAME = "only-these-disks";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        JsonNode config = answer.succeeded() ? answer.json().orElse(null) : null;
        if (config == null || !config.isObject()) {
            return answer.saysAbsent()
                    ? Judgement.fails("the VM is not there")
                    : Judgement.unknown("the VM's configuration could not be read");
        }
        List<String> ours = List.of(arguments.getOrDefault("disks", "").strip().split("\\s+"));
        List<String> foreign = new ArrayList<>();
        for (Map.Entry<String, JsonNode> option : config.properties()) {
            String key = Objects.requireNonNull(option.getKey());
            String value = option.getValue().asString("");
            boolean disk = key.matches("(scsi|virtio|sata|ide|efidisk|tpmstate|unused)[0-9]+");
            if (disk && !ours.contains(key) && !value.contains("media=cdrom") && !value.startsWith("none")) {
                foreign.add(key + " (" + value.replaceAll(",.*", "") + ")");
            }
        }
        return foreign.isEmpty()
                ? Judgement.holds("the VM has no other disks")
                : Judgement.fails(
                        "the VM got more disks since: " + String.join(", ", foreign) + ". Detach them first.");
    }
}
