package dev.rackhouse.runbook;

import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Command.SysfsWrite;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fills bound values into texts. Only names that the outline declares are placeholders; other braces (shell, awk, JSON) stay.
 */
final class Placeholders {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final Pattern FORM = Pattern.compile("\\{([a-z][a-z0-9]*(?:[.-][A-Za-z0-9_]+)*)}");

    private final Set<String> declared;
    private final Map<String, String> values;

    private Placeholders(Set<String> declared, Map<String, String> values) {
        this.declared = declared;
        this.values = values;
    }

    /** @param mark tells the run from one with the same number of another console */
    static Placeholders of(Outline outline, RunId run, String mark, Map<String, String> bound) {
        Map<String, String> values = new TreeMap<>(bound);
        values.put("run", run.toString());
        values.put("run.mark", run + "-" + mark);
        return new Placeholders(declaredBy(outline), values);
    }

    /** Names that some step binds, and {@code run}, {@code run.mark}. */
    static Set<String> declaredBy(Outline outline) {
        Set<String> names = new LinkedHashSet<>();
        names.add("run");
        names.add("run.mark");
        for (Step step : outline.steps()) {
            step.binds().forEach(b -> names.add(b.name()));
            checksOf(step).forEach(check -> check.binds().forEach(b -> names.add(b.name())));
        }
        return names;
    }

    static List<Check> checksOf(Step step) {
        List<Check> checks = new java.util.ArrayList<>();
        add(checks, step.unless());
        if (step.command() instanceof Command.Wait wait) {
            checks.add(wait.until().check());
            add(checks, wait.until().meanwhile());
        }
        if (step.confirm() != null) {
            checks.add(step.confirm().check());
            add(checks, step.confirm().meanwhile());
        }
        for (Undo undo : step.undo()) {
            add(checks, undo.unless());
            add(checks, undo.onlyIf());
            if (undo.confirm() != null) {
                checks.add(undo.confirm().check());
            }
        }
        return checks;
    }

    private static void add(List<Check> checks, @Nullable Check check) {
        if (check != null) {
            checks.add(check);
        }
    }

    /** @throws Unbound when a declared name has no value yet */
    Command fill(Command command) {
        return switch (command) {
            case ApiCall call ->
                new ApiCall(call.lab(), call.method(), text(call.path(), Placeholders::encoded), fill(call.form()));
            case ServiceCall call ->
                new ServiceCall(
                        fill(call.host()),
                        fill(call.service()),
                        call.method(),
                        text(call.path(), Placeholders::encoded),
                        call.body() == null ? null : text(call.body(), Placeholders::inJson),
                        call.timeout(),
                        call.asks());
            case Shell shell -> new Shell(fill(shell.host()), text(shell.script()), shell.timeout());
            case SysfsWrite write -> new SysfsWrite(fill(write.host()), text(write.path()), text(write.value()));
            case FileEdit edit ->
                new FileEdit(
                        fill(edit.host()),
                        text(edit.path()),
                        edit.before() == null ? null : text(edit.before()),
                        edit.after() == null ? null : text(edit.after()),
                        edit.owner(),
                        edit.mode());
            case Command.Wait wait ->
                new Command.Wait(
                        wait.what(),
                        new Proof(
                                fill(wait.until().check()),
                                wait.until().within(),
                                wait.until().every(),
                                wait.until().what(),
                                wait.until().meanwhile() == null
                                        ? null
                                        : fill(wait.until().meanwhile()),
                                wait.until().otherwise()));
            case Command.Pause pause -> pause;
        };
    }

    Check fill(Check check) {
        return new Check(
                fill(check.read()),
                check.all().stream()
                        .map(c -> new Condition(c.name(), fillValues(c.arguments())))
                        .toList(),
                check.binds());
    }

    private Service fill(Service service) {
        return switch (service) {
            case Service.DockerEngine docker -> docker;
            case Service.LocalPort port -> new Service.LocalPort(port.port(), text(port.bearer()));
        };
    }

    /** A value that is put between the quotes of a JSON text. */
    private static String inJson(String value) {
        String quoted = JSON.writeValueAsString(value);
        return quoted.substring(1, quoted.length() - 1);
    }

    private Host fill(Host host) {
        return switch (host) {
            case Host.Node node -> node;
            case Host.GuestVia guest ->
                new Host.GuestVia(guest.via(), text(guest.user()), text(guest.address()), guest.port());
        };
    }

    private SortedMap<String, List<String>> fill(SortedMap<String, List<String>> form) {
        SortedMap<String, List<String>> filled = new TreeMap<>();
        form.forEach(
                (key, list) -> filled.put(key, list.stream().map(this::text).toList()));
        return filled;
    }

    private SortedMap<String, String> fillValues(SortedMap<String, String> arguments) {
        SortedMap<String, String> filled = new TreeMap<>();
        arguments.forEach((key, value) -> filled.put(key, text(value)));
        return filled;
    }

    String text(String text) {
        return text(text, UnaryOperator.identity());
    }

    private String text(String text, UnaryOperator<String> encode) {
        Matcher matcher = FORM.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1);
            String value = values.get(name);
            boolean ours = declared.contains(name) || name.startsWith("secret.");
            if (ours && value == null) {
                throw new Unbound(name);
            }
            matcher.appendReplacement(
                    filled, Matcher.quoteReplacement(ours && value != null ? encode.apply(value) : matcher.group()));
        }
        return matcher.appendTail(filled).toString();
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A value is needed that no earlier step has bound. */
    static final class Unbound extends RuntimeException {
        Unbound(String name) {
            super("The value {" + name + "} is not known: the step that reads it has not been done or found nothing.");
        }
    }
}
