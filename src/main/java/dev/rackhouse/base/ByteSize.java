package dev.rackhouse.base;

import java.util.Locale;

/** An amount of bytes, shown in binary units: {@code 23.4 GiB}. Never negative. */
public record ByteSize(long bytes) implements Comparable<ByteSize> {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is never negative: " + bytes);
        }
    }

    public static ByteSize ofKiB(long kib) {
        return new ByteSize(Math.multiplyExact(kib, 1024L));
    }

    public static ByteSize ofMiB(long mib) {
        return new ByteSize(Math.multiplyExact(mib, 1024L * 1024));
    }

    public static ByteSize ofGiB(long gib) {
        return new ByteSize(Math.multiplyExact(gib, 1024L * 1024 * 1024));
    }

    public double inMiB() {
        return bytes / (1024.0 * 1024);
    }

    public double inGiB() {
        return inMiB() / 1024;
    }

    /** The figure alone, as {@link #toString()} shows it: {@code 23.4}. */
    public String figure() {
        int unit = unitIndex();
        double value = bytes / Math.pow(1024, unit);
        return unit == 0 || value >= 100 || value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.1f", value);
    }

    /** The unit alone, as {@link #toString()} shows it: {@code GiB}. */
    public String unit() {
        return UNITS[unitIndex()];
    }

    private int unitIndex() {
        int unit = 0;
        double value = bytes;
        while (value >= 1023.95 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit;
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    @Override
    public String toString() {
        return figure() + " " + unit();
    }
}
