package dev.rackhouse.preparation;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.base.Seen;
import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.SampleHosts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The sample hosts as places to prepare, with the files that their probe shows. */
final class SamplePreparation {

    static final LabId LAB = LabId.parse("5f0c4cb4-7f52-4a6e-9d1b-0a7c2b9b5f11");
    static final PciSlot GPU = PciSlot.parse("0000:01:00");
    static final ConsoleSurroundings ELSEWHERE =
            new ConsoleSurroundings("console", Set.of("10.9.9.9"), Set.of("02:00:00:00:00:09"), List.of());

    private SamplePreparation() {}

    static PreparationSite site(String host) {
        return site(SampleHosts.facts(host));
    }

    static PreparationSite site(HostFacts facts) {
        Map<String, HostFile> files = new HashMap<>();
        facts.lines().forEach((path, lines) -> {
            if (path.startsWith("/etc/") && !path.startsWith("/etc/pve")) {
                files.put(path, new HostFile(path, String.join("\n", lines) + "\n", "0:0", "0644"));
            }
        });
        files.put(
                HostFiles.INITRAMFS_MODULES,
                new HostFile(HostFiles.INITRAMFS_MODULES, "# List of modules\n", "0:0", "0644"));
        return new PreparationSite(
                new NodeRef(LAB, facts.hostname()),
                "Home",
                facts,
                new Seen("probe over SSH", Instant.parse("2026-11-21T00:00:00Z")),
                new HostFiles(files, Map.of(), Set.copyOf(HostLook.FOLDERS), List.of(facts.kernel())),
                guests(facts),
                ELSEWHERE);
    }

    private static List<Guest> guests(HostFacts facts) {
        List<Guest> guests = new ArrayList<>();
        for (GuestConfig g : facts.guestsHere()) {
            boolean vm = g.kind() == GuestConfig.Kind.VM;
            guests.add(new Guest(
                    g.vmid(),
                    vm,
                    g.label(),
                    facts.runs(g.vmid()) || !vm && g.flag("onboot"),
                    g.flag("onboot"),
                    Guest.NO_ORDER,
                    List.of(),
                    List.of()));
        }
        return guests;
    }

    static PreparationSite withFile(PreparationSite site, String path, String content) {
        Map<String, HostFile> files = new HashMap<>(site.files().files());
        files.put(path, new HostFile(path, content, "0:0", "0644"));
        return with(site, new HostFiles(files, Map.of(), site.files().folders(), site.files().kernels()));
    }

    static PreparationSite with(PreparationSite site, HostFiles files) {
        return new PreparationSite(
                site.node(), site.labName(), site.facts(), site.seen(), files, site.guests(), site.console());
    }

    static PreparationSite with(PreparationSite site, ConsoleSurroundings console) {
        return new PreparationSite(
                site.node(), site.labName(), site.facts(), site.seen(), site.files(), site.guests(), console);
    }

    static PreparationDraft draft(PreparationSite site) {
        return PreparationDraft.empty(site.node());
    }

    /** All warnings ticked, as a person would who wants it. */
    static PreparationReadiness assessed(PreparationDraft draft, PreparationSite site) {
        PreparationReadiness first = PreparationAssessment.of(draft, site);
        return first instanceof PreparationReadiness.Blocked blocked
                ? PreparationAssessment.of(
                        draft.withAccepted(blocked.toConfirm().stream()
                                .map(f -> f.key())
                                .collect(Collectors.toCollection(HashSet::new))),
                        site)
                : first;
    }

    static PreparationPlan plan(PreparationDraft draft, PreparationSite site) {
        return switch (assessed(draft, site)) {
            case PreparationReadiness.Ready ready -> ready.plan();
            case PreparationReadiness.NotNeeded no -> throw new AssertionError(no.why());
            case PreparationReadiness.Blocked blocked ->
                throw new AssertionError(String.join("; ", blocked.blockers()) + blocked.toConfirm());
        };
    }

    /** The bare host, with everything that seed 1 wants. */
    static PreparationPlan bare() {
        PreparationSite site = site("generic/before");
        return plan(
                draft(site).withIommu(true).withIdentity(true).withEarly(Set.of(GPU)).withoutLines(true, true), site);
    }
}
