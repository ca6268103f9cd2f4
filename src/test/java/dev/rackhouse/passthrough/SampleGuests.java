package dev.rackhouse.passthrough;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.passthrough.AttachDraft.Inside;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The VMs of the sample hosts, as their nodes would tell them. */
public final class SampleGuests {

    private static final UUID IDENTITY = UUID.fromString("0d6c1b8e-4c1b-4b7a-8d5e-2f6a9c3e7b10");

    private SampleGuests() {}

    /** Runs, has an HBA, its agent answers. */
    public static GuestPlace nas() {
        return place("caraxes", 100, "running", null, true);
    }

    /** Stopped, names the GPU by its mapping. */
    public static GuestPlace ollama() {
        return place("caraxes", 101, "stopped", null, null);
    }

    /** Stopped, Windows, names the GPU by its address. */
    public static GuestPlace winDev() {
        return with(place("caraxes", 102, "stopped", null, null), "ostype", "win11");
    }

    /** Stopped, smaller than it is, so that the host has room for it. */
    static GuestPlace train() {
        return with(place("meraxes", 201, "stopped", null, null), "memory", "8192");
    }

    static GuestPlace place(String host, int vmid, String status, @Nullable String lock, @Nullable Boolean agent) {
        Site site = host.equals("caraxes") ? SampleSites.caraxes() : SampleSites.of(host);
        GuestConfig config = SampleHosts.facts(host).guest(new VmId(vmid)).orElseThrow();
        return new GuestPlace(
                site,
                config.vmid(),
                config.name(),
                false,
                status,
                lock,
                new TreeMap<>(config.options()),
                agent,
                status.equals("running") ? ByteSize.ofGiB(4) : null);
    }

    /** @param value empty: not set */
    static GuestPlace with(GuestPlace place, String key, String value) {
        SortedMap<String, String> config = new TreeMap<>(place.config());
        config.put(key, value);
        config.values().removeIf(String::isEmpty);
        return new GuestPlace(
                place.site(),
                place.vmid(),
                place.name(),
                place.template(),
                place.status(),
                place.lock(),
                config,
                place.agentAnswers(),
                place.memoryUsed());
    }

    static AttachDraft draft(GuestPlace place, String device) {
        return AttachAssessment.suggested(
                new AttachDraft(device, Inside.NOT, false, false, Shutdown.PATIENT, IDENTITY, Set.of()), place);
    }

    static PlanReadiness<AttachPlan> assessed(GuestPlace place, String device) {
        return assessed(place, draft(place, device));
    }

    /** All warnings ticked, as a person would who wants it. */
    static PlanReadiness<AttachPlan> assessed(GuestPlace place, AttachDraft draft) {
        return AttachAssessment.of(draft, place) instanceof PlanReadiness.Blocked<AttachPlan> blocked
                ? AttachAssessment.of(
                        draft.withAccepted(
                                blocked.toConfirm().stream().map(Finding::key).collect(Collectors.toSet())),
                        place)
                : AttachAssessment.of(draft, place);
    }

    static AttachPlan plan(GuestPlace place, String device) {
        return plan(place, draft(place, device));
    }

    static AttachPlan plan(GuestPlace place, AttachDraft draft) {
        return switch (assessed(place, draft)) {
            case PlanReadiness.Ready<AttachPlan> ready -> Objects.requireNonNull(ready.plan());
            case PlanReadiness.Blocked<AttachPlan> blocked ->
                throw new AssertionError(blocked.blockers() + " " + blocked.toConfirm());
        };
    }
}
