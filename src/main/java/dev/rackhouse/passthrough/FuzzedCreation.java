package dev.rackhouse.passthrough;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Seen;
import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.MappingEntry;
import dev.rackhouse.proxmox.PciMapping;
import dev.rackhouse.proxmox.PveVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Creating a passthrough VM, with every other input good and every warning ticked: only the devices decide. */
public final class FuzzedCreation implements FuzzedRunbook {

    private static final UUID SMBIOS = UUID.fromString("0d6c1b8e-4c1b-4b7a-8d5e-2f6a9c3e7b10");
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHy0n0bkKxYx2VqgZ8eQ3mYvJ6m1l7o3Yy9m1pQwErTy rackhouse";
    private static final PassthroughSettings SETTINGS = new PassthroughSettings(
            "https://images.example/noble-server-cloudimg-amd64.img", "a".repeat(64), "ops", "");

    private final CreatePassthroughVm runbook = new CreatePassthroughVm();

    @Override
    public String name() {
        return CreatePassthroughVm.NAME;
    }

    @Override
    public Effect effect() {
        return Effect.GIVES_AWAY;
    }

    /** A made host as a place where a VM could stand. */
    static Site site(HostFacts facts) {
        Map<String, List<PciMapping>> mappings = new LinkedHashMap<>();
        for (MappingEntry entry : facts.mappings()) {
            PciMapping.find(entry.text().substring("map ".length()).strip())
                    .ifPresent(m -> mappings.computeIfAbsent(entry.mapping(), k -> new ArrayList<>())
                            .add(m));
        }
        String release = facts.pveRelease();
        return new Site(
                new NodeRef(FuzzedPlace.LAB, facts.hostname()),
                "fuzz",
                facts,
                new Seen("probe", Instant.EPOCH),
                release == null ? null : PveVersion.parse(release),
                List.of(
                        new Site.Storage("local", "dir", List.of("import"), ByteSize.ofGiB(80)),
                        new Site.Storage("local-lvm", "lvmthin", List.of("images"), ByteSize.ofGiB(300))),
                List.of(),
                facts.guests().stream().map(GuestConfig::vmid).collect(Collectors.toSet()),
                Map.of(),
                List.of(new Site.Network("vmbr0", true, null, null, "10.0.10.41/24", "10.0.10.1")),
                mappings,
                KEY,
                true);
    }

    @Override
    public Asked at(FuzzedPlace place) {
        Site site = site(place.facts());
        return devices -> plan(site, place.examined(), devices).stream()
                .map(plan -> new Offer(runbook.outline(plan), devices))
                .toList();
    }

    private static Optional<PassthroughPlan> plan(Site site, Examined host, List<String> devices) {
        PassthroughDraft draft = Suggestions.fill(
                PassthroughDraft.empty(SMBIOS).withNode(site.node()).withDevices(devices), site, SETTINGS);
        return switch (Assessment.of(draft, site, host)) {
            case Readiness.Ready ready -> Optional.of(ready.plan());
            case Readiness.Blocked blocked -> ticked(blocked, draft, site, host);
        };
    }

    private static Optional<PassthroughPlan> ticked(
            Readiness.Blocked blocked, PassthroughDraft draft, Site site, Examined host) {
        if (blocked.toConfirm().isEmpty() || !blocked.blockers().isEmpty()) {
            return Optional.empty();
        }
        PassthroughDraft accepted = draft.withAccepted(
                blocked.toConfirm().stream().map(Finding::key).collect(Collectors.toSet()));
        return Assessment.of(accepted, site, host) instanceof Readiness.Ready ready
                ? Optional.of(ready.plan())
                : Optional.empty();
    }
}
