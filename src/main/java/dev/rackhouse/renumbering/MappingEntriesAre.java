package dev.rackhouse.renumbering;

import dev.rackhouse.proxmox.PciMapping;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** A resource mapping has exactly these entries, in any order of entries and of keys. */
@Component
class MappingEntriesAre implements NamedCondition {

    static final String NAME = "mapping-entries-are";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        if (!answer.succeeded()) {
            return answer.saysAbsent()
                    ? Judgement.fails("there is no such mapping")
                    : Judgement.unknown("the mapping could not be read: " + answer.error());
        }
        Optional<JsonNode> map = answer.at("/map");
        List<String> is = sorted(map.stream().flatMap(JsonNode::valueStream).map(n -> n.asString("")));
        List<String> wanted = sorted(arguments.getOrDefault("entries", "").lines());
        return Judgement.of(is.equals(wanted), "the mapping stands for " + String.join(" and ", is));
    }

    private static List<String> sorted(Stream<String> entries) {
        return entries.map(t -> PciMapping.find(t).map(PciMapping::print).orElse(t))
                .sorted()
                .toList();
    }
}
