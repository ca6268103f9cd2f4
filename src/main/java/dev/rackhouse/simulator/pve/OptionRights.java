package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which right each option of a guest needs; {@code options} that no token may set at all. */
final class OptionRights {
    private static final Set<String> MEMORY = Set.of("memory", "balloon", "shares", "allow-ksm");
    private static final Set<String> CPU =
            Set.of("cores", "cpu", "cpulimit", "cpuunits", "numa", "runningcpu", "smp", "sockets", "vcpus");
    private static final Set<String> HARDWARE = Set.of(
            "acpi",
            "audio0",
            "hotplug",
            "kvm",
            "machine",
            "rng0",
            "runningmachine",
            "scsihw",
            "smbios1",
            "tablet",
            "vga",
            "watchdog");
    private static final Set<String> DISK = Set.of(
            "boot",
            "bootdisk",
            "efidisk",
            "ide",
            "sata",
            "scsi",
            "virtio",
            "tpmstate",
            "unused",
            "virtiofs",
            "vmstatestorage");
    private static final Set<String> CLOUD_INIT = Set.of(
            "cicustom",
            "cipassword",
            "citype",
            "ciupgrade",
            "ciuser",
            "ipconfig",
            "nameserver",
            "searchdomain",
            "sshkeys");
    private static final Set<String> ROOT = Set.of(
            "affinity",
            "amd-sev",
            "arch",
            "args",
            "hookscript",
            "hugepages",
            "intel-tdx",
            "ivshmem",
            "keephugepages",
            "lock",
            "parallel",
            "spice_enhancements",
            "vmgenid");
    private static final Set<String> CONTAINER_NETWORK = Set.of("hostname", "nameserver", "searchdomain", "net");

    private final Req req;
    private final int vmid;
    private final @Nullable String pool;

    OptionRights(Req req, int vmid, @Nullable String pool) {
        this.req = req;
        this.vmid = vmid;
        this.pool = pool;
    }

    /** Checks options to set (with their new values) and to delete (with the old ones). */
    void check(Map<String, String> set, Collection<String> delete, Map<String, String> before) {
        if (req.caller.isRoot()) {
            return;
        }
        List<String> keys = new ArrayList<>(delete);
        keys.addAll(set.keySet());
        for (String key : keys) {
            if (set.containsKey(key)) {
                one(key, set.getOrDefault(key, ""));
            }
            String old = before.get(key);
            if (old != null || !set.containsKey(key)) {
                one(key, old == null ? "" : old);
            }
        }
    }

    private void one(String key, String value) {
        String base = GuestConfig.base(key);
        if (ROOT.contains(base)) {
            throw ApiError.died("only root can set '" + key + "' config");
        } else if (MEMORY.contains(base)) {
            any("VM.Config.Memory");
        } else if (CPU.contains(base)) {
            any("VM.Config.CPU");
        } else if (base.equals("hostpci")) {
            hostpci(key, value);
        } else if (base.equals("usb") || base.equals("serial")) {
            real(key, base, value);
        } else if (HARDWARE.contains(key)) {
            any("VM.Config.HWType");
        } else if (DISK.contains(base)) {
            disk(key, value);
        } else if (CLOUD_INIT.contains(base)) {
            any("VM.Config.Cloudinit", "VM.Config.Network");
        } else if (base.equals("net")) {
            any("VM.Config.Network");
            bridge(GuestConfig.net("qemu", value));
        } else if (key.equals("cdrom")) {
            any("VM.Config.CDROM");
        } else if (key.equals("freeze")) {
            any("VM.PowerMgmt");
        } else {
            any("VM.Config.Options");
            if (key.equals("startup")) {
                req.need("/", "Sys.Modify");
            }
        }
    }

    private void hostpci(String key, String value) {
        Map<String, String> parts = PropertyString.parse("pve-qm-hostpci", value);
        if (parts.containsKey("romfile")) {
            throw ApiError.parameter(key, "only root@pam can set 'romfile' option");
        }
        if (!parts.containsKey("mapping") && !value.isEmpty()) {
            throw ApiError.died("only root can set '" + key + "' config for non-mapped devices");
        }
        any("VM.Config.HWType");
        if (parts.containsKey("mapping")) {
            req.need("/mapping/pci/" + parts.get("mapping"), "Mapping.Use");
        }
    }

    private void real(String key, String base, String value) {
        if (base.equals("serial")) {
            if (!value.equals("socket") && !value.isEmpty()) {
                throw ApiError.died("only root can set '" + key + "' config for real devices");
            }
        } else if (!value.isEmpty()) {
            Map<String, String> parts = PropertyString.parse("pve-qm-usb", value);
            String mapping = parts.get("mapping");
            if (mapping != null) {
                req.need("/mapping/usb/" + mapping, "Mapping.Use");
            } else if (!"spice".equalsIgnoreCase(parts.get("host"))) {
                throw ApiError.died("only root can set '" + key + "' config for real devices");
            }
        }
        any("VM.Config.HWType");
    }

    private void disk(String key, String value) {
        if (GuestConfig.isDrive(key) && !value.isEmpty() && GuestConfig.cdrom(key, value)) {
            any("VM.Config.CDROM");
        } else if (GuestConfig.isDrive(key) && value.contains("cloudinit")) {
            any("VM.Config.Cloudinit");
            any("VM.Config.CDROM");
        } else {
            any("VM.Config.Disk");
        }
        if (GuestConfig.base(key).equals("virtiofs") && !value.isEmpty()) {
            String id = PropertyString.parse("qemu-virtiofs", value).getOrDefault("dirid", "");
            req.need("/mapping/dir/" + id, "Mapping.Use");
        }
    }

    /** One of the privileges on the guest or on the pool it goes into. */
    void any(String... privileges) {
        if (req.may("/vms/" + vmid, privileges) || pool != null && req.may("/pool/" + pool, privileges)) {
            return;
        }
        throw ApiError.forbidden("/vms/" + vmid + ", " + String.join("|", privileges));
    }

    private void bridge(Map<String, String> net) {
        String bridge = net.get("bridge");
        if (bridge == null) {
            return;
        }
        String path = "/sdn/zones/localnetwork/" + bridge;
        String tag = net.get("tag");
        if (req.may(path, "SDN.Use") || tag != null && req.may(path + "/" + tag, "SDN.Use")) {
            return;
        }
        throw ApiError.forbidden(path + (tag == null ? "" : "/" + tag) + ", SDN.Use");
    }

    /** The same for a container's options. */
    void checkContainer(
            Map<String, String> set, Collection<String> delete, Map<String, String> before, boolean unprivileged) {
        if (req.caller.isRoot()) {
            return;
        }
        List<String> keys = new ArrayList<>(delete);
        keys.addAll(set.keySet());
        for (String key : keys) {
            container(key, set.getOrDefault(key, ""), before.getOrDefault(key, ""), unprivileged);
        }
    }

    private void container(String key, String value, String before, boolean unprivileged) {
        String base = GuestConfig.base(key);
        if (base.equals("mp") || key.equals("rootfs") || base.equals("unused")) {
            any("VM.Config.Disk");
            if (value.startsWith("/")) {
                throw ApiError.forbidden("mount point type bind is only allowed for root@pam");
            }
        } else if (base.equals("dev")) {
            throw ApiError.forbidden("configuring device passthrough is only allowed for root@pam");
        } else if (key.equals("features")) {
            features(value, before, unprivileged);
        } else if (key.equals("hookscript")) {
            throw ApiError.forbidden("changing the hookscript is only allowed for root@pam");
        } else if (key.equals("cores") || key.equals("cpulimit") || key.equals("cpuunits")) {
            any("VM.Config.CPU");
        } else if (key.equals("memory") || key.equals("swap")) {
            any("VM.Config.Memory");
        } else if (CONTAINER_NETWORK.contains(base)) {
            any("VM.Config.Network");
            if (base.equals("net") && !value.isEmpty()) {
                bridge(GuestConfig.net("lxc", value));
            }
        } else {
            any("VM.Config.Options");
        }
    }

    private void features(String value, String before, boolean unprivileged) {
        if (!unprivileged) {
            throw ApiError.forbidden("changing feature flags for privileged container is only allowed for root@pam");
        }
        Map<String, String> now = PropertyString.parse("lxc-features", value);
        Map<String, String> old = PropertyString.parse("lxc-features", before);
        now.remove("nesting");
        old.remove("nesting");
        if (!now.equals(old)) {
            throw ApiError.forbidden("changing feature flags (except nesting) is only allowed for root@pam");
        }
        any("VM.Allocate");
    }
}
