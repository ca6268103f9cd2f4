package dev.rackhouse.proxmox;

import dev.rackhouse.base.PciAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code hostpciN}: what a VM gets of the host's PCI devices.
 *
 * @param hosts raw addresses as written, {@code 0000:41:00} (all functions of the slot) or {@code 0000:41:00.0}; empty when a
 *     mapping is named
 * @param mapping the cluster-wide name; null when addresses are named
 * @param pcie PCIe instead of PCI, q35 only
 * @param primaryGpu {@code x-vga}: the guest's first display, which a compute GPU does not need
 * @param romBar false hides the ROM
 * @param others all other keys, {@code romfile}, {@code mdev}, ids and those of newer versions
 */
public record HostPci(
        List<String> hosts,
        @Nullable String mapping,
        boolean pcie,
        boolean primaryGpu,
        boolean romBar,
        SequencedMap<String, String> others) {

    private static final Pattern ADDRESS = Pattern.compile("(?:[a-f0-9]{4,}:)?[a-f0-9]{2}:[a-f0-9]{2}(?:\\.[a-f0-9])?");

    public HostPci {
        hosts = List.copyOf(hosts);
        others = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(others));
        for (String host : hosts) {
            if (!ADDRESS.matcher(host).matches()) {
                throw new IllegalArgumentException("'" + host + "' is no PCI address");
            }
        }
    }

    /** A device by its cluster-wide name, as PCIe. */
    public static HostPci mapped(String mapping) {
        return new HostPci(List.of(), mapping, true, false, true, new LinkedHashMap<>());
    }

    /** @throws IllegalArgumentException when it is not written as Proxmox writes it */
    public static HostPci parse(String text) {
        PropertyString p = PropertyString.parse(text, "host");
        String host = p.take("host");
        return new HostPci(
                host == null ? List.of() : Arrays.asList(host.split(";")),
                p.take("mapping"),
                p.flag("pcie", false),
                p.flag("x-vga", false),
                p.flag("rombar", true),
                p.rest());
    }

    public String print() {
        return PropertyString.empty()
                .put("host", hosts.isEmpty() ? null : String.join(";", hosts))
                .put("mapping", mapping)
                .flagIf("pcie", pcie, false)
                .flagIf("x-vga", primaryGpu, false)
                .flagIf("rombar", romBar, true)
                .putAll(others)
                .print("host");
    }

    /** Whether a raw address names this function; says nothing about mappings. */
    public boolean names(PciAddress function) {
        String full = function.toString().toLowerCase(Locale.ROOT);
        String slot = function.slot().toString().toLowerCase(Locale.ROOT);
        return hosts.stream().map(HostPci::withDomain).anyMatch(h -> h.equals(full) || h.equals(slot));
    }

    private static String withDomain(String host) {
        return host.chars().filter(c -> c == ':').count() == 1 ? "0000:" + host : host;
    }
}
