package dev.rackhouse.simulator.pve;

import java.util.Locale;

/** Disk sizes in the spelling of Proxmox: {@code 32G}, {@code 528K}; units are powers of 1024. */
final class Sizes {
    private static final String UNITS = "KMGT";

    private Sizes() {}

    /** Bytes of {@code 32G}, {@code 0.5T}, {@code 4M}; a plain number is bytes. */
    static long parse(String text) {
        String number = text.replace("iB", "");
        char unit = number.isEmpty() ? ' ' : number.charAt(number.length() - 1);
        int power = UNITS.indexOf(unit) + 1;
        double value = Double.parseDouble(power > 0 ? number.substring(0, number.length() - 1) : number);
        return (long) (value * Math.pow(1024, power));
    }

    /** Largest unit that divides the size. */
    static String print(long bytes) {
        long value = bytes;
        int power = 0;
        while (value > 0 && value % 1024 == 0 && power < UNITS.length()) {
            value /= 1024;
            power++;
        }
        return power == 0 ? Long.toString(value) : value + UNITS.substring(power - 1, power);
    }

    /** As in progress lines: {@code 3.5 GiB}. */
    static String human(double bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double value = bytes;
        int i = 0;
        while (value >= 1024 && i < units.length - 1) {
            value /= 1024;
            i++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, units[i]);
    }

    /** As after a backup: {@code 71KB}, {@code 35.51GB}. */
    static String archive(long bytes) {
        if (bytes < 1L << 20) {
            return bytes / 1024 + "KB";
        }
        return bytes < 1L << 30
                ? bytes / (1 << 20) + "MB"
                : String.format(Locale.ROOT, "%.2fGB", bytes / (double) (1L << 30));
    }
}
