package dev.rackhouse.passthrough;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.ProbeReport;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * The output of the probe shows the planned functions at their addresses, with their ids ({@code 10de:1e81}, with the subsystem
 * {@code 10de:1e81/3842:3081}), and no check that blocks. Asked before
 * anything is made and again right before the VM starts, since hardware and guests move.
 */
@Component
class DevicesReady implements NamedCondition {

    static final String NAME = "devices-ready";

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
        Map<PciAddress, String> planned = new LinkedHashMap<>();
        for (String device : arguments.getOrDefault("devices", "").strip().split("\\s+")) {
            String[] parts = device.split("=", 2);
            if (parts.length == 2 && PciAddress.isAddress(parts[0])) {
                planned.put(PciAddress.parse(parts[0]), parts[1]);
            }
        }
        String number = arguments.getOrDefault("vmid", "");
        if (planned.isEmpty() || !number.matches("[1-9][0-9]{2,8}")) {
            return Judgement.unknown("the plan names no device or no guest");
        }
        VmId vmid = new VmId(Integer.parseInt(number));
        Optional<Finding> moved = PlannedIds.check(facts, planned).stream().findFirst();
        if (moved.isPresent()) {
            return Judgement.fails(moved.get().text());
        }
        List<PciFunction> functions = planned.keySet().stream()
                .flatMap(a -> facts.function(a).stream())
                .toList();
        return blocker(facts, functions, vmid)
                .map(f -> Judgement.fails(f.check() + ": " + f.text()))
                .orElseGet(() -> Judgement.holds("nothing stands in the way of " + planned.keySet()));
    }

    private static Optional<Finding> blocker(HostFacts facts, List<PciFunction> functions, VmId vmid) {
        Examined host = Examined.of(facts);
        List<Finding> findings = new ArrayList<>(host.host());
        for (PciFunction function : functions) {
            findings.addAll(Findings.ofDevice(host, new Target.Device(function.address()), functions, vmid));
        }
        return findings.stream().filter(Finding::blocks).findFirst();
    }
}
