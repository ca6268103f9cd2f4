package dev.rackhouse.passthrough;

import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.passthrough.AttachDraft.Inside;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Giving a device to a VM that is there and stopped. Some of these VMs name another device already, by its raw address and rightly or
 * wrongly: it goes with them when they are started to prove the new one.
 */
public final class FuzzedAttachment implements FuzzedRunbook {

    private static final VmId VMID = new VmId(990);
    private static final UUID IDENTITY = UUID.fromString("0d6c1b8e-4c1b-4b7a-8d5e-2f6a9c3e7b10");

    private final AttachDevice runbook = new AttachDevice();

    @Override
    public String name() {
        return AttachDevice.NAME;
    }

    @Override
    public Effect effect() {
        return Effect.GIVES_AWAY;
    }

    @Override
    public Asked at(FuzzedPlace place) {
        Site site = FuzzedCreation.site(place.facts());
        Random random = place.random(name());
        GuestPlace empty = guest(site, "");
        List<String> own = place.names().stream()
                .filter(name -> !functions(site, name).isEmpty())
                .toList();
        boolean convert = random.nextBoolean();
        return devices -> {
            if (devices.size() != 1 || random.nextBoolean()) {
                // one device at a time; and half of them, for the rules are those of creating and this must not take
                // long
                return List.of();
            }
            List<Offer> offers = new ArrayList<>();
            offer(empty, place.examined(), devices, false).ifPresent(offers::add);
            if (offers.isEmpty()) {
                // a device that is refused to a VM without devices is refused to one that has some: nothing new to see
                return offers;
            }
            List<String> both = List.of(devices.getFirst(), own.get(random.nextInt(own.size())));
            offer(guest(site, both.getLast()), place.examined(), both, convert).ifPresent(offers::add);
            return offers;
        };
    }

    private static List<PciFunction> functions(Site site, String name) {
        GuestPlace guest = guest(site, name);
        return GuestStandings.functions(guest, Objects.requireNonNull(site.facts()), guest.config());
    }

    /** @param has the address that it names; empty: none */
    private static GuestPlace guest(Site site, String has) {
        SortedMap<String, String> config = new TreeMap<>();
        config.put("machine", "q35");
        config.put("memory", "2048");
        config.put("balloon", "0");
        config.put("ostype", "l26");
        if (!has.isEmpty()) {
            config.put("hostpci0", has + ",pcie=1");
        }
        return new GuestPlace(site, VMID, "fuzzed", false, "stopped", null, config, null, null);
    }

    /** @param devices the wanted one first, then what the VM has */
    private Optional<Offer> offer(GuestPlace guest, Examined host, List<String> devices, boolean convert) {
        AttachDraft draft =
                new AttachDraft(devices.getFirst(), Inside.NOT, convert, true, Shutdown.PATIENT, IDENTITY, Set.of());
        return plan(draft, guest, host).map(plan -> new Offer(runbook.outline(plan), devices));
    }

    private static Optional<AttachPlan> plan(AttachDraft draft, GuestPlace guest, Examined host) {
        return switch (AttachAssessment.of(draft, guest, host)) {
            case PlanReadiness.Ready<AttachPlan> ready -> Optional.of(ready.plan());
            case PlanReadiness.Blocked<AttachPlan> blocked -> ticked(blocked, draft, guest, host);
        };
    }

    private static Optional<AttachPlan> ticked(
            PlanReadiness.Blocked<AttachPlan> blocked, AttachDraft draft, GuestPlace guest, Examined host) {
        if (blocked.toConfirm().isEmpty() || !blocked.blockers().isEmpty()) {
            return Optional.empty();
        }
        AttachDraft accepted = draft.withAccepted(
                blocked.toConfirm().stream().map(Finding::key).collect(Collectors.toSet()));
        return AttachAssessment.of(accepted, guest, host) instanceof PlanReadiness.Ready<AttachPlan> ready
                ? Optional.of(ready.plan())
                : Optional.empty();
    }
}
