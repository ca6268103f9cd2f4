package dev.rackhouse.simulator.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Room on the file systems of a machine, and whether they may be written. Thread-safe. */
final class DiskSpace {
    static final String ESP = "esp";

    private static final long ROOT_BYTES = 96L << 30;
    private static final long ROOT_FREE = 60L << 30;
    private static final long ESP_BYTES = 1L << 30;
    private static final long ESP_FREE = 800L << 20;

    private final ProbeDump dump;
    private final Map<String, Long> free = new ConcurrentHashMap<>();
    private final Map<String, Boolean> readOnly = new ConcurrentHashMap<>();

    DiskSpace(ProbeDump dump) {
        this.dump = dump;
    }

    /** @param place {@code /}, {@code /boot} or another folder, or {@code esp} for the partitions of the boot tool */
    void free(String place, long bytes) {
        free.put(place, bytes);
    }

    void readOnly(String place, boolean on) {
        readOnly.put(place, on);
    }

    long free(String path) {
        return at(path, free, path.equals(ESP) || path.startsWith("/boot/efi") ? ESP_FREE : ROOT_FREE);
    }

    boolean readOnly(String path) {
        return at(path, readOnly, false);
    }

    private static <T> T at(String path, Map<String, T> by, T otherwise) {
        for (String place = path; ; place = place.substring(0, place.lastIndexOf('/'))) {
            T value = by.get(place.isEmpty() ? "/" : place);
            if (value != null) {
                return value;
            }
            if (!place.contains("/")) {
                return otherwise;
            }
        }
    }

    /** Why a file of this size cannot be written, in the kernel's words; empty when it can. */
    String refusal(String path, long bytes) {
        if (readOnly(path)) {
            return "Read-only file system";
        }
        return free(path) < bytes ? "No space left on device" : "";
    }

    /** {@code df} with the options that scripts use: {@code -P -k -m -h -B1 --output=...}. */
    CommandDoor.Answer df(List<String> words) {
        List<String> paths = new ArrayList<>();
        long unit = 1024;
        boolean human = false;
        List<String> columns = List.of("source", "size", "used", "avail", "pcent", "target");
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.startsWith("--output")) {
                columns = word.contains("=") ? List.of(word.substring(9).split(",")) : columns;
            } else if (word.equals("-B") && i + 1 < words.size()) {
                unit = unit(words.get(++i));
            } else if (word.startsWith("-B") || word.startsWith("--block-size=")) {
                unit = unit(word.replaceFirst("-B|--block-size=", ""));
            } else if (word.startsWith("-") && !word.startsWith("--")) {
                unit = word.contains("m") ? 1 << 20 : unit;
                human |= word.contains("h");
            } else if (!word.startsWith("-")) {
                paths.add(word);
            }
        }
        StringBuilder out = new StringBuilder(
                line(columns.stream().map(column -> title(column, words)).toList()));
        for (String path : paths.isEmpty() ? List.of("/") : paths) {
            out.append(row(path, columns, human ? 0 : unit));
        }
        return CommandDoor.Answer.ok(out.toString());
    }

    private static long unit(String text) {
        String letter = text.replaceAll("[0-9]", "").toUpperCase(Locale.ROOT);
        return letter.startsWith("K") ? 1024 : letter.startsWith("M") ? 1 << 20 : letter.startsWith("G") ? 1 << 30 : 1;
    }

    private static String title(String column, List<String> words) {
        return switch (column) {
            case "source" -> "Filesystem";
            case "fstype" -> "Type";
            case "size" -> words.contains("-h") ? "Size" : "1K-blocks";
            case "used" -> "Used";
            case "avail" -> words.contains("-P") ? "Available" : "Avail";
            case "pcent" -> words.contains("-P") ? "Capacity" : "Use%";
            default -> "Mounted on";
        };
    }

    private String row(String path, List<String> columns, long unit) {
        String[] mount = {"/", "/dev/root", "ext4"};
        for (ProbeDump.Row row : dump.rows("MNT")) {
            boolean above =
                    path.equals(row.field(0)) || path.startsWith(row.field(0).replaceFirst("/$", "") + "/");
            if (above && row.field(0).length() >= mount[0].length()) {
                mount = new String[] {row.field(0), row.field(1), row.field(2)};
            }
        }
        long size = mount[0].equals("/boot/efi") ? ESP_BYTES : ROOT_BYTES;
        long left = Math.min(free(path), size);
        List<String> values = new ArrayList<>();
        for (String column : columns) {
            values.add(
                    switch (column) {
                        case "source" -> mount[1];
                        case "fstype" -> mount[2];
                        case "size" -> amount(size, unit);
                        case "used" -> amount(size - left, unit);
                        case "avail" -> amount(left, unit);
                        case "pcent" -> (size - left) * 100 / size + "%";
                        default -> mount[0];
                    });
        }
        return line(values);
    }

    private static String amount(long bytes, long unit) {
        return unit == 0 ? (bytes >> 30) + "G" : Long.toString(bytes / unit);
    }

    private static String line(List<String> values) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            line.append(i == 0 ? "%-20s".formatted(values.get(i)) : " %10s".formatted(values.get(i)));
        }
        return line.toString().stripTrailing() + "\n";
    }
}
