package dev.rackhouse.renumbering;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.ProbeReport;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The output of the probe shows each function at its address with its ids. */
@Component
class DevicesStandAt implements NamedCondition {

    static final String NAME = "devices-stand-at";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        return switch (ProbeReport.parse(answer.text())) {
            case ProbeReport.Discarded(var reason, String sentence) -> Judgement.unknown(sentence);
            case ProbeReport.Complete(HostFacts facts) -> judge(arguments, facts);
        };
    }

    private static Judgement judge(Map<String, String> arguments, HostFacts facts) {
        for (String device : arguments.getOrDefault("devices", "").strip().split("\\s+")) {
            String[] parts = device.split("=", 2);
            if (parts.length != 2 || !PciAddress.isAddress(parts[0])) {
                return Judgement.unknown("the plan names no device");
            }
            String ids =
                    facts.function(PciAddress.parse(parts[0])).map(f -> f.ids()).orElse("nothing");
            if (!ids.equals(parts[1])) {
                return Judgement.fails("at %s is %s, planned was %s".formatted(parts[0], ids, parts[1]));
            }
        }
        return Judgement.holds("all devices are where the plan says");
    }
}
