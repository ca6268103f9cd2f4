package dev.rackhouse.base;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of one PCI function, {@code 0000:0e:00.0}: domain, bus, device, function.
 *
 * @param domain 0 to 0xffffffff (four hex digits, eight for virtual hierarchies)
 * @param bus 0 to 255
 * @param device 0 to 31
 * @param function 0 to 7
 */
public record PciAddress(long domain, int bus, int device, int function) implements Comparable<PciAddress> {

    private static final Pattern FORM =
            Pattern.compile("(?:([0-9a-fA-F]{4,8}):)?([0-9a-fA-F]{2}):([01][0-9a-fA-F])\\.([0-7])");
    private static final Comparator<PciAddress> ORDER = Comparator.comparingLong(PciAddress::domain)
            .thenComparingInt(PciAddress::bus)
            .thenComparingInt(PciAddress::device)
            .thenComparingInt(PciAddress::function);

    public PciAddress {
        if (domain < 0
                || domain > 0xffff_ffffL
                || bus < 0
                || bus > 255
                || device < 0
                || device > 31
                || function < 0
                || function > 7) {
            throw new IllegalArgumentException("no PCI address: " + domain + ":" + bus + ":" + device + "." + function);
        }
    }

    /**
     * Reads {@code 0000:0e:00.0} or, with domain 0 left out, {@code 0e:00.0}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static PciAddress parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no PCI address like 0000:0e:00.0");
        }
        long domain = m.group(1) == null ? 0 : Long.parseLong(m.group(1), 16);
        return new PciAddress(
                domain,
                Integer.parseInt(m.group(2), 16),
                Integer.parseInt(m.group(3), 16),
                Integer.parseInt(m.group(4), 16));
    }

    public static boolean isAddress(String text) {
        return FORM.matcher(text).matches();
    }

    /** The slot, {@code 0000:0e:00}: all functions of one device. */
    public PciSlot slot() {
        return new PciSlot(domain, bus, device);
    }

    @Override
    public int compareTo(PciAddress other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return slot() + "." + function;
    }
}
