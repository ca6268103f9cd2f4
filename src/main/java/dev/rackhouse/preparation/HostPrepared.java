package dev.rackhouse.preparation;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.NetInterface;
import dev.rackhouse.inventory.fact.ProbeReport;
import dev.rackhouse.inventory.fact.Zpool;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * The probe of the new boot shows what was planned, and all that the host had before: its words, the IOMMU, each planned function with
 * vfio-pci, twins and whatever the host needs with the drivers they had, the same interfaces, addresses and pools, the pages.
 */
@Component
class HostPrepared implements NamedCondition {

    static final String NAME = "host-prepared";

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
        List<String> wrong = new ArrayList<>();
        List<String> words = Lines.words(arguments.getOrDefault("words", ""));
        List<String> missing =
                words.stream().filter(w -> !facts.kernelWords().contains(w)).toList();
        if (!missing.isEmpty()) {
            wrong.add("the kernel was started without " + String.join(" ", missing));
        }
        if (arguments.getOrDefault("iommu", "0").equals("1") && !facts.iommuOn()) {
            wrong.add("the kernel runs no IOMMU");
        }
        if (arguments.getOrDefault("remapped", "0").equals("1") && !Boolean.TRUE.equals(facts.flag("irq_remap"))) {
            wrong.add("interrupts are not remapped any more");
        }
        for (String argument : List.of("early", "keeps")) {
            Lines.words(arguments.getOrDefault(argument, ""))
                    .forEach(f -> driver(f, facts).ifPresent(wrong::add));
        }
        List<String> interfaces =
                facts.interfaces().stream().map(NetInterface::name).toList();
        Lines.words(arguments.getOrDefault("interfaces", "")).stream()
                .filter(i -> !interfaces.contains(i))
                .forEach(i -> wrong.add("the interface " + i + " is gone or has another name"));
        List<String> addresses = facts.addresses().stream()
                .map(a -> a.interfaceName() + " " + a.cidr())
                .toList();
        Lines.of(arguments.getOrDefault("addresses", "")).stream()
                .filter(a -> !addresses.contains(a))
                .forEach(a -> wrong.add("the address " + a + " is gone"));
        List<String> pools = facts.zpools().stream().map(Zpool::name).toList();
        Lines.of(arguments.getOrDefault("pools", "")).stream()
                .filter(p -> !pools.contains(p))
                .forEach(p -> wrong.add("the pool " + p + " is not imported"));
        pages(arguments.getOrDefault("pages", ""), facts).ifPresent(wrong::add);
        return wrong.isEmpty()
                ? Judgement.holds("the host came back as planned, with all that it had")
                : Judgement.fails(String.join("; ", wrong));
    }

    /** @param planned {@code 0000:01:00.0=10de:2504=vfio-pci} */
    private static Optional<String> driver(String planned, HostFacts facts) {
        String[] parts = planned.split("=", 3);
        if (parts.length < 3 || !PciAddress.isAddress(parts[0])) {
            return Optional.of("the plan names no device: " + planned);
        }
        return facts.function(PciAddress.parse(parts[0]))
                .map(f -> !f.ids().equals(parts[1])
                        ? parts[0] + " is " + f.ids() + " now, not " + parts[1]
                        : Objects.equals(f.driver(), parts[2])
                                ? ""
                                : "%s has %s, not %s"
                                        .formatted(parts[0], f.driver() == null ? "no driver" : f.driver(), parts[2]))
                .or(() -> Optional.of("nothing answers at " + parts[0]))
                .filter(text -> !text.isEmpty());
    }

    private static Optional<String> pages(String planned, HostFacts facts) {
        String[] parts = planned.split("x");
        if (parts.length != 2 || !parts[0].matches("2|1024") || !parts[1].matches("[0-9]{1,8}")) {
            return Optional.empty();
        }
        Hugepages wanted = new Hugepages(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        long reserved = wanted.reserved(facts);
        return reserved >= wanted.count()
                ? Optional.empty()
                : Optional.of("only " + reserved + " of " + wanted.label() + " are set aside");
    }
}
