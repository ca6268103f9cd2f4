package dev.rackhouse.simulator.host;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The words of a kernel command line, as the kernel takes them apart (Documentation/admin-guide/kernel-parameters.txt, 6.8).
 *
 * @param text the line as {@code /proc/cmdline} prints it
 */
record KernelWords(String text) {

    List<String> all() {
        return Arrays.stream(text.strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    boolean has(String word) {
        return all().contains(word);
    }

    /** Value of the last {@code name=value}. */
    Optional<String> last(String name) {
        return all().stream()
                .filter(word -> word.startsWith(name + "="))
                .map(word -> word.substring(name.length() + 1))
                .reduce((first, second) -> second);
    }

    /** Whether one of the comma separated values of the last {@code name=...} is this one. */
    boolean says(String name, String value) {
        return last(name)
                .map(values -> List.of(values.split(",")).contains(value))
                .orElse(false);
    }

    /** {@code iommu=pt} or {@code iommu.passthrough=1}: host devices pass the IOMMU untranslated. */
    boolean passthrough() {
        return says("iommu", "pt") || says("iommu.passthrough", "1");
    }

    /** Modules that {@code modprobe.blacklist=} keeps from loading by themselves. */
    List<String> blacklist() {
        return all().stream()
                .filter(word -> word.startsWith("modprobe.blacklist=") || word.startsWith("module_blacklist="))
                .flatMap(word ->
                        Arrays.stream(word.substring(word.indexOf('=') + 1).split(",")))
                .map(Modules::normal)
                .toList();
    }

    /** KiB of {@code default_hugepagesz=}, empty when the kernel's own default holds. */
    Optional<Integer> defaultHugePageKib() {
        return last("default_hugepagesz").map(KernelWords::kib);
    }

    /** What {@code hugepages=} asks for, by page size in KiB: a number for all nodes, or {@code node:count,...}. */
    Map<Integer, String> hugePages(int defaultKib) {
        Map<Integer, String> wanted = new TreeMap<>();
        int size = defaultHugePageKib().orElse(defaultKib);
        for (String word : all()) {
            if (word.startsWith("hugepagesz=")) {
                size = kib(word.substring(11));
            } else if (word.startsWith("hugepages=")) {
                wanted.put(size, word.substring(10));
            }
        }
        return wanted;
    }

    /** Counts by node: spread evenly over the nodes, the rest from the first one on, or as the word says. */
    static Map<Integer, Integer> spread(String wanted, List<Integer> nodes) {
        Map<Integer, Integer> counts = new LinkedHashMap<>();
        nodes.forEach(node -> counts.put(node, 0));
        if (wanted.matches("\\d{1,8}")) {
            int all = Integer.parseInt(wanted);
            for (int i = 0; i < nodes.size(); i++) {
                counts.put(nodes.get(i), all / nodes.size() + (i < all % nodes.size() ? 1 : 0));
            }
        } else {
            for (String part : wanted.split(",")) {
                if (part.matches("\\d{1,4}:\\d{1,8}")) {
                    String[] pair = part.split(":");
                    counts.computeIfPresent(Integer.parseInt(pair[0]), (node, none) -> Integer.parseInt(pair[1]));
                }
            }
        }
        return counts;
    }

    private static int kib(String size) {
        String digits = size.replaceAll("[^0-9]", "");
        int number = digits.isEmpty() ? 0 : Integer.parseInt(digits);
        return switch (size.isEmpty() ? ' ' : Character.toUpperCase(size.charAt(size.length() - 1))) {
            case 'G' -> number * 1024 * 1024;
            case 'M' -> number * 1024;
            default -> number;
        };
    }

    @Override
    public String toString() {
        return all().stream().collect(Collectors.joining(" "));
    }
}
