package dev.rackhouse.passthrough;

import dev.rackhouse.passthrough.PassthroughPlan.Cell;
import dev.rackhouse.passthrough.PassthroughPlan.Device;
import dev.rackhouse.proxmox.CloudInitKeys;
import dev.rackhouse.proxmox.DiskSpec;
import dev.rackhouse.proxmox.HostPci;
import dev.rackhouse.proxmox.IpConfig;
import dev.rackhouse.proxmox.NetDevice;
import dev.rackhouse.proxmox.NumaNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The VM's configuration in Proxmox's words. */
final class VmOptions {

    /** What everything that we make bears. */
    static final String TAG = "rackhouse";

    private VmOptions() {}

    /** Machine, size and devices, root-only keys included: what the checks of a guest look at. */
    static SequencedMap<String, String> machine(MachineInputs machine, List<Device> devices) {
        SequencedMap<String, String> options =
                machine(machine.name(), machine.cores(), machine.memoryMiB(), machine.cells(), devices);
        options.put("efidisk0", "planned:1,efitype=4m,pre-enrolled-keys=0");
        if (machine.hugepages()) {
            options.put("hugepages", "1024");
            options.put("keephugepages", "1");
        }
        return options;
    }

    private static SequencedMap<String, String> machine(
            String name, int cores, int memoryMiB, List<Cell> cells, List<Device> devices) {
        SequencedMap<String, String> options = new LinkedHashMap<>();
        options.put("name", name);
        options.put("ostype", "l26");
        options.put("machine", "q35");
        options.put("bios", "ovmf");
        options.put("cpu", "host");
        options.put("sockets", "1");
        options.put("cores", Integer.toString(cores));
        options.put("memory", Integer.toString(memoryMiB));
        options.put("balloon", "0");
        if (!cells.isEmpty()) {
            options.put("numa", "1");
            for (int i = 0; i < cells.size(); i++) {
                Cell cell = cells.get(i);
                options.put(
                        "numa" + i,
                        NumaNode.bound(cell.first(), cell.last(), cell.hostNode(), cell.memoryMiB())
                                .print());
            }
        }
        for (int i = 0; i < devices.size(); i++) {
            options.put("hostpci" + i, HostPci.mapped(devices.get(i).mapping()).print());
        }
        return options;
    }

    /** The system disk, filled from the image. */
    static String disk(PassthroughPlan plan) {
        return DiskSpec.parse(plan.storage() + ":0")
                .with("import-from", plan.image().volume())
                .with("discard", "on")
                .with("ssd", "1")
                .with("iothread", "1")
                .print();
    }

    /** All that the API call creates; what only root may set is not in it. */
    static SequencedMap<String, String> create(PassthroughPlan plan) {
        SequencedMap<String, String> options = new LinkedHashMap<>();
        options.put("vmid", plan.vmid().toString());
        options.putAll(machine(plan.name(), plan.cores(), plan.memoryMiB(), plan.cells(), plan.devices()));
        options.put("smbios1", "uuid=" + plan.smbios());
        options.put("tags", TAG + ";" + plan.mark());
        options.put(
                "efidisk0",
                DiskSpec.create(plan.storage(), 1)
                        .with("efitype", "4m")
                        .with("pre-enrolled-keys", "0")
                        .print());
        options.put("scsihw", "virtio-scsi-single");
        if (!plan.image().onNode()) {
            options.put("scsi0", disk(plan));
            options.put("boot", "order=scsi0");
        }
        options.put(
                "net0",
                new NetDevice(
                                "virtio",
                                null,
                                plan.mac(),
                                plan.bridge(),
                                plan.vlan(),
                                null,
                                false,
                                false,
                                new LinkedHashMap<>())
                        .print());
        options.put("agent", "1");
        options.put("serial0", "socket");
        options.put("vga", "serial0");
        options.put("onboot", "0");
        options.put("ide2", DiskSpec.cloudInit(plan.storage()).print());
        options.put("citype", "nocloud");
        options.put("ciuser", plan.user());
        options.put("ciupgrade", "0");
        options.put("ipconfig0", IpConfig.fixed(plan.address(), plan.gateway()).print());
        if (plan.nameserver() != null) {
            options.put("nameserver", plan.nameserver());
        }
        options.put("sshkeys", CloudInitKeys.encode(plan.sshKeys()));
        return options;
    }
}
