package dev.rackhouse.guestsetup;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.VmId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** Guests as the look script printed them: {@code fresh}, a stock image with one card; {@code ai-inference} of thor, all set up. */
final class SampleGuests {

    static final LabId LAB = LabId.parse("5f0c4cb4-7f52-4a6e-9d1b-0a7c2b9b5f11");
    static final GpuGuestSettings SETTINGS =
            new GpuGuestSettings("https://nvidia.github.io/libnvidia-container/stable/deb/$(ARCH)", "", "ubuntu:24.04");

    private SampleGuests() {}

    static String output(String name) {
        try (InputStream in = SampleGuests.class.getResourceAsStream("/facts/guests/" + name + ".txt")) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static GuestFacts facts(String name) {
        return facts(name, UnaryOperator.identity());
    }

    /** The same guest with other lines; the count at the end follows. */
    static GuestFacts facts(String name, UnaryOperator<String> change) {
        String changed = change.apply(output(name)).replaceAll("(?m)^END\t.*$", "");
        long records = changed.lines().filter(l -> !l.isBlank()).count() - 1;
        return switch (GuestFacts.parse(changed.stripTrailing() + "\nEND\t" + records + "\n")) {
            case GuestFacts.Read.Complete(GuestFacts facts) -> facts;
            case GuestFacts.Read.Unreadable(String sentence) -> throw new AssertionError(sentence);
        };
    }

    static GpuGuestDraft draft() {
        return new GpuGuestDraft(
                new GuestRef(LAB, new VmId(110)),
                new NodeRef(LAB, "thor"),
                "ai-inference",
                "ops",
                "10.0.110.20",
                "ubuntu:24.04",
                Map.of());
    }

    static GpuGuestPlan plan(String name) {
        return switch (GpuGuestAssessment.of(draft(), facts(name), SETTINGS)) {
            case GpuGuestReadiness.Ready ready -> ready.plan();
            case GpuGuestReadiness.Blocked blocked -> throw new AssertionError(blocked.remarks());
        };
    }
}
