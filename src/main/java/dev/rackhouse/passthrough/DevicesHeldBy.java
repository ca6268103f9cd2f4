package dev.rackhouse.passthrough;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.DeviceUse;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.ProbeReport;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * The output of the probe shows that a VM runs and its process holds the functions, bound to vfio-pci; or that it holds none of
 * them. Needs nothing inside the guest.
 */
@Component
class DevicesHeldBy implements NamedCondition {

    static final String NAME = "devices-held-by";

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
        List<PciAddress> addresses = java.util.Arrays.stream(
                        arguments.getOrDefault("devices", "").strip().split("\\s+"))
                .filter(PciAddress::isAddress)
                .map(PciAddress::parse)
                .toList();
        String number = arguments.getOrDefault("vmid", "");
        if (addresses.isEmpty() || !number.matches("[1-9][0-9]{2,8}")) {
            return Judgement.unknown("the plan names no device or no guest");
        }
        VmId vmid = new VmId(Integer.parseInt(number));
        boolean wanted = arguments.getOrDefault("held", "1").equals("1");
        for (PciAddress address : addresses) {
            Optional<VmId> holder = DeviceUse.holder(facts, address).map(DeviceUse.Holder::vmid);
            boolean holds = holder.isPresent() && holder.get().equals(vmid);
            if (holds != wanted) {
                return Judgement.fails("%s is held by %s"
                        .formatted(address, holder.map(h -> "VM " + h).orElse("no guest")));
            }
            String driver = facts.function(address).map(f -> f.driver()).orElse(null);
            if (wanted && !"vfio-pci".equals(driver)) {
                return Judgement.fails(address + " has the driver " + (driver == null ? "none" : driver));
            }
        }
        return Judgement.holds("VM %s holds %s %s".formatted(vmid, wanted ? "" : "none of", addresses));
    }
}
