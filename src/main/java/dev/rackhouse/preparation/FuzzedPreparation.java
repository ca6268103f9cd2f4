package dev.rackhouse.preparation;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.base.Seen;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.ProbeReport;
import dev.rackhouse.inventory.fact.ProtectedSet;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.FuzzedPlace;
import dev.rackhouse.passthrough.FuzzedRunbook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Preparing a host: slots that vfio-pci shall get at boot, with the IOMMU and huge pages, in files as people have them, for GRUB and for
 * systemd-boot. On some hosts an earlier run of ours has claimed a device that may have become one that the host needs, and on some an
 * option of vfio-pci takes devices by their ids.
 */
public final class FuzzedPreparation implements FuzzedRunbook {

    private static final ConsoleSurroundings ELSEWHERE =
            new ConsoleSurroundings("console", Set.of("10.9.9.9"), Set.of("02:00:00:00:00:09"), List.of());

    private final PrepareHost runbook = new PrepareHost();

    @Override
    public String name() {
        return PrepareHost.NAME;
    }

    @Override
    public Effect effect() {
        return Effect.NAMES;
    }

    @Override
    public Asked at(FuzzedPlace place) {
        Random random = place.random(name());
        PreparationSite site = site(place, random);
        boolean iommu = random.nextBoolean();
        boolean identity = random.nextBoolean();
        Hugepages pages = random.nextBoolean() ? null : new Hugepages(1024, 1 + random.nextInt(8));
        PreparationDraft wishes = PreparationDraft.empty(place.node())
                .withIommu(iommu && !site.facts().iommuOn())
                .withIdentity(identity)
                .withPages(pages);
        return devices -> {
            Set<PciSlot> slots = slots(devices);
            return slots.size() < devices.size()
                    ? List.of()
                    : plan(wishes.withEarly(slots), site, place.needed())
                            .map(plan -> new Offer(runbook.outline(plan), devices))
                            .stream()
                            .toList();
        };
    }

    /** Only whole slots can be wished for. */
    private static Set<PciSlot> slots(List<String> devices) {
        return devices.stream()
                .filter(d -> !PciAddress.isAddress(d))
                .map(PciSlot::parse)
                .collect(Collectors.toSet());
    }

    private static Optional<PreparationPlan> plan(PreparationDraft draft, PreparationSite site, ProtectedSet needed) {
        return switch (PreparationAssessment.of(draft, site, needed)) {
            case PreparationReadiness.Ready ready -> Optional.of(ready.plan());
            case PreparationReadiness.NotNeeded _ -> Optional.empty();
            case PreparationReadiness.Blocked blocked -> ticked(blocked, draft, site, needed);
        };
    }

    private static Optional<PreparationPlan> ticked(
            PreparationReadiness.Blocked blocked, PreparationDraft draft, PreparationSite site, ProtectedSet needed) {
        if (blocked.findings().stream().anyMatch(Finding::blocks)) {
            return Optional.empty();
        }
        PreparationDraft accepted = draft.withSomebodyThere(PreparationDraft.SOMEBODY_THERE)
                .withAccepted(blocked.toConfirm().stream().map(Finding::key).collect(Collectors.toSet()));
        return PreparationAssessment.of(accepted, site, needed) instanceof PreparationReadiness.Ready ready
                ? Optional.of(ready.plan())
                : Optional.empty();
    }

    private static PreparationSite site(FuzzedPlace place, Random random) {
        boolean systemdBoot = random.nextInt(3) == 0;
        return new PreparationSite(
                place.node(),
                "fuzz",
                systemdBoot ? withSystemdBoot(place) : place.facts(),
                new Seen("probe", Instant.EPOCH),
                new HostFiles(
                        files(place.facts(), systemdBoot, random),
                        Map.of(),
                        random.nextBoolean() ? Set.copyOf(HostLook.FOLDERS) : Set.of("/etc/modprobe.d", "/var/backups"),
                        List.of(place.facts().kernel())),
                List.of(),
                ELSEWHERE);
    }

    private static HostFacts withSystemdBoot(FuzzedPlace place) {
        String probe = place.probe().replaceFirst("(?m)^K\tloader\t.*$", "K\tloader\tsystemd-boot 257");
        return ProbeReport.parse(probe) instanceof ProbeReport.Complete(HostFacts facts) ? facts : place.facts();
    }

    private static Map<String, HostFile> files(HostFacts facts, boolean systemdBoot, Random random) {
        List<HostFile> files = new ArrayList<>();
        String grub = random.nextBoolean() ? "quiet" : "quiet iommu=pt";
        files.add(file(HostFiles.GRUB, "GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\n" + GrubDefaults.NAME + "=\"" + grub + "\"\n"));
        if (systemdBoot) {
            files.add(file(HostFiles.CMDLINE, "root=ZFS=rpool/ROOT/pve-1 boot=zfs\n"));
        }
        files.add(file(HostFiles.MODULES, random.nextBoolean() ? "# modules\n" : "vfio\nvfio_iommu_type1\nvfio_pci\n"));
        files.add(file(HostFiles.INITRAMFS_MODULES, "# List of modules\n"));
        List<PciFunction> passable =
                facts.functions().stream().filter(PciFunction::passable).toList();
        if (!passable.isEmpty() && random.nextInt(4) == 0) {
            EarlyBinding earlier = EarlyBinding.none().with(List.of(passable.get(random.nextInt(passable.size()))));
            files.add(file(EarlyBinding.SCRIPT, earlier.initramfsScript()));
            files.add(file(EarlyBinding.UDEV, earlier.udevRules()));
        }
        if (!passable.isEmpty() && random.nextInt(6) == 0) {
            files.add(file(
                    "/etc/modprobe.d/vfio.conf",
                    "options vfio-pci ids="
                            + passable.get(random.nextInt(passable.size())).ids() + "\n"));
        }
        return files.stream().collect(Collectors.toMap(HostFile::path, f -> f, (a, _) -> a, HashMap::new));
    }

    private static HostFile file(String path, String content) {
        return new HostFile(path, content, "0:0", "0644");
    }
}
