package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.ProbeDump.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The udev rules that write {@code driver_override} of PCI functions when they appear; other rules are passed over. */
final class UdevRules {
    private static final Pattern PART =
            Pattern.compile("([A-Z]+)(?:\\{([^}]*)})?\\s*(==|!=|=|\\+=|:=)\\s*\"([^\"]*)\"");

    private UdevRules() {}

    /** Address to driver, from the rules on the disk. */
    static Map<String, String> overrides(HostTree tree, ProbeDump board) {
        Map<String, String> overrides = new LinkedHashMap<>();
        for (String file : HostFiles.list(tree, "/etc/udev/rules.d")) {
            if (file.endsWith(".rules")) {
                for (String line : HostFiles.lines(tree, file)) {
                    board.rows("P").forEach(function -> apply(line, function, overrides));
                }
            }
        }
        return overrides;
    }

    private static void apply(String line, Row function, Map<String, String> overrides) {
        String override = "";
        Matcher part = PART.matcher(line);
        while (part.find()) {
            String key = part.group(1);
            String operator = part.group(3);
            String value = part.group(4);
            if (operator.equals("==") || operator.equals("!=")) {
                String have = switch (key) {
                    case "ACTION" -> "add";
                    case "SUBSYSTEM", "SUBSYSTEMS" -> "pci";
                    case "KERNEL", "KERNELS" -> function.field(0);
                    case "ATTR", "ATTRS" -> function.value(part.group(2)).orElse("");
                    default -> "\0";
                };
                if (glob(value, have) != operator.equals("==")) {
                    return;
                }
            } else if (key.equals("ATTR") && "driver_override".equals(part.group(2))) {
                override = value;
            }
        }
        if (!override.isEmpty()) {
            overrides.put(function.field(0), override);
        }
    }

    private static boolean glob(String pattern, String text) {
        return List.of(pattern.split("\\|")).stream().anyMatch(one -> text.matches(regex(one)));
    }

    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        for (char c : glob.toCharArray()) {
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '[', ']' -> regex.append(c);
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }
}
