package dev.rackhouse.runbook;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value that is born during the run and named in the preview: where it is read, and which form it must have. The form is what
 * keeps a hostile answer out of later paths and scripts: a value that does not match fails the step.
 *
 * @param name lower case words joined by dots or hyphens, {@code guest.address}; written {@code {guest.address}} where it is used
 * @param pointer JSON pointer into the answer; null: the answer's text, trimmed
 * @param regex searched in what was found; its first group (or the whole match) is the value; null: all of it
 * @param form the whole value must match it
 */
public record Binding(
        String name, @Nullable String pointer, @Nullable String regex, String form) {

    /** Letters, digits and marks that mean nothing to a shell. */
    public static final String PLAIN = "[A-Za-z0-9][A-Za-z0-9._:/@+=,!-]{0,254}";

    /** A UUID in lower or upper case. */
    public static final String UUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";

    /** An IPv4 or IPv6 address without prefix. */
    public static final String ADDRESS = "[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:]{2,39}";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*([.-][a-z0-9]+)*");

    public Binding {
        if (!NAME.matcher(name).matches()
                || name.equals("run")
                || name.equals("run.mark")
                || name.startsWith("secret.")) {
            throw new IllegalArgumentException("'" + name
                    + "' is no name for a value: words joined by dots; run, run.mark and secret.* are taken");
        }
        Pattern.compile(form);
        if (regex != null) {
            Pattern.compile(regex);
        }
    }

    /** From a JSON pointer into the answer's data; {@code ""} is the data itself. */
    public static Binding at(String name, String pointer) {
        return new Binding(name, pointer, null, PLAIN);
    }

    /** From the answer's text, by the first group of a regular expression. */
    public static Binding matching(String name, String regex) {
        return new Binding(name, null, regex, PLAIN);
    }

    /** A copy that searches what was found: {@code uuid=([0-9a-f-]+)}. */
    public Binding part(String regex) {
        return new Binding(name, pointer, regex, form);
    }

    /** A copy whose value must match this as a whole. */
    public Binding of(String form) {
        return new Binding(name, pointer, regex, form);
    }

    /** The name as it stands in texts: {@code {guest.address}}. */
    public String placeholder() {
        return "{" + name + "}";
    }

    /** The value in this answer; empty when it is not there or not in its form. */
    Optional<String> find(Answer answer) {
        Optional<String> found = pointer == null ? Optional.of(answer.text().strip()) : answer.textAt(pointer);
        return found.flatMap(this::partOf).filter(value -> value.matches(form));
    }

    private Optional<String> partOf(String text) {
        if (regex == null) {
            return Optional.of(text);
        }
        Matcher matcher = Pattern.compile(regex).matcher(text);
        if (!matcher.find()) {
            return Optional.empty();
        }
        return Optional.ofNullable(matcher.groupCount() > 0 ? matcher.group(1) : matcher.group());
    }
}
