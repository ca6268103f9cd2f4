package dev.rackhouse.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.OutlineRules;
import dev.rackhouse.runbook.Step;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The literal plan of the main job. */
class CreatePassthroughVmTest {

    private final CreatePassthroughVm runbook = new CreatePassthroughVm();
    private final PassthroughPlan plan = SampleSites.plan(SampleSites.caraxes(), "0000:0e:00");

    @Test
    void readsAloudAsAPlan() {
        assertThat(runbook.outline(plan).steps())
                .extracting(Step::title)
                .containsExactly(
                        "The vmid is free",
                        "The host can spare the devices",
                        "Download the image",
                        "Create the VM",
                        "Grow the disk to 100 GiB",
                        "The host can still spare the devices",
                        "Start the VM",
                        "The guest answers on SSH",
                        "Cloud-init has finished",
                        "Install the guest agent",
                        "The guest agent answers",
                        "The guest sees every planned device",
                        "Shut the VM down",
                        "Start the VM a second time",
                        "The guest answers on SSH a second time",
                        "The guest agent answers a second time",
                        "The guest sees every planned device a second time",
                        "The host has all that it needs");
    }

    @Test
    void createsTheVmInProxmoxOwnWords() {
        ApiCall create = (ApiCall) step(runbook.outline(plan), "Create the VM").command();

        Map<String, String> form = create.form().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> String.join("&", e.getValue())));
        assertThat(create.path()).isEqualTo("/nodes/caraxes/qemu");
        assertThat(form)
                .containsEntry("vmid", "103")
                .containsEntry("machine", "q35")
                .containsEntry("bios", "ovmf")
                .containsEntry("cpu", "host")
                .containsEntry("balloon", "0")
                .containsEntry("hostpci0", "mapping=RTX-2080-SUPER,pcie=1")
                .containsEntry("efidisk0", "local-lvm:1,efitype=4m,pre-enrolled-keys=0")
                .containsEntry(
                        "scsi0",
                        "local-lvm:0,import-from=local:import/rackhouse-0d6c1b8e4c1b-noble-server-cloudimg-amd64.qcow2,discard=on,ssd=1,iothread=1")
                .containsEntry("net0", "virtio=BC:24:11:3E:7B:10,bridge=vmbr0")
                .containsEntry("ipconfig0", "ip=10.0.10.201/24,gw=10.0.10.1")
                .containsEntry("smbios1", "uuid=0d6c1b8e-4c1b-4b7a-8d5e-2f6a9c3e7b10")
                .containsEntry("tags", "rackhouse;rackhouse-0d6c1b8e4c1b")
                .containsEntry("onboot", "0")
                .containsEntry("ide2", "local-lvm:cloudinit")
                .doesNotContainKeys("hugepages", "affinity", "args");
        assertThat(form.get("sshkeys")).startsWith("ssh-ed25519%20AAAA").doesNotContain(" ");
    }

    @Test
    void setsRootOnlyKeysBySshAndMapsEachNewCard() {
        PassthroughPlan thor = SampleSites.plan(SampleSites.thorWithoutMappings(), "0000:41:00", "0000:81:00");

        Outline outline = runbook.outline(thor);

        Shell root = (Shell) step(outline, "Set what only root may set").command();
        assertThat(root.script()).isEqualTo("qm set 100 --hugepages 1024 --keephugepages 1");
        ApiCall map = (ApiCall) outline.steps().get(2).command();
        assertThat(map.form().get("map"))
                .containsExactly("node=thor,path=0000:41:00,id=10de:2204,subsystem-id=10de:147d,iommugroup=34");
        assertThat(outline.locks()).hasSize(3);
    }

    /** Proxmox VE 8.0 to 8.3 neither downloads nor imports images by the API. */
    @Test
    void onAnOlderNodeTheImageIsAFileAndRootImportsIt() {
        PassthroughPlan older = SampleSites.plan(SampleSites.caraxesWithVersion("8.1.10"), "0000:0e:00");

        Outline outline = runbook.outline(older);

        assertThat(older.image().volume())
                .isEqualTo("/var/lib/vz/template/rackhouse/rackhouse-0d6c1b8e4c1b-noble-server-cloudimg-amd64.qcow2");
        Step download = step(outline, "Download the image to the node");
        assertThat(((Shell) download.command()).script())
                .contains(
                        "wget -nv",
                        "-- 'https://images.example/noble-server-cloudimg-amd64.img'",
                        "sha256sum -c --status -")
                .doesNotContain(" > ");
        assertThat(((Shell) download.undo().getFirst().command()).script()).contains("rm -f \"$f\"");
        ApiCall create = (ApiCall) step(outline, "Create the VM").command();
        assertThat(create.form())
                .doesNotContainKeys("scsi0", "boot")
                .containsKeys("efidisk0", "ide2", "tags", "smbios1");
        Shell disk = (Shell) step(outline, "Import the disk, which only root may do from a file")
                .command();
        assertThat(disk.script())
                .isEqualTo(
                        "qm set 103 --scsi0 'local-lvm:0,import-from=/var/lib/vz/template/rackhouse/rackhouse-0d6c1b8e4c1b-noble-server-cloudimg-amd64.qcow2,discard=on,ssd=1,iothread=1' --boot order=scsi0");
    }

    @Test
    void onAnOlderNodeAnImageThatLiesThereIsNotDownloaded() {
        Site older = SampleSites.caraxesWithVersion("8.1.10");
        PassthroughDraft draft = SampleSites.draft(older, "0000:0e:00")
                .edit()
                .imageVolume("/var/lib/vz/template/noble.img")
                .done();

        Readiness.Ready ready = (Readiness.Ready) SampleSites.assessed(draft, older);

        assertThat(runbook.outline(ready.plan()).steps())
                .extracting(Step::title)
                .contains("The image lies on the node")
                .doesNotContain("Download the image to the node");
        assertThat(SampleSites.assessed(
                        draft.edit().imageVolume("/etc/../x.img").done(), older))
                .isInstanceOf(Readiness.Blocked.class);
    }

    @Test
    void aNodeWithoutResourceMappingsIsTooOld() {
        Readiness readiness = SampleSites.assessed(
                SampleSites.draft(SampleSites.caraxesWithVersion("7.4-3"), "0000:0e:00"),
                SampleSites.caraxesWithVersion("7.4-3"));

        assertThat(readiness.findings()).extracting(Finding::check).contains("pve.version");
    }

    @Test
    void canBeResumedAtAnyPoint() {
        Set<String> known = Stream.concat(
                        Stream.of(
                                        new DevicesReady(),
                                        new GuestSeesDevices(),
                                        new MappingStandsFor(),
                                        new OnlyTheseDisks())
                                .map(c -> c.name()),
                        Stream.of(
                                        Conditions.absent(),
                                        Conditions.succeeded(),
                                        Conditions.exitZero(),
                                        Conditions.outputEquals(""),
                                        Conditions.outputMatches(""),
                                        Conditions.jsonEquals("", ""),
                                        Conditions.jsonMatches("", ""),
                                        Conditions.listHas("", "", ""),
                                        Conditions.listLacks("", "", ""),
                                        Conditions.wordsHave("", ""),
                                        Conditions.propertyEquals("", "", ""))
                                .map(c -> c.name()))
                .collect(Collectors.toSet());

        assertThat(OutlineRules.problems(runbook.outline(plan), known)).isEmpty();
        assertThat(OutlineRules.problems(
                        runbook.outline(SampleSites.plan(SampleSites.thorWithoutMappings(), "0000:41:00")), known))
                .isEmpty();
        assertThat(OutlineRules.problems(
                        runbook.outline(SampleSites.plan(SampleSites.caraxesWithVersion("8.1.10"), "0000:0e:00")),
                        known))
                .isEmpty();
    }

    @Test
    void undoesNothingThatDoesNotBearItsMark() {
        Outline outline = runbook.outline(SampleSites.plan(SampleSites.thorWithoutMappings(), "0000:41:00"));

        assertThat(outline.steps().stream().flatMap(s -> s.undo().stream()))
                .isNotEmpty()
                .allSatisfy(undo -> assertThat(undo.onlyIf()).isNotNull());
        assertThat(step(outline, "Create the VM").undo().getLast().title())
                .contains("Delete VM 100 with its disks")
                .contains("scsi0");
    }

    @Test
    void survivesBeingStored() {
        JsonMapper json = JsonMapper.builder().build();

        PassthroughPlan read = json.readValue(json.writeValueAsString(plan), PassthroughPlan.class);

        assertThat(read).isEqualTo(plan);
        assertThat(runbook.outline(read)).isEqualTo(runbook.outline(plan));
    }

    @Test
    void comparesWhatTheGuestSeesWithThePlan() {
        Map<String, String> two = Map.of("devices", "10de:2204 10de:1aef 10de:2204 10de:1aef");
        String both =
                "0000:00:00.0 8086:29c0\n0000:01:00.0 10de:2204\n0000:01:00.1 10de:1aef\n0000:02:00.0 10de:2204\n0000:02:00.1 10de:1aef\n";

        assertThat(new GuestSeesDevices().judge(two, Answer.shell(0, both, "")).holds())
                .isTrue();
        assertThat(new GuestSeesDevices()
                        .judge(two, Answer.shell(0, both.replaceFirst("10de:2204", "10de:ffff"), ""))
                        .holds())
                .isFalse();
        assertThat(new GuestSeesDevices()
                        .judge(two, Answer.shell(127, "", "sh: not found"))
                        .holds())
                .isFalse();
    }

    @Test
    void looksAtTheHostAgainBeforeItStarts() {
        Map<String, String> planned = Map.of("devices", "0000:0e:00.0=10de:1e81 0000:0e:00.1=10de:10f8", "vmid", "103");

        assertThat(judged(planned, SampleHosts.dump("caraxes")).holds()).isTrue();
        assertThat(judged(Map.of("devices", "0000:0e:00.0=10de:2204", "vmid", "103"), SampleHosts.dump("caraxes"))
                        .because())
                .contains("is 10de:1e81 now");
        assertThat(judged(Map.of("devices", "0000:0d:00.0=10de:2203", "vmid", "103"), SampleHosts.dump("meraxes"))
                        .because())
                .contains("dev.used-running");
        assertThat(judged(Map.of("devices", "0000:0d:00.0=10de:2203", "vmid", "200"), SampleHosts.dump("meraxes"))
                        .holds())
                .isTrue();
        assertThat(judged(planned, "sudo: a password is required").standing()).isEqualTo(Judgement.Standing.UNKNOWN);
    }

    @Test
    void leavesAVmAloneThatGotAnotherDisk() {
        Map<String, String> ours = Map.of("disks", "efidisk0 scsi0 ide2");
        String config =
                "{\"scsi0\":\"a:vm-1-disk-1\",\"efidisk0\":\"a:vm-1-disk-0\",\"ide2\":\"a:vm-1-cloudinit,media=cdrom\",\"scsihw\":\"x\"%s}";

        assertThat(new OnlyTheseDisks()
                        .judge(ours, Answer.api(200, config.formatted("")))
                        .holds())
                .isTrue();
        assertThat(new OnlyTheseDisks()
                        .judge(ours, Answer.api(200, config.formatted(",\"scsi1\":\"a:vm-1-disk-2,size=9G\"")))
                        .because())
                .contains("scsi1 (a:vm-1-disk-2)");
    }

    @Test
    void recognisesAMappingWhateverTheOrderOfItsKeys() {
        Map<String, String> wanted = Map.of(
                "node", "thor", "path", "0000:41:00", "id", "10de:2204", "subsystem", "10de:147d", "group", "34");

        assertThat(mapping(wanted, "iommugroup=34,id=10de:2204,node=thor,path=0000:41:00,subsystem-id=10de:147d"))
                .isTrue();
        assertThat(mapping(wanted, "iommugroup=35,id=10de:2204,node=thor,path=0000:41:00,subsystem-id=10de:147d"))
                .isFalse();
    }

    private static boolean mapping(Map<String, String> wanted, String entry) {
        return new MappingStandsFor()
                .judge(wanted, Answer.api(200, "{\"map\":[\"" + entry + "\"]}"))
                .holds();
    }

    private static Judgement judged(Map<String, String> arguments, String output) {
        return new DevicesReady().judge(arguments, Answer.shell(0, output, ""));
    }

    private static Step step(Outline outline, String title) {
        List<Step> found =
                outline.steps().stream().filter(s -> s.title().equals(title)).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }
}
