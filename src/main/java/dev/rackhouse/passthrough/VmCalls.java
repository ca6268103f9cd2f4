package dev.rackhouse.passthrough;

import dev.rackhouse.base.LabId;
import dev.rackhouse.inventory.fact.ProbeScript;
import dev.rackhouse.passthrough.PassthroughPlan.Download;
import dev.rackhouse.passthrough.PassthroughPlan.PlannedFunction;
import dev.rackhouse.proxmox.PvePath;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The literal calls, scripts and conditions of one plan. */
final class VmCalls {

    private static final Duration PROBE_LIMIT = Duration.ofSeconds(60);
    private static final Duration GUEST_LIMIT = Duration.ofSeconds(30);
    private static final List<String> OUR_DISKS = List.of("efidisk0", "scsi0", "ide2");

    private final PassthroughPlan plan;
    private final LabId lab;
    private final String vm;
    private final Host node;
    private final Host guest;

    VmCalls(PassthroughPlan plan) {
        this.plan = plan;
        this.lab = plan.node().lab();
        this.vm = PvePath.of("nodes", plan.node().node(), "qemu", plan.vmid());
        this.node = new Host.Node(plan.node());
        this.guest = new Host.GuestVia(plan.node(), plan.user(), plan.host(), 22);
    }

    Check vmidIsFree() {
        return Check.that(
                ApiCall.get(lab, "/cluster/resources").with("type", "vm"),
                Conditions.listLacks("", "vmid", plan.vmid()));
    }

    Check devicesReady() {
        return Check.that(
                new Shell(node, ProbeScript.text(), PROBE_LIMIT),
                Condition.of(
                        DevicesReady.NAME,
                        "devices",
                        plan.functions().stream()
                                .map(f -> f.address() + "=" + f.ids() + subsystem(f))
                                .collect(Collectors.joining(" ")),
                        "vmid",
                        plan.vmid().toString()));
    }

    /** Of a device's first function, which is what a mapping names too. */
    private String subsystem(PlannedFunction function) {
        return plan.devices().stream()
                .filter(d -> d.functions().getFirst().equals(function) && d.subsystem() != null)
                .map(d -> "/" + d.subsystem())
                .findFirst()
                .orElse("");
    }

    ApiCall download(Download download) {
        return ApiCall.post(lab, PvePath.of("nodes", plan.node().node(), "storage", download.storage(), "download-url"))
                .with("content", "import")
                .with("url", download.url())
                .with("filename", download.fileName())
                .with("checksum", download.checksum())
                .with("checksum-algorithm", download.algorithm());
    }

    private ApiCall images(Download download) {
        return ApiCall.get(lab, PvePath.of("nodes", plan.node().node(), "storage", download.storage(), "content"))
                .with("content", "import");
    }

    Check imageLies(Download download) {
        return Check.that(
                images(download), Conditions.listHas("", "volid", plan.image().volume()));
    }

    Check imageGone(Download download) {
        return Check.that(
                images(download), Conditions.listLacks("", "volid", plan.image().volume()));
    }

    ApiCall removeImage(Download download) {
        return ApiCall.delete(
                lab,
                PvePath.of(
                        "nodes",
                        plan.node().node(),
                        "storage",
                        download.storage(),
                        "content",
                        plan.image().volume()));
    }

    NodeImages nodeImages() {
        return new NodeImages(node, plan.image());
    }

    /** Of a file on the node: only root may name it, so not even root's token. The boot order needs the disk to be there. */
    Shell importDisk() {
        return new Shell(
                node,
                "qm set " + plan.vmid() + " --scsi0 " + NodeImages.quoted(VmOptions.disk(plan)) + " --boot order=scsi0",
                Duration.ofMinutes(28));
    }

    Check diskIsThere() {
        return bearsOurMark()
                .and(Conditions.jsonMatches("/scsi0", ".*" + plan.vmid() + "-disk-.*"))
                .and(Conditions.jsonEquals("/boot", "order=scsi0"));
    }

    ApiCall create() {
        ApiCall call = ApiCall.post(lab, PvePath.of("nodes", plan.node().node(), "qemu"));
        for (var option : VmOptions.create(plan).entrySet()) {
            call = call.with(option.getKey(), option.getValue());
        }
        return call;
    }

    private ApiCall config() {
        return ApiCall.get(lab, vm + "/config");
    }

    Check bearsOurMark() {
        return Check.that(
                config(),
                Conditions.wordsHave("/tags", plan.mark()),
                Conditions.propertyEquals("/smbios1", "uuid", plan.smbios().toString()));
    }

    Check bearsOurMarkAndOurDisks() {
        return bearsOurMark().and(Condition.of(OnlyTheseDisks.NAME, "disks", String.join(" ", OUR_DISKS)));
    }

    Check vmIsGone() {
        return Check.that(config(), Conditions.absent());
    }

    ApiCall resize() {
        return ApiCall.put(lab, vm + "/resize").with("disk", "scsi0").with("size", plan.diskGiB() + "G");
    }

    Check diskHasItsSize() {
        return Check.that(config(), Conditions.propertyEquals("/scsi0", "size", plan.diskGiB() + "G"));
    }

    /** Keys that an API token can never set, not even root's: Proxmox compares the caller with root@pam. */
    List<String> rootOnly() {
        List<String> options = new ArrayList<>();
        if (plan.hugepages() != null) {
            options.add("--hugepages " + plan.hugepages());
            options.add("--keephugepages 1");
        }
        if (plan.affinity() != null) {
            options.add("--affinity " + plan.affinity());
        }
        return options;
    }

    Shell setRootOnly() {
        return new Shell(node, "qm set " + plan.vmid() + " " + String.join(" ", rootOnly()), Duration.ofMinutes(2));
    }

    Check rootOnlyIsSet() {
        Check check = bearsOurMark();
        if (plan.hugepages() != null) {
            check = check.and(Conditions.jsonEquals("/hugepages", plan.hugepages()))
                    .and(Conditions.jsonEquals("/keephugepages", 1));
        }
        if (plan.affinity() != null) {
            check = check.and(Conditions.jsonEquals("/affinity", plan.affinity()));
        }
        return check;
    }

    /** Proxmox allows a start 30 s and a second for each GiB beyond; pinning much memory can need more. */
    ApiCall start() {
        ApiCall call = ApiCall.post(lab, vm + "/status/start");
        return plan.memoryMiB() > 30 * 1024 ? call.with("timeout", 900) : call;
    }

    private ApiCall status() {
        return ApiCall.get(lab, vm + "/status/current");
    }

    Check isRunning() {
        return Check.that(status(), Conditions.jsonEquals("/status", "running"));
    }

    Check isStopped() {
        return Check.that(status(), Conditions.jsonEquals("/status", "stopped"));
    }

    ApiCall shutdown() {
        return ApiCall.post(lab, vm + "/status/shutdown").with("timeout", 180).with("forceStop", 1);
    }

    ApiCall stop() {
        return ApiCall.post(lab, vm + "/status/stop");
    }

    ApiCall delete() {
        return ApiCall.delete(lab, vm).with("purge", 1).with("destroy-unreferenced-disks", 1);
    }

    Check answersOnSsh() {
        return Check.that(new Shell(guest, "echo ready", GUEST_LIMIT), Conditions.outputEquals("ready"));
    }

    /** Exit code 2: done, with errors from which it recovered. */
    Check cloudInitDone() {
        return Check.that(
                new Shell(guest, "cloud-init status || [ $? -eq 2 ]", GUEST_LIMIT),
                Conditions.outputMatches("status: done"));
    }

    Command installAgent() {
        return new Shell(guest, GuestScripts.INSTALL_AGENT, Duration.ofMinutes(14));
    }

    Check agentRuns() {
        return Check.that(
                new Shell(guest, "systemctl is-active --quiet qemu-guest-agent", GUEST_LIMIT), Conditions.exitZero());
    }

    Check agentAnswers() {
        return Check.that(ApiCall.post(lab, vm + "/agent/ping"), Conditions.succeeded());
    }

    Check guestSeesDevices() {
        return Check.that(
                new Shell(guest, GuestScripts.LIST_PCI, GUEST_LIMIT),
                Condition.of(
                        GuestSeesDevices.NAME,
                        "devices",
                        plan.functions().stream().map(PlannedFunction::ids).collect(Collectors.joining(" "))));
    }
}
