package dev.rackhouse.passthrough.fuzz;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Prints a made host as the probe would, format 1. */
final class Dump {

    private final Board board;
    private final Disks disks;
    private final Wires wires;
    private final List<String> records = new ArrayList<>();

    Dump(Board board, Disks disks, Wires wires) {
        this.board = board;
        this.disks = disks;
        this.wires = wires;
    }

    String print(
            String name,
            List<String> guests,
            List<String> guestRecords,
            List<String> reservations,
            List<String> runs,
            List<String> mappings) {
        records.add("BEGIN\t1");
        host(name);
        wires.file.forEach(l -> records.add("L\t/etc/network/interfaces\t" + l));
        groups();
        List<Fn> sorted = board.functions.stream()
                .sorted(Comparator.comparing((Fn f) -> f.address))
                .toList();
        sorted.stream().filter(f -> f.driver != null).forEach(f -> records.add("DRV\t" + f.address + "\t" + f.driver));
        sorted.forEach(this::function);
        sorted.forEach(f -> records.add("PATH\tpci\t" + f.address + "\t" + f.path));
        // what a guest has shows no disk and no interface any more
        disks.paths.stream().filter(this::stillHere).forEach(records::add);
        wires.paths.stream().filter(this::stillHere).forEach(records::add);
        records.addAll(disks.usb);
        sorted.stream()
                .filter(f -> f.is("0c03") && "xhci_hcd".equals(f.driver))
                .filter(f -> disks.usb.stream().noneMatch(u -> u.contains(f.path + "/")))
                .forEach(f -> records.add("PATH\tusb\tusb" + (100 + records.size()) + "\t" + f.path
                        + "/usb9\tid=1d6b:0003\tproduct=xHCI Host Controller"));
        records.addAll(disks.stack);
        List<String> left = wires.paths.stream()
                .filter(p -> !stillHere(p))
                .map(p -> p.split("\t")[2])
                .toList();
        wires.lowers.stream()
                .filter(l -> !left.contains(l.substring(l.lastIndexOf('\t') + 1)))
                .forEach(records::add);
        wires.keys.stream().filter(k -> !k.startsWith("K\tcluster")).forEach(records::add);
        records.addAll(disks.mounts);
        disks.arrays.forEach(l -> records.add("L\t/proc/mdstat\t" + l));
        records.add("NODE\t0\tcpus=0-15\ttotal_kb=65784132\tfree_kb=42034560\tdistance=10\thp_1048576kB=0/0");
        records.addAll(wires.addresses);
        records.addAll(disks.pools);
        records.add("L\tpveversion\tpve-manager/9.1.1/42db4a6cf33dac83 (running kernel: 6.17.2-1-pve)");
        wires.keys.stream().filter(k -> k.startsWith("K\tcluster")).forEach(records::add);
        for (String vmid : guests) {
            records.add("GUEST\t" + name + "/qemu-server/" + vmid + ".conf\tname\tguest" + vmid);
            records.add("GUEST\t" + name + "/qemu-server/" + vmid + ".conf\tmachine\tq35");
            records.add("GUEST\t" + name + "/qemu-server/" + vmid + ".conf\tmemory\t2048");
        }
        records.addAll(guestRecords);
        records.addAll(mappings);
        records.addAll(reservations);
        records.addAll(runs);
        return String.join("\n", records) + "\nEND\t" + records.size() + "\n";
    }

    private boolean stillHere(String pathRecord) {
        String path = pathRecord.split("\t")[3];
        return board.functions.stream().noneMatch(f -> f.holder != null && path.startsWith(f.path + "/"));
    }

    private void host(String name) {
        key("hostname", name);
        key("kernel", "6.17.2-1-pve");
        key("boot_id", "5e0b8d1c-73a5-4f0c-8f4d-1f6d7b0e2b02");
        key(
                "cmdline",
                "root=/dev/x ro quiet iommu=pt"
                        + (board.override ? " pcie_acs_override=downstream,multifunction" : ""));
        key("now", "1795219200");
        key("uid", "0");
        key("cpu_vendor", board.amd ? "AuthenticAMD" : "GenuineIntel");
        key("cpu_flag", board.amd ? "svm" : "vmx");
        key("dev_kvm", "1");
        key("mem_MemTotal", "65784132");
        key("mem_MemAvailable", "48034560");
        key("firmware", "efi");
        key("secureboot", "0");
        key("loader", "GRUB 2.12-9");
        key("irq_remap", board.iommu ? "1" : "0");
        records.add("MOD\tvfio_pci\t-");
    }

    private void key(String name, String value) {
        records.add("K\t" + name + "\t" + value);
    }

    private void groups() {
        if (!board.iommu) {
            return;
        }
        records.add("IOMMU\t" + (board.amd ? "ivhd0" : "dmar0"));
        SortedMap<Integer, List<Fn>> groups = new TreeMap<>(
                board.functions.stream().filter(f -> f.group != null).collect(Collectors.groupingBy(f -> f.group)));
        groups.forEach((number, members) -> records.add("G\t%d\ttype=identity\trmrr=0\tdevices=%s"
                .formatted(number, members.stream().map(f -> f.address).sorted().collect(Collectors.joining(",")))));
    }

    private void function(Fn f) {
        StringBuilder line = new StringBuilder("P\t").append(f.address);
        line.append("\tvendor=0x").append(f.ids, 0, 4).append("\tdevice=0x").append(f.ids.substring(5));
        line.append("\tclass=0x").append(f.code).append("\tnuma_node=-1\tpower_state=D0");
        f.attributes.forEach(
                (key, value) -> line.append('\t').append(key).append('=').append(value));
        if (f.bridge) {
            line.append("\tbridge=1");
        }
        if (f.group == null && !f.attributes.containsKey("nogroup")) {
            line.append("\tnogroup=1");
        }
        if (f.is("03")) {
            line.append("\tcfg=").append(f.ids, 2, 4).append(f.ids, 0, 2);
        }
        records.add(line.toString());
    }
}
