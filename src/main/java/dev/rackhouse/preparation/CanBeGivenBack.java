package dev.rackhouse.preparation;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.DeviceUse;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.ProbeReport;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The probe shows the planned functions with their ids on vfio-pci, and no guest has one. */
@Component
class CanBeGivenBack implements NamedCondition {

    static final String NAME = "can-be-given-back";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        return switch (ProbeReport.parse(answer.text())) {
            case ProbeReport.Discarded(var reason, String sentence) -> Judgement.unknown(sentence);
            case ProbeReport.Complete(HostFacts facts) -> judge(arguments.getOrDefault("functions", ""), facts);
        };
    }

    private static Judgement judge(String functions, HostFacts facts) {
        for (String planned : Lines.words(functions)) {
            String[] parts = planned.split("=", 2);
            if (parts.length < 2 || !PciAddress.isAddress(parts[0])) {
                return Judgement.unknown("the plan names no device: " + planned);
            }
            Optional<PciFunction> found = facts.function(PciAddress.parse(parts[0]));
            if (found.isEmpty() || !found.get().ids().equals(parts[1])) {
                return Judgement.fails("at " + parts[0] + " is "
                        + found.map(PciFunction::ids).orElse("nothing") + " now, planned was " + parts[1]);
            }
            if (!"vfio-pci".equals(found.get().driver())) {
                return Judgement.fails(parts[0] + " is not on vfio-pci any more");
            }
            Optional<DeviceUse.Holder> holder =
                    DeviceUse.holder(facts, found.get().address());
            if (holder.isPresent()) {
                return Judgement.fails("guest " + holder.get().vmid() + " has " + parts[0]);
            }
            Optional<DeviceUse.Holder> mate = GiveBackReadiness.groupHolder(facts, found.get());
            if (mate.isPresent()) {
                return Judgement.fails(
                        "guest " + mate.get().vmid() + " has a device of the IOMMU group of " + parts[0]);
            }
        }
        return Judgement.holds("no guest has it");
    }
}
