package dev.rackhouse.passthrough;

import dev.rackhouse.proxmox.PciMapping;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** A resource mapping has exactly this one entry for a node. Proxmox gives the keys back in another order, so values are compared. */
@Component
class MappingStandsFor implements NamedCondition {

    static final String NAME = "mapping-stands-for";

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
        JsonNode map = answer.at("/map").orElse(null);
        List<PciMapping> here = map == null
                ? List.of()
                : map.valueStream()
                        .flatMap(entry -> PciMapping.find(entry.asString("")).stream())
                        .filter(entry -> entry.node().equals(arguments.get("node")))
                        .toList();
        if (here.size() != 1) {
            return Judgement.fails("the mapping has " + here.size() + " entries for " + arguments.get("node"));
        }
        PciMapping entry = here.getFirst();
        boolean same = entry.path().equals(arguments.get("path"))
                && entry.id().equalsIgnoreCase(arguments.getOrDefault("id", ""))
                && Objects.requireNonNullElse(entry.subsystemId(), "")
                        .equalsIgnoreCase(arguments.getOrDefault("subsystem", ""))
                && (entry.iommuGroup() == null ? "" : entry.iommuGroup().toString())
                        .equals(arguments.getOrDefault("group", ""));
        return Judgement.of(same, "the mapping stands for " + entry.print());
    }
}
