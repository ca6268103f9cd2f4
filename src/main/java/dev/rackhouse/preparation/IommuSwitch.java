package dev.rackhouse.preparation;

import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.passthrough.Finding;
import java.util.Optional;

/** What turns the IOMMU on: a word for Intel before kernel 6.8, else the firmware alone (hosts, 2.1 iommu.off). */
final class IommuSwitch {

    private IommuSwitch() {}

    private static boolean intel(HostFacts facts) {
        return "GenuineIntel".equals(facts.key("cpu_vendor"));
    }

    /** Whether the kernel leaves it off by default and was not told otherwise. */
    static boolean byWord(HostFacts facts) {
        return intel(facts)
                && !facts.kernelAtLeast(6, 8)
                && !facts.kernelWords().contains("intel_iommu=on");
    }

    /** It is off, and no word can turn it on. */
    static Optional<Finding> onlyInFirmware(HostFacts facts) {
        return facts.iommuOn() || byWord(facts)
                ? Optional.empty()
                : Optional.of(Found.blocker(
                        "iommu.firmware",
                        "The IOMMU is off and no file of this host turns it on: kernel %s uses it by itself when the firmware offers it."
                                .formatted(facts.kernel()),
                        "Turn on " + (intel(facts) ? "VT-d" : "AMD-Vi (IOMMU, SVM)")
                                + " in the firmware, then read the host again.",
                        "no IOMMU record",
                        "K cmdline " + facts.key("cmdline")));
    }
}
