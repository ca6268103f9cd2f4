package dev.rackhouse.passthrough;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IPv4 address with the length of its network: {@code 10.0.110.20/24}.
 *
 * @param address as a number, 0 to 2^32 - 1
 * @param prefix 0 to 32
 */
record Ipv4Network(long address, int prefix) {

    private static final Pattern FORM =
            Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})(?:/([0-9]{1,2}))?");

    /** Reads {@code 10.0.0.1/24}, or {@code 10.0.0.1} with prefix 32; empty for anything else. */
    static Optional<Ipv4Network> find(String text) {
        Matcher m = FORM.matcher(text.strip());
        if (!m.matches()) {
            return Optional.empty();
        }
        long address = 0;
        for (int i = 1; i <= 4; i++) {
            int part = Integer.parseInt(m.group(i));
            if (part > 255) {
                return Optional.empty();
            }
            address = address << 8 | part;
        }
        int prefix = m.group(5) == null ? 32 : Integer.parseInt(m.group(5));
        return prefix > 32 ? Optional.empty() : Optional.of(new Ipv4Network(address, prefix));
    }

    Ipv4Network withMask(String mask) {
        int length = mask.matches("[0-9]{1,2}")
                ? Math.min(32, Integer.parseInt(mask))
                : find(mask).map(m -> Long.bitCount(m.address())).orElse(prefix);
        return new Ipv4Network(address, length);
    }

    private long mask() {
        return prefix == 0 ? 0 : 0xffff_ffffL << (32 - prefix) & 0xffff_ffffL;
    }

    long network() {
        return address & mask();
    }

    long broadcast() {
        return network() | ~mask() & 0xffff_ffffL;
    }

    boolean contains(Ipv4Network other) {
        return (other.address & mask()) == network();
    }

    boolean overlaps(Ipv4Network other) {
        long shorter = prefix < other.prefix ? mask() : other.mask();
        return (address & shorter) == (other.address & shorter);
    }

    /** Whether a machine can have this address: neither the network's own nor the one for all. */
    boolean usable() {
        return prefix >= 31 || address != network() && address != broadcast();
    }

    /** The same network, another address in it. */
    Ipv4Network at(long other) {
        return new Ipv4Network(other, prefix);
    }

    /** {@code 10.0.110.20} */
    String host() {
        return (address >> 24) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255);
    }

    @Override
    public String toString() {
        return host() + "/" + prefix;
    }
}
