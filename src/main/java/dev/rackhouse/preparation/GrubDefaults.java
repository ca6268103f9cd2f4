package dev.rackhouse.preparation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /etc/default/grub}: a shell file that update-grub sources. Only what certainly means one text is edited: values in single,
 * double or no quotes, the last assignment. Anything built from other values is refused with a sentence.
 */
final class GrubDefaults {

    static final String NAME = "GRUB_CMDLINE_LINUX_DEFAULT";

    private static final Pattern ASSIGNMENT = Pattern.compile("(\\s*(?:export\\s+)?" + NAME + ")(\\+?)=(.*)");
    private static final Pattern STRAY = Pattern.compile("\\s*(?:export\\s+)?(?:intel_iommu|amd_iommu|iommu)=\\S*\\s*");
    private static final Pattern PROGRAM = Pattern.compile(
            "\\s*(?:if|then|else|elif|fi|case|esac|for|while|until|do|done|eval|source|\\.|[A-Za-z_]\\w*\\s*\\(\\))(?:\\s.*|;.*|)");

    private GrubDefaults() {}

    /** What became of an edit. */
    sealed interface Edit {
        /** @param text the whole file, with the words; the same as before when nothing was missing */
        record Edited(String text) implements Edit {}

        record Refused(String sentence) implements Edit {}
    }

    /** One value in the file: its line, where it stands in it, and the quote around it. */
    private record Value(int line, int from, int to, char quote, String raw) {}

    /** The file with these words on the kernel's command line. */
    static Edit withWords(String text, List<String> wanted) {
        List<String> lines = lines(text);
        Optional<String> program = lines.stream()
                .filter(l -> PROGRAM.matcher(content(l)).matches())
                .findFirst();
        if (program.isPresent()) {
            return refused("it is a program, not a list of values (\"" + program.get().strip() + "\")");
        }
        Value last = null;
        for (int i = 0; i < lines.size(); i++) {
            Matcher m = ASSIGNMENT.matcher(content(lines.get(i)));
            if (m.matches()) {
                if (!m.group(2).isEmpty()) {
                    return refused("it extends " + NAME + " with +=");
                }
                Object value = value(i, m.start(3), content(lines.get(i)));
                if (value instanceof String why) {
                    return refused(why);
                }
                last = (Value) value;
            }
        }
        if (last == null) {
            String end = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
            return new Edit.Edited(text + end + NAME + "=\"" + String.join(" ", wanted) + "\"\n");
        }
        String raw = last.quote() == 0 ? last.raw() : last.raw().substring(1, last.raw().length() - 1);
        if (KernelWords.hasAll(raw, wanted)) {
            return new Edit.Edited(text);
        }
        String quote = last.quote() == 0 ? "\"" : String.valueOf(last.quote());
        String line = lines.get(last.line());
        lines.set(
                last.line(),
                line.substring(0, last.from()) + quote + KernelWords.with(raw, wanted) + quote
                        + line.substring(last.to()));
        return new Edit.Edited(String.join("", lines));
    }

    /** The file without lines that set the IOMMU as a shell variable, which nobody reads. */
    static String withoutStrayLines(String text) {
        return String.join(
                "",
                lines(text).stream()
                        .filter(l -> !STRAY.matcher(content(l)).matches())
                        .toList());
    }

    /** Whether a snippet of {@code /etc/default/grub.d}, which is read later, throws away what stands in the file. */
    static boolean overrides(String snippet) {
        return snippet.lines().anyMatch(l -> {
            Matcher m = ASSIGNMENT.matcher(l);
            return m.matches()
                    && m.group(2).isEmpty()
                    && !m.group(3).matches(".*\\$(?:" + NAME + "\\b|\\{" + NAME + "[}:]).*");
        });
    }

    /** Seconds the menu is shown; null when the file does not say. A hidden menu counts as zero. */
    static @Nullable Integer menuSeconds(String text) {
        Integer seconds = null;
        boolean hidden = false;
        for (String line : text.lines().toList()) {
            Matcher m = Pattern.compile("\\s*GRUB_(TIMEOUT|TIMEOUT_STYLE|HIDDEN_TIMEOUT)=[\"']?([a-z0-9-]*)[\"']?\\s*")
                    .matcher(line);
            if (m.matches()) {
                if (m.group(1).equals("TIMEOUT") && m.group(2).matches("-?[0-9]{1,6}")) {
                    seconds = Integer.valueOf(m.group(2));
                } else {
                    hidden = m.group(1).equals("TIMEOUT_STYLE") && m.group(2).equals("hidden") || hidden;
                }
            }
        }
        return hidden ? Integer.valueOf(0) : seconds;
    }

    /** A {@link Value}, or a sentence that says why it cannot be read for certain. */
    private static Object value(int line, int from, String content) {
        int at = from;
        char quote = at < content.length() && (content.charAt(at) == '"' || content.charAt(at) == '\'')
                ? content.charAt(at)
                : 0;
        if (quote != 0) {
            at++;
        }
        for (; at < content.length(); at++) {
            char c = content.charAt(at);
            if (quote != 0 && c == quote) {
                at++;
                break;
            }
            if (quote == 0 && (Character.isWhitespace(c) || c == ';')) {
                break;
            }
            if (quote != '\'' && (c == '$' || c == '`')) {
                return NAME + " is built from other values (" + c + ")";
            }
            if (quote == 0 && (c == '"' || c == '\'' || c == '\\')) {
                return NAME + " is quoted in a way that is not edited";
            }
            if (quote == '"' && c == '\\') {
                if (at + 1 >= content.length()) {
                    return NAME + " goes over several lines";
                }
                at++;
            } else if (at + 1 == content.length() && quote != 0) {
                return NAME + " goes over several lines, or its quote is not closed";
            }
        }
        String raw = content.substring(from, at);
        if (quote != 0 && raw.length() < 2) {
            return NAME + " goes over several lines, or its quote is not closed";
        }
        String rest = content.substring(at);
        return rest.isBlank() || rest.matches("\\s+#.*") || rest.isEmpty()
                ? new Value(line, from, at, quote, raw)
                : NAME + " is followed by something else on its line";
    }

    private static Edit refused(String why) {
        return new Edit.Refused("/etc/default/grub cannot be edited safely: " + why
                + ". Write " + NAME + " as one plain text in quotes, then try again.");
    }

    /** With their line ends. */
    private static List<String> lines(String text) {
        return new ArrayList<>(text.isEmpty() ? List.of() : List.of(text.split("(?<=\n)")));
    }

    private static String content(String line) {
        return line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
    }
}
