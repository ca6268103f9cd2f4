package dev.rackhouse.passthrough;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.HostPciEntry;
import dev.rackhouse.inventory.fact.PathList;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.passthrough.PassthroughDraft.Field;
import dev.rackhouse.passthrough.PassthroughPlan.Accepted;
import dev.rackhouse.passthrough.PassthroughPlan.Device;
import dev.rackhouse.passthrough.Readiness.Problem;
import dev.rackhouse.proxmox.PveVersion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns a draft and what is known about its place into a verdict. Pure. */
final class Assessment {

    private final PassthroughDraft draft;
    private final Site site;
    private final Examined host;
    private final HostFacts facts;
    private final Problems problems = new Problems();
    private final List<Finding> findings = new ArrayList<>();

    private Assessment(PassthroughDraft draft, Site site, Examined host) {
        this.draft = draft;
        this.site = site;
        this.host = host;
        this.facts = host.facts();
    }

    static Readiness of(PassthroughDraft draft, Site site) {
        HostFacts facts = site.facts();
        if (facts == null) {
            Problems problems = new Problems();
            problems.add(
                    Field.NODE,
                    site.ssh()
                            ? "This node was never probed. Probe it first."
                            : "The console does not reach this node by SSH, so it cannot see what the host needs. Add SSH for it on the lab's page.");
            return new Readiness.Blocked(problems.list(), List.of(), List.of());
        }
        return of(draft, site, Examined.of(facts));
    }

    /** @param host of the site's facts */
    static Readiness of(PassthroughDraft draft, Site site, Examined host) {
        return new Assessment(draft, site, host).assess();
    }

    private Readiness assess() {
        place();
        findings.addAll(host.host());
        findings.addAll(ReportedRules.ofHost(site.reported()));
        List<List<PciFunction>> chosen = chosen();
        List<PciFunction> planned = chosen.stream().flatMap(List::stream).toList();
        for (Target target : targets()) {
            findings.addAll(Findings.ofDevice(host, target, planned, null));
            findings.addAll(ReportedRules.mappings(site.reported(), facts, target, Candidate.functions(facts, target)));
        }
        List<Device> devices = devices(chosen);
        Optional<MachineInputs> machine = MachineInputs.read(draft, site, facts, problems);
        Optional<DiskInputs> disk = DiskInputs.read(draft, site, problems);
        inputs();
        Optional<NetworkInputs> network = NetworkInputs.read(draft, site, problems);
        Optional<AccessInputs> access = AccessInputs.read(draft, site, problems);
        disk.ifPresent(this::room);
        machine.ifPresent(m -> findings.addAll(ofPlannedGuest(m, devices, planned)));
        findings.add(Finding.information(
                "img.agent",
                HostRules.NODE,
                "Cloud images bring no guest agent. The guest is reached by SSH through its node, and the agent is installed then.",
                "Nothing to do."));
        List<Finding> sorted = sorted();
        List<Finding> toConfirm = sorted.stream()
                .filter(f -> f.needsTick() && !draft.accepted().contains(f.key()))
                .toList();
        boolean blocked = sorted.stream().anyMatch(Finding::blocks) || !toConfirm.isEmpty() || devices.isEmpty();
        if (!problems.none()
                || blocked
                || machine.isEmpty()
                || disk.isEmpty()
                || network.isEmpty()
                || access.isEmpty()) {
            return new Readiness.Blocked(problems.list(), sorted, toConfirm);
        }
        return new Readiness.Ready(
                plan(devices, machine.get(), disk.get(), network.get(), access.get(), sorted), sorted);
    }

    private List<Finding> sorted() {
        Map<String, Finding> once = new LinkedHashMap<>();
        findings.forEach(f -> once.merge(f.key(), f, (a, b) -> b.severity().compareTo(a.severity()) < 0 ? b : a));
        return once.values().stream()
                .sorted(Comparator.comparing(Finding::severity))
                .toList();
    }

    private void place() {
        PveVersion version = site.version();
        if (version == null) {
            problems.add(Field.NODE, "This machine runs no Proxmox VE, so it cannot get a VM.");
        } else if (!version.since(8, 0)) {
            findings.add(Finding.blocker(
                    "pve.version",
                    HostRules.NODE,
                    "Proxmox VE " + version
                            + " is too old: resource mappings, by which devices are given away, came with 8.0.",
                    "Upgrade the node to 8.0 or newer."));
        }
        if (!site.ssh()) {
            findings.add(Finding.blocker(
                    "ssh.none",
                    HostRules.NODE,
                    "The console does not reach this node by SSH, and so neither the guest behind it.",
                    "Add SSH for the node on the lab's page."));
        }
        if (site.ssh() && site.consoleKey() == null) {
            findings.add(Finding.blocker(
                    "ssh.key",
                    HostRules.NODE,
                    "The console has no key of its own for this lab, so it could not sign in to the guest.",
                    "Let it make one on the lab's page."));
        }
    }

    private List<Target> targets() {
        return draft.devices().stream()
                .flatMap(text -> PathList.parse(text).stream())
                .map(p -> p.function() == null ? new Target.Slot(p.slot()) : (Target) new Target.Device(p.function()))
                .distinct()
                .toList();
    }

    private List<List<PciFunction>> chosen() {
        List<List<PciFunction>> chosen = new ArrayList<>();
        Set<PciAddress> seen = new HashSet<>();
        for (Target target : targets()) {
            List<PciFunction> functions = Candidate.functions(facts, target);
            if (functions.stream().anyMatch(f -> !seen.add(f.address()))) {
                problems.add(Field.DEVICES, target + " is chosen twice.");
            }
            chosen.add(functions);
        }
        if (chosen.isEmpty()) {
            problems.add(Field.DEVICES, "Choose a device.");
        }
        if (chosen.size() > 16) {
            problems.add(Field.DEVICES, "A VM takes at most 16 devices.");
        }
        return chosen;
    }

    private List<Device> devices(List<List<PciFunction>> chosen) {
        DeviceNames names = new DeviceNames(site, facts);
        return chosen.stream().filter(f -> !f.isEmpty()).map(names::device).toList();
    }

    /** Two inputs are checks as well: a number that is taken, and an image that is not there. */
    private void inputs() {
        for (Problem problem : problems.list()) {
            if (problem.field() == Field.VMID && !draft.vmid().isBlank()) {
                findings.add(Finding.blocker(
                        "id.vmid",
                        HostRules.NODE,
                        problem.text(),
                        "Take the next free number of the cluster.",
                        "vmid " + Problems.shown(draft.vmid())));
            }
            if (problem.field() == Field.IMAGE || problem.field() == Field.IMAGE_CHECKSUM) {
                findings.add(Finding.blocker(
                        "img.cloud",
                        HostRules.NODE,
                        problem.text(),
                        "Choose an image that lies there, or have one downloaded and compared with its publisher's checksum.",
                        "image "
                                + Problems.shown(
                                        draft.imageVolume().isBlank() ? draft.imageUrl() : draft.imageVolume())));
            }
        }
    }

    private void room(DiskInputs disk) {
        ByteSize free =
                site.storage(disk.storage()).map(Site.Storage::available).orElse(null);
        ByteSize wanted = new ByteSize(ByteSize.ofGiB(disk.diskGiB()).bytes() / 10 * 11);
        if (free == null) {
            findings.add(Finding.unknown(
                    "st.room",
                    HostRules.NODE,
                    "How much room is left on storage " + disk.storage() + " is not known.",
                    "Look at the storage's page."));
        } else if (free.compareTo(wanted) < 0) {
            findings.add(Finding.blocker(
                    "st.room",
                    HostRules.NODE,
                    "Storage %s has %s left; the disk and a tenth more need %s."
                            .formatted(disk.storage(), free, wanted),
                    "Choose another storage, or a smaller disk."));
        }
    }

    private List<Finding> ofPlannedGuest(MachineInputs machine, List<Device> devices, List<PciFunction> planned) {
        GuestConfig config = new GuestConfig(
                site.node().node(),
                GuestConfig.Kind.VM,
                machine.vmid(),
                new LinkedHashMap<>(VmOptions.machine(machine, devices)));
        return Rule.all(GuestRules.ALL, new GuestCase(facts, config, HostPciEntry.of(config), planned, false));
    }

    private PassthroughPlan plan(
            List<Device> devices,
            MachineInputs machine,
            DiskInputs disk,
            NetworkInputs network,
            AccessInputs access,
            List<Finding> sorted) {
        return new PassthroughPlan(
                site.node(),
                machine.vmid(),
                machine.name(),
                draft.smbios(),
                devices,
                machine.cores(),
                machine.memoryMiB(),
                machine.cells(),
                machine.hugepages() ? "1024" : null,
                machine.affinity(),
                disk.storage(),
                disk.diskGiB(),
                disk.image(),
                network.bridge(),
                network.vlan(),
                network.address().toString(),
                network.gateway(),
                network.nameserver(),
                access.user(),
                access.sshKeys(),
                sorted.stream()
                        .filter(Finding::needsTick)
                        .map(f -> new Accepted(f.check(), f.target().toString(), f.text(), f.evidence()))
                        .toList());
    }
}
