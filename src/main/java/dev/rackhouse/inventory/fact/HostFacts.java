package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.base.VmId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Everything one probe saw on one host. Immutable; all helpers are pure. What was not shown is null or empty, never a guess.
 *
 * @param keys the {@code K} records; a name may have several values
 * @param lines lines of files and tools, by source and in order
 * @param loadedModules kernel modules of interest that are loaded
 * @param modules modules with a directory in sysfs, built in ones too, to their version ({@code -} when they have none)
 * @param iommuUnits {@code dmar0}, {@code ivhd0}; empty means the kernel runs no IOMMU
 * @param groups by number
 * @param functions in the order of their addresses
 * @param slaves an upper block device to those it stands on
 * @param deviceMapper {@code dm-1} to {@code pve-root}
 * @param lowers an upper network interface to those below it
 * @param swaps devices that are swapped to
 */
public record HostFacts(
        Map<String, List<String>> keys,
        Map<String, List<String>> lines,
        Set<String> loadedModules,
        Map<String, String> modules,
        List<String> iommuUnits,
        List<IommuGroup> groups,
        List<PciFunction> functions,
        List<FirmwareFramebuffer> framebuffers,
        List<BlockDevice> blocks,
        List<NetInterface> interfaces,
        List<UsbDevice> usb,
        Map<String, List<String>> slaves,
        Map<String, String> deviceMapper,
        Map<String, List<String>> lowers,
        List<Mount> mounts,
        List<String> swaps,
        List<NumaNode> numaNodes,
        List<GuestConfig> guests,
        List<RunningGuest> running,
        List<PciReservation> reservations,
        List<MappingEntry> mappings,
        List<Zpool> zpools,
        List<InterfaceAddress> addresses) {

    /** First value of a {@code K} record; null when it was not shown. */
    public @Nullable String key(String name) {
        List<String> values = keys.get(name);
        return values == null ? null : values.getFirst();
    }

    public List<String> keyValues(String name) {
        return keys.getOrDefault(name, List.of());
    }

    /** Lines of a source; empty when it was not there or could not be read. */
    public List<String> lines(String source) {
        return lines.getOrDefault(source, List.of());
    }

    /** Lines of all sources that start so: {@code /etc/modprobe.d/}. */
    public List<SourceLine> linesUnder(String prefix) {
        return lines.entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix))
                .flatMap(e -> e.getValue().stream().map(text -> new SourceLine(e.getKey(), text)))
                .toList();
    }

    /** What the machine calls itself; {@code unknown} when it did not say. */
    public String hostname() {
        String name = key("hostname");
        return name == null || name.isBlank()
                ? "unknown"
                : name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
    }

    public String kernel() {
        String kernel = key("kernel");
        return kernel == null ? "" : kernel;
    }

    /** Whether the kernel is of this version or newer; true for a version that cannot be read. */
    public boolean kernelAtLeast(int major, int minor) {
        java.util.regex.Matcher m =
                java.util.regex.Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4}).*").matcher(kernel());
        if (!m.matches()) {
            return true;
        }
        int seen = Integer.parseInt(m.group(1));
        return seen > major || seen == major && Integer.parseInt(m.group(2)) >= minor;
    }

    /** Changes with every boot; null when not shown. */
    public @Nullable String bootId() {
        return key("boot_id");
    }

    public Optional<Duration> uptime() {
        String text = key("uptime");
        return text != null && text.matches("[0-9]{1,12}(\\..*)?")
                ? Optional.of(Duration.ofSeconds(Long.parseLong(text.split("[. ]")[0])))
                : Optional.empty();
    }

    /** The host's own clock when the probe ran; null when not shown. */
    public @Nullable Instant now() {
        String text = key("now");
        return text != null && text.matches("[0-9]{1,11}") ? Instant.ofEpochSecond(Long.parseLong(text)) : null;
    }

    /** The words that the running kernel was started with. */
    public List<String> kernelWords() {
        String cmdline = key("cmdline");
        return cmdline == null || cmdline.isBlank()
                ? List.of()
                : List.of(cmdline.strip().split("\\s+"));
    }

    /** Whether the probe ran as root. If not, iomem, the kernel log, {@code /etc/pve} and EFI variables may be missing. */
    public boolean root() {
        return "0".equals(key("uid"));
    }

    public boolean iommuOn() {
        return !iommuUnits.isEmpty();
    }

    /** Yes or no of a {@code K} record; null when it was not shown. */
    public @Nullable Boolean flag(String name) {
        String value = key(name);
        return value == null ? null : value.equals("1") || value.equals("Y");
    }

    /** A size that the host shows in KiB: {@code mem_MemTotal}. Null when not shown. */
    public @Nullable ByteSize memory(String name) {
        String text = key("mem_" + name);
        return text != null && text.matches("[0-9]{1,15}") ? ByteSize.ofKiB(Long.parseLong(text)) : null;
    }

    /** The most that the ZFS cache may take; null without ZFS. */
    public @Nullable ByteSize arcLimit() {
        String text = key("arc_c_max");
        return text != null && text.matches("[0-9]{1,18}") ? new ByteSize(Long.parseLong(text)) : null;
    }

    /** Hardware threads of the host; 0 when not shown. */
    public int threads() {
        return numaNodes.stream().mapToInt(n -> n.cpus().size()).sum();
    }

    /** {@code pve-manager/9.1.1/...}; null on a host without Proxmox. */
    public @Nullable String pveVersion() {
        List<String> shown = lines("pveversion");
        return shown.isEmpty() ? null : shown.getFirst();
    }

    /** The version as numbers: {@code 9.1.1}; null on a host without Proxmox. */
    public @Nullable String pveRelease() {
        String shown = pveVersion();
        String[] parts = shown == null ? new String[0] : shown.split("/");
        return parts.length > 1 ? parts[1] : null;
    }

    public Optional<PciFunction> function(PciAddress address) {
        return find(functions, f -> f.address().compareTo(address));
    }

    /** All functions of a slot, bridges included, by number. */
    public List<PciFunction> functions(PciSlot slot) {
        return functions.stream().filter(f -> f.slot().equals(slot)).toList();
    }

    public Optional<IommuGroup> group(int number) {
        return find(groups, g -> Integer.compare(g.number(), number));
    }

    public Optional<BlockDevice> block(String name) {
        return blocks.stream().filter(b -> b.name().equals(name)).findFirst();
    }

    public Optional<NetInterface> networkInterface(String name) {
        return interfaces.stream().filter(i -> i.name().equals(name)).findFirst();
    }

    public Optional<GuestConfig> guest(VmId vmid) {
        return guests.stream().filter(g -> g.vmid().equals(vmid)).findFirst();
    }

    /** Guests whose configuration lies in this host's folder. */
    public List<GuestConfig> guestsHere() {
        return guests.stream().filter(g -> g.node().equals(hostname())).toList();
    }

    /** Whether this VM runs on this host. */
    public boolean runs(VmId vmid) {
        return running.stream().anyMatch(r -> r.vmid().equals(vmid));
    }

    /** The mapping lines that are meant for this host. */
    public List<MappingEntry> mappingsHere() {
        return mappings.stream().filter(m -> m.node().equals(hostname())).toList();
    }

    /** In a list that is sorted by what is compared: rules look up functions and groups by the thousand. */
    private static <T> Optional<T> find(List<T> sorted, ToIntFunction<T> order) {
        int low = 0;
        int high = sorted.size() - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            int compared = order.applyAsInt(sorted.get(middle));
            if (compared == 0) {
                return Optional.of(sorted.get(middle));
            }
            if (compared < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Optional.empty();
    }
}
