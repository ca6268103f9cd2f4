package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.GuestLaunch;
import dev.rackhouse.simulator.world.MachineRefusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Starting and stopping guests, as their workers do it.
 *
 * <p>stopped -> (start) running -> (stop, shutdown) stopped; running -> (pause) running and paused -> (resume) running.
 */
final class GuestPower {
    private GuestPower() {}

    static String word(Guest guest) {
        return guest.vm() ? "VM" : "CT";
    }

    static void checkLock(Guest guest, boolean skip) {
        String lock = guest.lock();
        if (lock != null && !skip) {
            throw ApiError.died(word(guest) + " is locked (" + lock + ")");
        }
    }

    /** A guest that runs already when the lab begins. */
    static void adopt(World world, Guest guest) {
        Node node = world.nodes.get(guest.node);
        if (node == null) {
            return;
        }
        try {
            boolean any = guest.config.keySet().stream().anyMatch(key -> key.startsWith("hostpci"));
            Map<String, List<String>> devices = any ? new PciPlan(world, node).choose(guest, guest.config) : Map.of();
            List<String> all = devices.values().stream().flatMap(List::stream).toList();
            launch(world, node, guest, all, pageSize(guest));
        } catch (ApiError | MachineRefusal e) {
            System.getLogger("simulator")
                    .log(
                            System.Logger.Level.WARNING,
                            "Guest " + guest.vmid + " of the seed does not run: " + e.getMessage());
            return;
        }
        Long uptime = guest.seed.uptime();
        guest.startedAt = world.now() - (uptime == null ? 3600 : uptime);
    }

    /** The worker of a start. The file lock is held by the caller. */
    static void start(World world, Node node, Guest guest, Task task, boolean skipLock) throws InterruptedException {
        world.locked(() -> {
            checkLock(guest, skipLock || "suspended".equals(guest.lock()));
            if (guest.running) {
                throw ApiError.died(word(guest) + " " + guest.vmid + " already running");
            }
            if (guest.template()) {
                throw ApiError.died("you can't start a " + (guest.vm() ? "vm" : "CT") + " if it's a template");
            }
            Pending.apply(world, guest);
        });
        boolean cloudInit = guest.config.values().stream().anyMatch(value -> value.contains("cloudinit"));
        if (cloudInit && guest.vm()) {
            task.log("generating cloud-init ISO");
        }
        warnings(guest, task, node);
        Map<String, List<String>> devices = world.locked(() -> plan(world, node, guest));
        List<String> all = devices.values().stream().flatMap(List::stream).toList();
        try {
            check(node, guest);
            task.pause(startTime(guest, all.size()));
            bind(world, node, guest, devices);
            int page = hugePages(node, guest);
            launch(world, node, guest, all, page);
        } catch (MachineRefusal e) {
            e.log().forEach(task::log);
            undo(world, node, guest);
            throw ApiError.died(String.valueOf(e.getMessage()));
        } catch (ApiError | InterruptedException e) {
            undo(world, node, guest);
            throw e;
        }
    }

    private static void undo(World world, Node node, Guest guest) {
        world.locked(() -> PciPlan.release(node, guest.vmid));
        node.machine.releaseReservations(guest.vmid);
        node.machine.releaseHugePages(guest.vmid, "1".equals(guest.config.get("keephugepages")));
    }

    private static Map<String, List<String>> plan(World world, Node node, Guest guest) {
        PciPlan plan = new PciPlan(world, node);
        Map<String, List<String>> devices = guest.vm() ? plan.choose(guest, guest.config) : Map.of();
        for (List<String> addresses : devices.values()) {
            plan.reserve(guest, addresses);
        }
        List<String> all = devices.values().stream().flatMap(List::stream).toList();
        node.machine.reserve(guest.vmid, all, null);
        return devices;
    }

    private static Duration startTime(Guest guest, int devices) {
        long gib = GuestConfig.memoryBytes(guest, guest.config) >> 30;
        return Duration.ofMillis(700 + (devices > 0 ? 1500 + gib * 120 : 0));
    }

    private static void warnings(Guest guest, Task task, Node node) {
        if (!guest.vm() || !"ovmf".equals(guest.config.get("bios"))) {
            return;
        }
        Map<String, String> efi = GuestConfig.drive("efidisk0", guest.config.get("efidisk0"));
        if (efi.isEmpty()) {
            task.warn("no efidisk configured! Using temporary efivars disk.");
        } else if (node.level() >= 902 && "1".equals(efi.get("pre-enrolled-keys")) && !efi.containsKey("ms-cert")) {
            task.warn("EFI disk without 'ms-cert=2023k' option, suggesting that not all UEFI 2023");
            EFI_HINT.lines().forEach(line -> task.log(line.replace("{vmid}", Integer.toString(guest.vmid))));
        }
    }

    private static final String EFI_HINT = """
            certificates from Microsoft are enrolled yet.
            The UEFI 2011 certificates expire in June 2026! The new certificates are required
            for secure boot update for Windows and common Linux distributions.
            Use 'Disk Action > Enroll Updated Certificates' in the UI or, while the VM is
            shut down, run 'qm enroll-efi-keys {vmid}' to enroll the new certificates.

            For Windows with BitLocker, run the following command inside Powershell:
              manage-bde -protectors -disable <drive>
            for each drive with BitLocker (for example, <drive> could be 'C:').
            This is required for each drive with BitLocker before proceeding with enrollment.
            Otherwise, you will be prompted for the BitLocker recovery key on the next boot.
            """;

    /** What the configuration itself makes impossible on this node. */
    private static void check(Node node, Guest guest) {
        if (!guest.vm()) {
            return;
        }
        int cpus = node.seed.cpu().cpus();
        if (GuestConfig.cores(guest, guest.config, cpus) > cpus) {
            throw ApiError.died("MAX " + cpus + " vcpus allowed per VM on this node");
        }
        boolean q35 = guest.config.getOrDefault("machine", "").contains("q35");
        long numaMiB = 0;
        boolean numaNodes = false;
        for (Map.Entry<String, String> entry : guest.config.entrySet()) {
            String base = GuestConfig.base(entry.getKey());
            if (base.equals("hostpci")) {
                if ("1"
                                .equals(PropertyString.parse("pve-qm-hostpci", entry.getValue())
                                        .get("pcie"))
                        && !q35) {
                    throw ApiError.died("q35 machine model is not enabled");
                }
                if (!node.machine.iommuPresent()) {
                    throw ApiError.died("cannot prepare PCI pass-through, IOMMU not present");
                }
            } else if (base.equals("numa") && !entry.getKey().equals("numa")) {
                numaNodes = true;
                Map<String, String> parts = PropertyString.parse("qemu-numa", entry.getValue());
                numaMiB += (long) Double.parseDouble(parts.getOrDefault("memory", "0"));
                if (guest.config.containsKey("hugepages")
                        && !parts.getOrDefault("hostnodes", "").matches("\\d")) {
                    throw ApiError.died(
                            "more than 1 hostnode value in numa node is not supported when hugepages are" + " enabled");
                }
            }
        }
        if (numaNodes && numaMiB != GuestConfig.memoryBytes(guest, guest.config) >> 20) {
            throw ApiError.died("total memory for NUMA nodes must be equal to vm static memory");
        }
        if (guest.config.containsKey("hugepages") && !"1".equals(guest.config.get("numa"))) {
            throw ApiError.died("numa needs to be enabled to use hugepages");
        }
    }

    /** Every group is bound as a whole, bridges excepted; nobody is told. */
    private static void bind(World world, Node node, Guest guest, Map<String, List<String>> devices)
            throws MachineRefusal {
        for (Map.Entry<String, List<String>> entry : devices.entrySet()) {
            boolean keep = guest.config.getOrDefault(entry.getKey(), "").contains("driver=keep");
            for (String address : entry.getValue()) {
                if (!world.locked(() -> new PciPlan(world, node).exists(address))) {
                    throw new MachineRefusal("no pci device info for device '" + address + "'");
                }
                if (!keep) {
                    node.machine.bindGroupToVfio(address);
                }
            }
        }
    }

    private static int pageSize(Guest guest) {
        String pages = guest.config.get("hugepages");
        if (pages == null) {
            return 0;
        }
        long memory = GuestConfig.memoryBytes(guest, guest.config) >> 20;
        return pages.equals("any") ? memory % 1024 == 0 ? 1024 : 2 : Integer.parseInt(pages);
    }

    private static int hugePages(Node node, Guest guest) {
        int page = pageSize(guest);
        if (page == 0) {
            return 0;
        }
        Map<Integer, Integer> wanted = new TreeMap<>();
        guest.config.forEach((key, value) -> {
            if (GuestConfig.base(key).equals("numa") && !key.equals("numa")) {
                Map<String, String> parts = PropertyString.parse("qemu-numa", value);
                int count = (int) (Double.parseDouble(parts.getOrDefault("memory", "0")) / page);
                wanted.merge(Integer.parseInt(parts.getOrDefault("hostnodes", "0")), count, Integer::sum);
            }
        });
        if (wanted.isEmpty()) {
            wanted.put(0, (int) ((GuestConfig.memoryBytes(guest, guest.config) >> 20) / page));
        }
        for (Map.Entry<Integer, Integer> entry : wanted.entrySet()) {
            try {
                node.machine.takeHugePages(guest.vmid, page, entry.getValue(), entry.getKey());
            } catch (MachineRefusal e) {
                throw ApiError.died(
                        "start failed: hugepage allocation failed at /usr/share/perl5/PVE/QemuServer/Memory.pm line 731.");
            }
        }
        return page;
    }

    private static void launch(World world, Node node, Guest guest, List<String> devices, int page)
            throws MachineRefusal {
        Map<String, String> volumes = new HashMap<>();
        guest.config.forEach((key, value) -> {
            if (GuestConfig.isVolume(guest, key)) {
                volumes.put(key, GuestConfig.volume(key, value));
            }
        });
        long pid = node.machine.startGuest(new GuestLaunch(
                guest.kind,
                guest.vmid,
                guest.config,
                GuestConfig.memoryBytes(guest, guest.config) >> 20,
                page,
                devices,
                volumes));
        world.locked(() -> {
            guest.running = true;
            guest.paused = false;
            guest.pid = pid;
            guest.startedAt = world.now();
            guest.started = new TreeMap<>(guest.config);
            guest.devices = new ArrayList<>(devices);
            if ("suspended".equals(guest.lock())) {
                guest.config.remove("lock");
                guest.config.remove("vmstate");
            }
            devices.forEach(address -> node.reservations.put(address, guest.vmid));
            world.written(guest);
        });
        node.machine.reserve(guest.vmid, devices, pid);
    }

    /** The guest's process ends. */
    static void stopped(World world, Node node, Guest guest) {
        node.machine.stopGuest(guest.vmid);
        world.locked(() -> {
            guest.running = false;
            guest.paused = false;
            guest.pid = 0;
            guest.started = Map.of();
            guest.devices = List.of();
            PciPlan.release(node, guest.vmid);
            Pending.apply(world, guest);
            guest.sizing = null;
        });
        node.machine.releaseReservations(guest.vmid);
        node.machine.releaseHugePages(guest.vmid, "1".equals(guest.config.get("keephugepages")));
    }

    /** Asks the guest to end and waits; false when it did not within the time. */
    static boolean shutdown(World world, Node node, Guest guest, Task task, Duration limit)
            throws InterruptedException {
        boolean obeys = !guest.paused && node.machine.shutdownGuest(guest.vmid);
        if (!obeys) {
            task.pause(limit);
            return false;
        }
        Duration needed = Duration.ofMillis(2500);
        task.pause(needed.compareTo(limit) < 0 ? needed : limit);
        stopped(world, node, guest);
        return true;
    }

    /** All guests of a node end, because the node does. */
    static void nodeDown(World world, Node node) {
        List<Guest> guests = world.locked(() -> world.guests.values().stream()
                .filter(guest -> guest.node.equals(node.name()) && guest.running)
                .toList());
        guests.forEach(guest -> stopped(world, node, guest));
    }
}
