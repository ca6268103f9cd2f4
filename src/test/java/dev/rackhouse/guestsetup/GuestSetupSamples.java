package dev.rackhouse.guestsetup;

/** The sample guests for tests of screens. */
public final class GuestSetupSamples {

    private GuestSetupSamples() {}

    public static GpuGuestDraft draft() {
        return SampleGuests.draft();
    }

    public static GuestFacts facts(String name) {
        return SampleGuests.facts(name);
    }

    public static GpuGuestReadiness assess(GpuGuestDraft draft, GuestFacts facts) {
        return GpuGuestAssessment.of(draft, facts, SampleGuests.SETTINGS);
    }
}
