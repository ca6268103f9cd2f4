package dev.rackhouse.passthrough;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Seen;
import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.proxmox.PciMapping;
import dev.rackhouse.proxmox.PveVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/** The sample hosts as places for a VM. */
final class SampleSites {

    static final String CONSOLE_KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHy0n0bkKxYx2VqgZ8eQ3mYvJ6m1l7o3Yy9m1pQwErTy rackhouse";
    static final String CHECKSUM = "a".repeat(64);
    static final LabId LAB = LabId.parse("5f0c4cb4-7f52-4a6e-9d1b-0a7c2b9b5f11");
    static final PassthroughSettings SETTINGS =
            new PassthroughSettings("https://images.example/noble-server-cloudimg-amd64.img", CHECKSUM, "ops", "");

    private SampleSites() {}

    static Site caraxes() {
        return site(
                SampleHosts.facts("caraxes"),
                new Site.Network("vmbr0", true, "2-4094", null, "10.0.10.41/24", "10.0.10.1"));
    }

    /** The same host with another Proxmox. */
    static Site caraxesWithVersion(String version) {
        Site caraxes = caraxes();
        return new Site(
                caraxes.node(),
                caraxes.labName(),
                caraxes.facts(),
                caraxes.seen(),
                PveVersion.parse(version),
                caraxes.storages(),
                caraxes.images(),
                caraxes.taken(),
                caraxes.addressesInUse(),
                caraxes.networks(),
                caraxes.mappings(),
                caraxes.consoleKey(),
                true);
    }

    static Site thorWithTheGuestStopped() {
        HostFacts facts = SampleHosts.changed(
                "thor",
                d -> d.replaceAll("(?m)^RUN.*\n", "")
                        .replaceAll("(?m)^L\tpci_reservations.*\n", "")
                        .replace("hp_1048576kB=16/0", "hp_1048576kB=16/16"));
        return site(facts, new Site.Network("vmbr0", true, "2-4094", null, "10.0.100.11/24", "10.0.100.1"));
    }

    /** Nobody has given the cards a name yet. */
    static Site thorWithoutMappings() {
        Site thor = thorWithTheGuestStopped();
        return new Site(
                thor.node(),
                thor.labName(),
                thor.facts(),
                thor.seen(),
                thor.version(),
                thor.storages(),
                thor.images(),
                thor.taken(),
                thor.addressesInUse(),
                thor.networks(),
                Map.of(),
                thor.consoleKey(),
                true);
    }

    static Site of(String host) {
        return site(
                SampleHosts.facts(host), new Site.Network("vmbr0", true, "2-4094", null, "10.0.10.41/24", "10.0.10.1"));
    }

    static Site site(HostFacts facts, Site.Network network) {
        Map<String, List<PciMapping>> mappings = new LinkedHashMap<>();
        facts.mappings()
                .forEach(m -> mappings.computeIfAbsent(m.mapping(), k -> new ArrayList<>())
                        .add(new PciMapping(
                                m.node(), m.path(), Objects.requireNonNull(m.ids()), m.subsystem(), m.group(), null)));
        return new Site(
                new NodeRef(LAB, facts.hostname()),
                "Targaryen",
                facts,
                new Seen("probe over SSH", Instant.parse("2026-11-21T00:00:00Z")),
                facts.pveRelease() == null ? null : PveVersion.parse(facts.pveRelease()),
                List.of(
                        new Site.Storage("local", "dir", List.of("import", "iso"), ByteSize.ofGiB(80)),
                        new Site.Storage("local-lvm", "lvmthin", List.of("images", "rootdir"), ByteSize.ofGiB(300))),
                List.of(),
                facts.guests().stream().map(GuestConfig::vmid).collect(Collectors.toSet()),
                Map.of("10.0.10.41", "caraxes", "10.0.10.200", "VM 101 (ollama)"),
                List.of(network),
                mappings,
                CONSOLE_KEY,
                true);
    }

    static PassthroughDraft draft(Site site, String... devices) {
        PassthroughDraft chosen = PassthroughDraft.empty(UUID.fromString("0d6c1b8e-4c1b-4b7a-8d5e-2f6a9c3e7b10"))
                .withNode(site.node())
                .withDevices(List.of(devices));
        return Suggestions.fill(chosen, site, SETTINGS);
    }

    /** All warnings ticked, as a person would who wants it. */
    static Readiness assessed(PassthroughDraft draft, Site site) {
        Readiness first = Assessment.of(draft, site);
        return first instanceof Readiness.Blocked blocked
                ? Assessment.of(
                        draft.withAccepted(
                                blocked.toConfirm().stream().map(Finding::key).collect(Collectors.toSet())),
                        site)
                : first;
    }

    static PassthroughPlan plan(Site site, String... devices) {
        return switch (assessed(draft(site, devices), site)) {
            case Readiness.Ready ready -> ready.plan();
            case Readiness.Blocked blocked -> throw new AssertionError(blocked.blockers());
        };
    }
}
