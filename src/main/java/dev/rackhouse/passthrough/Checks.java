package dev.rackhouse.passthrough;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every check that the readiness rules make, as people should know them: for screens and for the documentation. */
public final class Checks {

    /** What a check is about. */
    public enum Group {
        PLATFORM,
        DEVICE,
        GUEST,
        PLACEMENT,
        NETWORK;

        /** {@code platform} */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One check.
     *
     * @param id {@code protect.boot}
     * @param why why it matters, one sentence
     * @param fixedBy name of the runbook that can put it right; null: no run can
     */
    public record Check(
            String id, Group group, String why, @Nullable String fixedBy) {}

    private static final List<Check> ALL = List.of(
            check(
                    "cpu.virt",
                    Group.PLATFORM,
                    null,
                    "Without hardware virtualisation a VM is slow, and no device can be given to it."),
            check(
                    "iommu.off",
                    Group.PLATFORM,
                    "prepare-host",
                    "The IOMMU is what keeps a guest's device out of the host's memory; without it nothing can be passed."),
            check(
                    "iommu.grub-stray",
                    Group.PLATFORM,
                    "prepare-host",
                    "A word outside the kernel command line has no effect, though it looks as if it had."),
            check(
                    "iommu.wrong-file",
                    Group.PLATFORM,
                    "prepare-host",
                    "Each boot loader reads a file of its own; what stands in the other one is never seen by the kernel."),
            check(
                    "iommu.amd-on",
                    Group.PLATFORM,
                    null,
                    "A word that the kernel does not know does nothing, and hides what really turns the IOMMU on."),
            check(
                    "iommu.pt",
                    Group.PLATFORM,
                    "prepare-host",
                    "The host's own devices are a little slower when each of their accesses is translated."),
            check(
                    "irq.remap",
                    Group.PLATFORM,
                    null,
                    "Without interrupt remapping a guest with a device could forge interrupts of the host."),
            check(
                    "irq.unsafe",
                    Group.PLATFORM,
                    "prepare-host",
                    "An option that was needed once weakens the isolation of every guest with a device."),
            check(
                    "vfio.modules",
                    Group.PLATFORM,
                    "prepare-host",
                    "vfio-pci holds a device for a guest; at boot it matters only where another driver would come first."),
            check(
                    "vfio.virqfd",
                    Group.PLATFORM,
                    "prepare-host",
                    "A module that no longer exists logs a failure at each boot, and distracts from real ones."),
            check(
                    "kernel.cmdline-multi",
                    Group.PLATFORM,
                    "prepare-host",
                    "The boot loader reads the first line only; words on the others are lost."),
            check(
                    "fw.rmrr",
                    Group.PLATFORM,
                    null,
                    "Memory that the firmware keeps for a device cannot be guarded, so the kernel refuses to pass it."),
            check(
                    "fw.secureboot",
                    Group.PLATFORM,
                    null,
                    "With Secure Boot only signed modules load, which decides which drivers a host can have."),
            check(
                    "fw.above4g",
                    Group.PLATFORM,
                    null,
                    "A card whose memory window found no room does not work, neither here nor in a guest."),
            check(
                    "fw.bios-drift",
                    Group.PLATFORM,
                    null,
                    "A firmware update moves addresses and groups; a plan that was right may name another device now."),
            check("boot.pending", Group.PLATFORM, null, "A reboot would make more live than what it is done for."),
            check(
                    "pve.version",
                    Group.PLATFORM,
                    null,
                    "Older versions of Proxmox cannot import a disk image by the API."),
            check(
                    "ssh.none",
                    Group.PLATFORM,
                    null,
                    "What a host needs to live is seen by SSH only, and guests are reached through it."),
            check("ssh.key", Group.PLATFORM, null, "The console signs in to guests with a key of its own."),
            check(
                    "dev.missing",
                    Group.DEVICE,
                    null,
                    "Addresses move when cards or firmware settings change; a plan for an empty address would fail, or hit the wrong card."),
            check(
                    "dev.ids",
                    Group.DEVICE,
                    null,
                    "Another device at the planned address must never be taken in place of the planned one."),
            check(
                    "dev.bridge",
                    Group.DEVICE,
                    null,
                    "Behind a bridge stand other devices; a bridge itself cannot be given to anybody."),
            check(
                    "dev.platform",
                    Group.DEVICE,
                    null,
                    "Parts of the board belong to the host, and a guest could not use them."),
            check("group.none", Group.DEVICE, null, "A device in no IOMMU group is guarded by nothing."),
            check(
                    "group.shared",
                    Group.DEVICE,
                    null,
                    "Proxmox takes a whole IOMMU group from the host, not the chosen device alone."),
            check("group.acs", Group.DEVICE, null, "An override asserts a separation that nobody has measured."),
            check("protect.boot", Group.DEVICE, null, "A host that loses its system disk stops."),
            check(
                    "protect.mgmt",
                    Group.DEVICE,
                    null,
                    "A host that loses its network is out of reach, and so are its guests."),
            check("protect.storage", Group.DEVICE, null, "Two sides that write to one pool destroy it."),
            check(
                    "protect.console-usb",
                    Group.DEVICE,
                    null,
                    "Without its keyboard the host cannot be helped at its screen; without its signal line it does not see the power fail."),
            check(
                    "protect.console",
                    Group.DEVICE,
                    null,
                    "Who is not there sees a host that hangs, or does not boot, only by the screen of its management controller."),
            check(
                    "func.companion",
                    Group.DEVICE,
                    null,
                    "A slot of which a part stays behind cannot be reset as a whole."),
            check(
                    "func.turing",
                    Group.DEVICE,
                    "prepare-host",
                    "Drivers on the card's side functions can stall the moment in which the guest takes it."),
            check(
                    "gpu.boot-vga",
                    Group.DEVICE,
                    null,
                    "When the only screen goes, the host can be helped by network only."),
            check(
                    "gpu.fb",
                    Group.DEVICE,
                    "prepare-host",
                    "A firmware framebuffer can hold the card's memory so that the guest never gets it."),
            check(
                    "gpu.host-driver",
                    Group.DEVICE,
                    "prepare-host",
                    "A working driver does not like to lose its card: the host can hang, and what computes on it dies."),
            check("gpu.lxc-users", Group.DEVICE, "guest-power", "A GPU serves containers or one VM, never both."),
            check(
                    "gpu.dead",
                    Group.DEVICE,
                    null,
                    "A card that fell off the bus answers again only after its power was cut."),
            check(
                    "gpu.d3cold",
                    Group.DEVICE,
                    "prepare-host",
                    "A card that sleeps too deep may not wake for its guest."),
            check("gpu.width", Group.DEVICE, null, "Fewer lanes make loading slower."),
            check(
                    "gpu.rom",
                    Group.DEVICE,
                    null,
                    "A desktop guest wants the card's own boot program; one that computes does not."),
            check(
                    "gpu.rebar",
                    Group.DEVICE,
                    null,
                    "A small window to the card's memory costs little, and is often taken for a fault."),
            check("gpu.open-driver", Group.DEVICE, null, "The wrong driver package does not see the card at all."),
            check(
                    "reset.none",
                    Group.DEVICE,
                    null,
                    "A device that cannot be reset works for one guest per boot of the host."),
            check(
                    "reset.blackwell",
                    Group.DEVICE,
                    null,
                    "Some cards of this generation take the host with them when their guest ends."),
            check(
                    "dev.used-config",
                    Group.DEVICE,
                    null,
                    "Two guests that name one device cannot both run; which one does is decided by chance."),
            check("dev.used-running", Group.DEVICE, "guest-power", "A device serves one running guest at a time."),
            check(
                    "dev.raw-and-mapped",
                    Group.DEVICE,
                    "attach-device",
                    "Proxmox checks for moved hardware only what is named by a mapping."),
            check(
                    "map.drift",
                    Group.DEVICE,
                    "attach-device",
                    "A mapping that no longer fits the hardware keeps its guests from starting."),
            check("card.shared", Group.DEVICE, null, "Two chips on one card fail together."),
            check(
                    "twins.ids",
                    Group.DEVICE,
                    "prepare-host",
                    "Binding by vendor and device takes every card of that kind."),
            check("sriov.parent", Group.DEVICE, null, "A card's virtual functions live and die with the card."),
            check(
                    "sriov.parent-in-use",
                    Group.DEVICE,
                    "guest-power",
                    "Taking the card would pull virtual functions out of a running guest."),
            check(
                    "sriov.no-parent-driver",
                    Group.DEVICE,
                    "give-back",
                    "A virtual function works only while the host drives its parent."),
            check(
                    "sriov.virtual",
                    Group.DEVICE,
                    null,
                    "A virtual function is a part of a card, and has to be made again at each boot."),
            check(
                    "mdev.whole",
                    Group.DEVICE,
                    null,
                    "A card that several could share serves one when it is passed as a whole."),
            check(
                    "mdev.in-use",
                    Group.DEVICE,
                    "guest-power",
                    "Taking the card would pull a mediated device out of a running guest."),
            check(
                    "share.lxc",
                    Group.DEVICE,
                    null,
                    "Containers can share one card through the host's driver; a VM has it alone."),
            check(
                    "hba.rombar",
                    Group.DEVICE,
                    "attach-device",
                    "A storage adapter's boot program slows a guest's start, or hangs it."),
            check("hba.disks", Group.DEVICE, null, "With a controller go all of its disks."),
            check("nvme.whole", Group.DEVICE, null, "A passed drive is outside of all that Proxmox backs up."),
            check("nic.leaves", Group.DEVICE, null, "What names the interface on the host fails once it is gone."),
            check("usb.devices", Group.DEVICE, null, "With a controller go all ports and whatever is plugged in."),
            check(
                    "mem.fit",
                    Group.GUEST,
                    "guest-power",
                    "A guest with a device takes all of its memory at start and lends none of it back."),
            check("mem.balloon", Group.GUEST, null, "A balloon cannot shrink memory that a device may write to."),
            check("vm.q35", Group.GUEST, null, "PCI Express in a guest needs the machine type that has it."),
            check("vm.ovmf", Group.GUEST, null, "UEFI forgets its boot entries without a disk to keep them on."),
            check(
                    "vm.sb-keys",
                    Group.GUEST,
                    null,
                    "With Secure Boot keys a guest rejects a driver that was built in it."),
            check("vm.xvga", Group.GUEST, null, "A card as primary display leaves the console of the guest blank."),
            check("vm.pci", Group.GUEST, null, "A device that wants PCI Express may not work on plain PCI."),
            check(
                    "vm.display",
                    Group.GUEST,
                    null,
                    "A guest without any display shows nothing when it does not come up."),
            check("boot.device", Group.GUEST, null, "A guest that loses what it boots from does not start any more."),
            check(
                    "vm.cpu",
                    Group.GUEST,
                    null,
                    "A generic CPU type hides instructions that models need, and has a small window for cards."),
            check(
                    "vm.hidden",
                    Group.GUEST,
                    null,
                    "Hiding is not needed any more, and turns off the path between GPUs."),
            check("mig.live", Group.GUEST, null, "A device cannot move with a running guest."),
            check(
                    "mig.offline",
                    Group.GUEST,
                    "attach-device",
                    "A guest that names a device by address can be moved nowhere, not even when it is off."),
            check("ha.pin", Group.GUEST, null, "High availability can start the guest only where its device is."),
            check(
                    "img.cloud",
                    Group.GUEST,
                    "create-passthrough-vm",
                    "A guest made from a broken or missing image does not boot."),
            check(
                    "img.agent",
                    Group.GUEST,
                    "create-passthrough-vm",
                    "Stock cloud images bring no agent; who waits for it alone waits for ever."),
            check(
                    "id.vmid",
                    Group.GUEST,
                    null,
                    "A number belongs to one guest in the whole cluster, and to its volumes."),
            check(
                    "mem.arc",
                    Group.PLACEMENT,
                    "prepare-host",
                    "The ZFS cache gives memory back slowly, and a guest that pins its own cannot wait."),
            check(
                    "hp.free",
                    Group.PLACEMENT,
                    "prepare-host",
                    "Large pages are gathered at boot; a running host hardly finds any."),
            check("hp.numa", Group.PLACEMENT, null, "Proxmox takes large pages only from named nodes."),
            check(
                    "hp.pernode",
                    Group.PLACEMENT,
                    "prepare-host",
                    "Proxmox gives a pool back that it does not understand."),
            check("numa.sum", Group.PLACEMENT, null, "Proxmox refuses a guest whose parts do not add up."),
            check(
                    "numa.locality",
                    Group.PLACEMENT,
                    null,
                    "Memory on another node than the device makes each transfer cross the host."),
            check("numa.gpu-blind", Group.PLACEMENT, null, "A guest does not see on which node its GPU is."),
            check(
                    "cpu.all",
                    Group.PLACEMENT,
                    null,
                    "The host needs threads of its own for disks and network of the guest."),
            check("st.room", Group.PLACEMENT, null, "A disk that outgrows its storage stops every guest on it."),
            check("net.dup-addr", Group.NETWORK, null, "Of two routes to one network only the first is used."),
            check(
                    "net.nat-half",
                    Group.NETWORK,
                    null,
                    "Guests behind an internal bridge reach out only where their addresses are translated."),
            check(
                    "net.stray-rules",
                    Group.NETWORK,
                    null,
                    "A rule that nobody applies, or that restricts nothing, looks like protection."),
            check("net.no-forward", Group.NETWORK, null, "A host that does not forward packets translates for nobody."),
            check("net.port-reuse", Group.NETWORK, null, "A port belongs to one bridge or bond."),
            check(
                    "net.mtu",
                    Group.NETWORK,
                    null,
                    "Packets larger than the smallest link on the way are dropped without a word."),
            check("net.gw-many", Group.NETWORK, null, "A host has one default route."),
            check(
                    "net.wifi-bridge",
                    Group.NETWORK,
                    null,
                    "Wi-Fi carries one address per station, so a bridge on it carries no guests."),
            check("net.mgmt-single", Group.NETWORK, null, "Who pulls the one cable loses host, guests and console."),
            check(
                    "net.staged",
                    Group.NETWORK,
                    null,
                    "What is configured goes live at the next reboot, wanted or not."));

    private static final Map<String, Check> BY_ID =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Check::id, Function.identity()));

    private Checks() {}

    private static Check check(String id, Group group, @Nullable String fixedBy, String why) {
        return new Check(id, group, why, fixedBy);
    }

    /** All, by group and in the order in which people would look at them. */
    public static List<Check> all() {
        return ALL;
    }

    public static Optional<Check> find(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }

    /** All of one group. */
    public static List<Check> of(Group group) {
        return ALL.stream().filter(c -> c.group() == group).toList();
    }
}
