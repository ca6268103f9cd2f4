package dev.rackhouse.preparation.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.Severity;
import dev.rackhouse.passthrough.Target;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which findings lead to the preparation of a host. */
class PreparationActionsTest {

    private static final NodeRef NODE = new NodeRef(new LabId(new UUID(0, 1)), "thor");

    @Test
    void aFramebufferThatTheKernelEvictsNeedsNoPreparation() {
        assertThat(PreparationActions.address(NODE, framebuffer(Severity.WARNING), false))
                .isEmpty();
    }

    @Test
    void aFramebufferThatTheKernelCannotEvictLeadsToBindingAtBoot() {
        assertThat(PreparationActions.address(NODE, framebuffer(Severity.BLOCKER), false))
                .isPresent();
    }

    private static Finding framebuffer(Severity severity) {
        return new Finding(
                "gpu.fb",
                severity,
                false,
                new Target.Slot(PciSlot.parse("0000:01:00")),
                "The firmware's framebuffer holds its memory.",
                List.of("4000000000-400fffffff : efifb"),
                "See the kernel.",
                false,
                null);
    }
}
