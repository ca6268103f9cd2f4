package dev.rackhouse.preparation;

import static dev.rackhouse.preparation.SamplePreparation.GPU;
import static dev.rackhouse.preparation.SamplePreparation.draft;
import static dev.rackhouse.preparation.SamplePreparation.site;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.ProtectedSet;
import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.preparation.PreparationPlan.BootFiles;
import dev.rackhouse.preparation.PreparationPlan.Edit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What can be prepared where, and what is refused with which words. */
class PreparationAssessmentTest {

    @Test
    void nothingIsNeededWhereProxmoxBindsByItself() {
        PreparationReadiness readiness = PreparationAssessment.of(draft(site("caraxes")), site("caraxes"));

        assertThat(readiness)
                .isInstanceOfSatisfying(
                        PreparationReadiness.NotNeeded.class,
                        no -> assertThat(no.why()).contains("Proxmox binds a device to vfio-pci by itself"));
    }

    @Test
    void anIommuThatOnlyTheFirmwareTurnsOnIsSaidSo() {
        PreparationSite newer = site(SampleHosts.changed(
                "generic/before", d -> d.replace("K\tkernel\t6.5.13-6-pve", "K\tkernel\t6.17.2-1-pve")));

        assertThat(blockers(draft(newer).withIommu(true), newer))
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.check()).isEqualTo("iommu.firmware");
                    assertThat(f.remedy()).contains("VT-d");
                });
    }

    @Test
    void devicesThatTheHostNeedsAreNeverKeptForGuests() {
        PreparationSite shared = site("generic/shared-group");

        assertThat(blockers(draft(shared).withEarly(Set.of(GPU)), shared))
                .extracting(Finding::check)
                .contains("reboot.needed");
    }

    @Test
    void whatAnEarlierRunKeepsAndTheHostNeedsNowIsRefused() {
        PreparationSite caraxes = site("caraxes");
        PciFunction hba = caraxes.facts().functions().stream()
                .filter(f -> f.ids().equals("1000:0097"))
                .filter(f -> !ProtectedSet.of(caraxes.facts()).of(f.address()).isEmpty())
                .findFirst()
                .orElseThrow();
        PreparationSite claimed = SamplePreparation.withFile(
                caraxes,
                EarlyBinding.SCRIPT,
                EarlyBinding.none().with(List.of(hba)).initramfsScript());

        assertThat(blockers(draft(claimed).withPages(new Hugepages(1024, 4)), claimed))
                .extracting(Finding::check)
                .containsExactly("reboot.claimed");
    }

    @Test
    void aStagedNetworkChangeBlocksTheReboot() {
        PreparationSite meraxes = site("meraxes");

        assertThat(blockers(draft(meraxes).withPages(new Hugepages(1024, 8)), meraxes))
                .extracting(Finding::check)
                .containsExactly("reboot.staged");
    }

    @Test
    void systemdBootGetsItsWordsInTheCommandLineFile() {
        PreparationSite thor = site("thor");
        PreparationPlan plan = SamplePreparation.plan(draft(thor).withPages(new Hugepages(1024, 136)), thor);

        assertThat(plan.boot()).isEqualTo(BootFiles.SYSTEMD_BOOT);
        assertThat(plan.initramfs()).isFalse();
        assertThat(plan.edits()).singleElement().satisfies(e -> {
            assertThat(e.path()).isEqualTo("/etc/kernel/cmdline");
            assertThat(e.after())
                    .isEqualTo(
                            "root=ZFS=rpool/ROOT/pve-1 boot=zfs iommu=pt default_hugepagesz=1G hugepagesz=1G hugepages=136\n");
        });
        assertThat(plan.ran()).extracting(PreparationPlan.PlannedGuest::vmid).containsExactly(110);
    }

    @Test
    void bothFilesAreWrittenWhereTheLoaderIsNotClear() {
        PreparationSite thor = site(SampleHosts.changed("thor", d -> d.replaceAll("(?m)^K\tloader\t.*\n", "")));
        PreparationPlan plan = SamplePreparation.plan(draft(thor).withPages(new Hugepages(1024, 136)), thor);

        assertThat(plan.boot()).isEqualTo(BootFiles.BOTH);
        assertThat(plan.edits()).extracting(Edit::path).containsExactly("/etc/default/grub", "/etc/kernel/cmdline");
    }

    @Test
    void pagesThatLeaveANodeWithoutMemoryAreRefusedWithTheSum() {
        PreparationSite thor = site("thor");

        assertThat(blockers(draft(thor).withPages(new Hugepages(1024, 240)), thor))
                .singleElement()
                .satisfies(f -> assertThat(f.text()).contains("30 on each of 8 NUMA nodes"));
    }

    @Test
    void aTwinThatOthersBindByIdsIsToldAndMustBeTicked() {
        PreparationSite thor = site("thor");
        PreparationReadiness readiness =
                PreparationAssessment.of(draft(thor).withEarly(Set.of(PciSlot.parse("0000:41:00"))), thor);

        assertThat(readiness.findings())
                .filteredOn(f -> f.check().equals("twins.ids"))
                .singleElement()
                .satisfies(f -> assertThat(f.text()).contains("0000:81:00.0"));
    }

    @Test
    void aBlacklistedVfioPciIsRefused() {
        PreparationSite blacklisted =
                SamplePreparation.withFile(site("generic/after"), "/etc/modprobe.d/mine.conf", "blacklist vfio-pci\n");

        assertThat(blockers(draft(blacklisted).withEarly(Set.of(GPU)), blacklisted))
                .extracting(Finding::check)
                .containsExactly("early.blacklist");
    }

    @Test
    void idsThatMatchWhatTheHostNeedsAreRefused() {
        PreparationSite ids = SamplePreparation.withFile(
                site("caraxes"), "/etc/modprobe.d/hba.conf", "options vfio-pci ids=1000:0097\n");

        assertThat(blockers(draft(ids).withPages(new Hugepages(1024, 4)), ids))
                .extracting(Finding::check)
                .containsOnly("reboot.ids");
    }

    @Test
    void aSnippetThatOverridesGrubIsRefused() {
        PreparationSite snippet = SamplePreparation.withFile(
                site("generic/before"), "/etc/default/grub.d/50-mine.cfg", GrubDefaults.NAME + "=\"quiet\"\n");

        assertThat(blockers(draft(snippet).withIommu(true), snippet))
                .extracting(Finding::check)
                .containsExactly("files.grub-d");
    }

    @Test
    void aFileThatIsNoTextIsLeftAlone() {
        PreparationSite before = site("generic/before");
        HostFiles files = before.files();
        PreparationSite unreadable = SamplePreparation.with(
                before,
                new HostFiles(Map.of(), Map.of("/etc/default/grub", "no text"), files.folders(), files.kernels()));

        assertThat(blockers(draft(unreadable).withIommu(true), unreadable))
                .extracting(Finding::text)
                .contains("no text");
    }

    @Test
    void anOldKernelWithItsScreenOnTheCardGetsTheHandOverWord() {
        PreparationSite old = site(SampleHosts.changed(
                "generic/before",
                d -> d.replace("K\tkernel\t6.5.13-6-pve", "K\tkernel\t5.15.131-1-pve")
                        .replaceFirst("(?m)^(P\t0000:01:00.0\t.*)boot_vga=0", "$1boot_vga=1")));
        PreparationPlan plan = SamplePreparation.plan(draft(old).withIommu(true).withEarly(Set.of(GPU)), old);

        assertThat(plan.words()).contains("initcall_blacklist=sysfb_init");
        assertThat(plan.edits())
                .filteredOn(e -> e.path().equals(EarlyBinding.MODPROBE))
                .isNotEmpty();
    }

    @Test
    void aHostThatCarriesTheConsoleNeedsSomebodyThere() {
        PreparationSite carrying = SamplePreparation.with(
                site("generic/before"), new ConsoleSurroundings("pve.home.arpa", Set.of(), Set.of(), List.of()));
        PreparationDraft wish = draft(carrying).withIommu(true);
        PreparationReadiness ticked = SamplePreparation.assessed(wish, carrying);

        assertThat(ticked)
                .isInstanceOfSatisfying(
                        PreparationReadiness.Blocked.class,
                        b -> assertThat(b.toConfirm())
                                .extracting(Finding::check)
                                .containsExactly("reboot.carries-console"));
        PreparationPlan plan = SamplePreparation.plan(wish.withSomebodyThere("Somebody is there"), carrying);
        assertThat(plan.revertMinutes()).isEqualTo(30);
    }

    @Test
    void cleanUpsAloneRebootNothing() {
        PreparationSite before = site("generic/before");
        PreparationPlan plan = SamplePreparation.plan(draft(before).withoutLines(true, true), before);

        assertThat(plan.reboots()).isFalse();
        assertThat(new PrepareHost().outline(plan).steps())
                .extracting(s -> s.title())
                .doesNotContain("Reboot pve")
                .contains("Edit /etc/default/grub", "Edit /etc/modules");
    }

    private static List<Finding> blockers(PreparationDraft draft, PreparationSite site) {
        return PreparationAssessment.of(draft, site).findings().stream()
                .filter(Finding::blocks)
                .toList();
    }
}
