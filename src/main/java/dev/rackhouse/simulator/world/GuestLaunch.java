package dev.rackhouse.simulator.world;

import java.util.List;
import java.util.Map;

/**
 * What the Proxmox side hands to a machine when it starts a guest.
 *
 * @param kind {@code qemu} or {@code lxc}
 * @param vmid the guest's number
 * @param config the whole configuration that is started, keys and values as in the file
 * @param memoryMiB memory of the guest
 * @param hugePageMiB page size in MiB (2 or 1024) when the guest lives in huge pages, else 0
 * @param devices addresses of the PCI functions that the guest gets, already bound to vfio-pci
 * @param volumes drive key to volume id
 */
public record GuestLaunch(
        String kind,
        int vmid,
        Map<String, String> config,
        long memoryMiB,
        int hugePageMiB,
        List<String> devices,
        Map<String, String> volumes) {

    public GuestLaunch {
        config = Map.copyOf(config);
        devices = List.copyOf(devices);
        volumes = Map.copyOf(volumes);
    }

    /** The guest's name, or {@code VM 107} when it has none. */
    public String name() {
        String name = config.get(kind.equals("lxc") ? "hostname" : "name");
        return name != null ? name : "VM " + vmid;
    }

    /** Cloud-init settings among the configuration ({@code ciuser}, {@code sshkeys}, {@code ipconfig0}...). */
    public boolean cloudInit() {
        return config.values().stream().anyMatch(value -> value.contains("cloudinit"));
    }
}
