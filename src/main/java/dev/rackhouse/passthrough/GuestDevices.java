package dev.rackhouse.passthrough;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PathList;
import dev.rackhouse.passthrough.AttachDraft.Inside;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Start;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.stereotype.Service;

/** Giving devices to VMs that exist already, and taking them back. Safe for many threads. */
@Service
public class GuestDevices {

    private final GuestPlaces places;
    private final Runs runs;
    private final AttachDevice attach;
    private final DetachDevice detach;

    GuestDevices(GuestPlaces places, Runs runs, AttachDevice attach, DetachDevice detach) {
        this.places = places;
        this.runs = runs;
        this.attach = attach;
        this.detach = detach;
    }

    /** The VMs of a node that can be chosen. */
    public List<GuestPlaces.Choice> vms(NodeRef node) {
        return places.vms(node);
    }

    /**
     * The VM as its node tells it now. Blocks, some seconds.
     *
     * @throws dev.rackhouse.base.RemoteFailure when the node does not answer
     */
    public Optional<GuestPlace> find(GuestRef guest) {
        return places.find(guest);
    }

    /** The devices of the VM's host that can be chosen. */
    public List<DeviceChoice> devices(GuestPlace place) {
        HostFacts facts = place.site().facts();
        return facts == null ? List.of() : DeviceChoice.of(facts);
    }

    /** A draft for this VM, the guest asked by the surest way there is. */
    public AttachDraft draft(GuestPlace place) {
        return AttachAssessment.suggested(
                new AttachDraft("", Inside.NOT, false, false, Shutdown.PATIENT, UUID.randomUUID(), Set.of()), place);
    }

    /** Pure, so it may be asked after every change. */
    public PlanReadiness<AttachPlan> assess(AttachDraft draft, GuestPlace place) {
        return AttachAssessment.of(draft, place);
    }

    /** Every check as a line, passed ones too. */
    public List<CheckRow> checks(AttachDraft draft, GuestPlace place, PlanReadiness<AttachPlan> readiness) {
        HostFacts facts = place.site().facts();
        List<PathList.Part> parts = PathList.parse(draft.device());
        return facts == null
                ? List.of()
                : CheckRow.of(
                        facts,
                        facts.functions().stream()
                                .filter(f -> !f.bridge() && parts.stream().anyMatch(p -> p.names(f.address())))
                                .toList(),
                        readiness.findings());
    }

    /** The findings as lines. */
    public List<CheckRow> checks(PlanReadiness<DetachPlan> readiness) {
        return CheckRow.of(readiness.findings());
    }

    /** Whether the VM has raw addresses that could become resource mappings. */
    public boolean hasRawAddresses(GuestPlace place) {
        return place.config().entrySet().stream()
                .anyMatch(e ->
                        e.getKey().matches("hostpci[0-9]+") && !e.getValue().contains("mapping="));
    }

    /** A device that a VM has. */
    public record Attached(int index, String label, String value, String addresses) {}

    /** The devices that the VM's configuration names, by index. */
    public List<Attached> attached(GuestPlace place) {
        return DetachAssessment.attached(place).stream()
                .map(a -> new Attached(
                        a.index(),
                        a.label(),
                        a.value(),
                        String.join(
                                ", ",
                                a.functions().stream()
                                        .map(f -> f.address().toString())
                                        .toList())))
                .toList();
    }

    /** How the guest would be asked, if nobody chose otherwise. */
    public Inside surest(GuestPlace place) {
        return GuestStandings.inside(place);
    }

    /**
     * Whether a device can be taken back now. Pure.
     *
     * @param index of the {@code hostpciN}; -1: none is chosen
     * @param shutdown what happens when the guest runs and does not shut down
     */
    public PlanReadiness<DetachPlan> assess(
            GuestPlace place, int index, Inside inside, Shutdown shutdown, Set<String> accepted) {
        return DetachAssessment.of(place, index, inside, shutdown, accepted);
    }

    /** The literal plan: what is shown is what is sent. */
    public Outline preview(AttachPlan plan) {
        return attach.outline(plan);
    }

    /** The literal plan: what is shown is what is sent. */
    public Outline preview(DetachPlan plan) {
        return detach.outline(plan);
    }

    /** @throws AccessDeniedException when the operator may only look */
    public Start start(AttachPlan plan, Operator operator, String reason) {
        allow(operator);
        return runs.start(attach, plan, operator, reason);
    }

    /** @throws AccessDeniedException when the operator may only look */
    public Start start(DetachPlan plan, Operator operator, String reason) {
        allow(operator);
        return runs.start(detach, plan, operator, reason);
    }

    private static void allow(Operator operator) {
        if (!operator.may(Role.OPERATOR)) {
            throw new AccessDeniedException(
                    operator.name() + " may look, but not change guests: this needs the role operator.");
        }
    }
}
