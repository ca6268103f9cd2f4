package dev.rackhouse.passthrough;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.LabId;
import dev.rackhouse.inventory.fact.ProbeScript;
import dev.rackhouse.passthrough.PassthroughPlan.Device;
import dev.rackhouse.passthrough.PassthroughPlan.Download;
import dev.rackhouse.passthrough.PassthroughPlan.PlannedFunction;
import dev.rackhouse.proxmox.PciMapping;
import dev.rackhouse.proxmox.PvePath;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Locks;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.RetryPolicy;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Creates a VM with passed-through devices, proves from inside the guest that it sees them, stops it and proves it a second time, since
 * a device that cannot be reset works exactly once. Whatever is undone bears the mark of this run: its tag, its vmid, and the SMBIOS
 * identity that the preview shows.
 */
@Component
public class CreatePassthroughVm implements Runbook<PassthroughPlan> {

    public static final String NAME = "create-passthrough-vm";

    private static final Duration PROBE_LIMIT = Duration.ofSeconds(60);
    private static final Duration GUEST_LIMIT = Duration.ofSeconds(30);
    private static final Duration BOOT = Duration.ofMinutes(6);
    private static final List<String> OUR_DISKS = List.of("efidisk0", "scsi0", "ide2");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "Create passthrough VM";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Class<PassthroughPlan> plan() {
        return PassthroughPlan.class;
    }

    @Override
    public Outline outline(PassthroughPlan plan) {
        Calls calls = new Calls(plan);
        Outline outline = Outline.titled("Create %s on %s", plan.name(), plan.node().node())
                .target(plan.node().node() + " / " + plan.vmid())
                .locks(locks(plan));
        for (String note : notes(plan)) {
            outline = outline.note(note);
        }
        outline = outline.check("The vmid is free", calls.vmidIsFree());
        outline = outline.check("The host can spare the devices", calls.devicesReady());
        for (Device device : plan.devices()) {
            if (device.newMapping()) {
                outline = outline.step("map-" + device.path(), "Map " + device.label() + " as " + device.mapping(), calls.map(device))
                        .unless(calls.mapped(device))
                        .confirm(calls.mapped(device), Duration.ofSeconds(20))
                        .undo(Undo.by("Remove mapping " + device.mapping(), calls.unmap(device))
                                .onlyIf(calls.mappingIsOurs(device))
                                .confirm(calls.unmapped(device), Duration.ofSeconds(20)));
            }
        }
        Download download = plan.image().download();
        if (download != null) {
            outline = outline.step("Download the image", calls.download(download))
                    .unless(calls.imageLies(download))
                    .confirm(calls.imageLies(download), Duration.ofSeconds(30))
                    .limit(Duration.ofHours(1))
                    .usually(Duration.ofMinutes(1))
                    .undo(Undo.by("Remove the downloaded image", calls.removeImage(download))
                            .onlyIf(calls.imageLies(download))
                            .confirm(calls.imageGone(download), Duration.ofSeconds(60)));
        }
        outline = outline.step("Create the VM", calls.create())
                .unless(calls.bearsOurMark())
                .confirm(calls.bearsOurMark(), Duration.ofSeconds(30))
                .limit(Duration.ofMinutes(30))
                .usually(Duration.ofSeconds(20))
                .retry(RetryPolicy.never())
                .undo(stop(plan, calls), delete(plan, calls));
        outline = outline.step("Grow the disk to " + plan.diskGiB() + " GiB", calls.resize())
                .unless(calls.diskHasItsSize())
                .confirm(calls.diskHasItsSize(), Duration.ofSeconds(60))
                .retry(RetryPolicy.never());
        if (!calls.rootOnly().isEmpty()) {
            outline = outline.step("Set what only root may set", calls.setRootOnly())
                    .unless(calls.rootOnlyIsSet())
                    .confirm(calls.rootOnlyIsSet(), Duration.ofSeconds(20));
        }
        outline = outline.check("The host can still spare the devices", calls.devicesReady());
        outline = startAndProve(outline, plan, calls, true);
        outline = outline.step("Shut the VM down", calls.shutdown())
                .unless(calls.isStopped())
                .confirm(calls.isStopped(), Duration.ofMinutes(2))
                .limit(Duration.ofMinutes(6))
                .usually(Duration.ofSeconds(20));
        outline = startAndProve(outline, plan, calls, false);
        return outline.check("The host has all that it needs", calls.devicesReady());
    }

    private static Outline startAndProve(Outline outline, PassthroughPlan plan, Calls calls, boolean first) {
        String again = first ? "" : " a second time";
        Outline grown = outline.step("Start the VM" + again, calls.start())
                .unless(calls.isRunning())
                .confirm(calls.isRunning(), Duration.ofSeconds(30))
                .limit(Duration.ofMinutes(20))
                .usually(Duration.ofSeconds(15 + plan.memoryMiB() / 1024))
                .retry(RetryPolicy.never())
                .undo(stop(plan, calls));
        grown = grown.confirm("The guest answers on SSH" + again, calls.answersOnSsh(), BOOT)
                .usually(Duration.ofSeconds(40));
        if (first) {
            grown = grown.confirm("Cloud-init has finished", calls.cloudInitDone(), Duration.ofMinutes(10))
                    .usually(Duration.ofSeconds(40));
            grown = grown.step("Install the guest agent", calls.installAgent())
                    .unless(calls.agentRuns())
                    .limit(Duration.ofMinutes(15))
                    .usually(Duration.ofSeconds(30));
        }
        return grown.confirm("The guest agent answers" + again, calls.agentAnswers(), Duration.ofMinutes(4))
                .confirm("The guest sees every planned device" + again, calls.guestSeesDevices(), Duration.ofMinutes(1));
    }

    private static Undo stop(PassthroughPlan plan, Calls calls) {
        return Undo.by("Stop VM " + plan.vmid(), calls.stop())
                .onlyIf(calls.bearsOurMark())
                .unless(calls.isStopped())
                .confirm(calls.isStopped(), Duration.ofMinutes(2))
                .limit(Duration.ofMinutes(5));
    }

    private static Undo delete(PassthroughPlan plan, Calls calls) {
        return Undo.by(
                        "Delete VM %s with its disks, and all that was written to them since: scsi0 (%d GiB on %s), efidisk0, cloud-init drive"
                                .formatted(plan.vmid(), plan.diskGiB(), plan.storage()),
                        calls.delete())
                .onlyIf(calls.bearsOurMarkAndOurDisks())
                .confirm(calls.vmIsGone(), Duration.ofMinutes(2))
                .limit(Duration.ofMinutes(15));
    }

    private static String[] locks(PassthroughPlan plan) {
        List<String> locks = new ArrayList<>();
        locks.add(Locks.guest(new GuestRef(plan.node().lab(), plan.vmid())));
        plan.devices().stream()
                .map(d -> Locks.pci(plan.node(), d.slot()))
                .distinct()
                .forEach(locks::add);
        return locks.toArray(String[]::new);
    }

    private static List<String> notes(PassthroughPlan plan) {
        List<String> notes = new ArrayList<>();
        notes.add("After this the guest shows "
                + plan.functions().stream().map(PlannedFunction::ids).collect(Collectors.joining(", "))
                + ", proved twice: start, stop, start.");
        notes.add("The host is not rebooted. No other guest is touched.");
        notes.add("VM " + plan.vmid() + " bears the tags " + VmOptions.TAG + " and " + plan.mark()
                + " and the identity " + plan.smbios() + ". It does not start with the host.");
        if (plan.memoryMiB() > 32 * 1024) {
            notes.add("All of its memory is taken at start; that can last minutes, and the task shows nothing meanwhile.");
        }
        List<PlannedFunction> taken = plan.functions().stream()
                .filter(f -> f.driver() != null && !"vfio-pci".equals(f.driver()))
                .toList();
        if (!taken.isEmpty()) {
            notes.add(taken.stream().map(f -> f.address() + " (" + f.driver() + ")").collect(Collectors.joining(", "))
                    + (taken.size() == 1 ? " goes" : " go")
                    + " from the host to vfio-pci. Proxmox leaves it so when the VM stops; the host's driver has it again after the next boot.");
        }
        return notes;
    }

    /** The literal calls, scripts and conditions of one plan. */
    private static final class Calls {

        private final PassthroughPlan plan;
        private final LabId lab;
        private final String vm;
        private final Host node;
        private final Host guest;

        Calls(PassthroughPlan plan) {
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
                                    .map(f -> f.address() + "=" + f.ids())
                                    .collect(Collectors.joining(" ")),
                            "vmid",
                            plan.vmid().toString()));
        }

        ApiCall map(Device device) {
            return ApiCall.post(lab, "/cluster/mapping/pci")
                    .with("id", device.mapping())
                    .with("description", device.label() + ", made by " + plan.mark())
                    .with(
                            "map",
                            new PciMapping(
                                            plan.node().node(), device.path(), device.ids(), device.subsystem(), device.group(), null)
                                    .print());
        }

        private ApiCall readMapping(Device device) {
            return ApiCall.get(lab, PvePath.of("cluster", "mapping", "pci", device.mapping()));
        }

        Check mapped(Device device) {
            String subsystem = device.subsystem();
            Integer group = device.group();
            return Check.that(
                    readMapping(device),
                    Condition.of(
                            MappingStandsFor.NAME,
                            "node",
                            plan.node().node(),
                            "path",
                            device.path(),
                            "id",
                            device.ids(),
                            "subsystem",
                            subsystem == null ? "" : subsystem,
                            "group",
                            group == null ? "" : group.toString()));
        }

        Check mappingIsOurs(Device device) {
            return Check.that(
                    readMapping(device), Conditions.jsonMatches("/description", ".*made by " + plan.mark()));
        }

        Check unmapped(Device device) {
            return Check.that(readMapping(device), Conditions.absent());
        }

        ApiCall unmap(Device device) {
            return ApiCall.delete(lab, PvePath.of("cluster", "mapping", "pci", device.mapping()));
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
            return Check.that(images(download), Conditions.listHas("", "volid", plan.image().volume()));
        }

        Check imageGone(Download download) {
            return Check.that(images(download), Conditions.listLacks("", "volid", plan.image().volume()));
        }

        ApiCall removeImage(Download download) {
            return ApiCall.delete(
                    lab,
                    PvePath.of(
                            "nodes", plan.node().node(), "storage", download.storage(), "content", plan.image().volume()));
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
            return new Shell(
                    node, "qm set " + plan.vmid() + " " + String.join(" ", rootOnly()), Duration.ofMinutes(2));
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
                            plan.functions().stream()
                                    .map(PlannedFunction::ids)
                                    .collect(Collectors.joining(" "))));
        }
    }
}
