package dev.rackhouse.runbook;

import dev.rackhouse.proxmox.PveMethod;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.Pause;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Command.SysfsWrite;
import dev.rackhouse.runbook.Command.Wait;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An outline as a shell script of curl and ssh lines, to be read, kept, or done by hand on a day without the console. Secrets and
 * values that are born on the way are variables named at the top.
 */
public final class RunScript {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z][a-z0-9]*(?:[.-][A-Za-z0-9]+)*)}");

    private final Outline outline;
    private final Set<String> names;
    private final StringBuilder text = new StringBuilder();

    private RunScript(Outline outline) {
        this.outline = outline;
        this.names = Placeholders.declaredBy(outline);
    }

    /** @param known values that are known, from a run that has been done; empty for a preview */
    public static String of(Outline outline, Map<String, String> known) {
        return new RunScript(outline).write(known);
    }

    private String write(Map<String, String> known) {
        line("#!/bin/sh");
        line("# " + Redaction.oneLine(outline.title()));
        line(
                "# Read it before you run it. Tasks of Proxmox go on after a call has answered: wait for each before the next.");
        line("set -eu");
        line("PROXMOX=\"${PROXMOX:?address of a node, https://10.0.0.1:8006}\"");
        line("TOKEN=\"${TOKEN:?USER@REALM!NAME=SECRET of an API token}\"");
        line(
                "api() { m=$1; p=$2; shift 2; curl --fail-with-body -sS -X \"$m\" -H \"Authorization: PVEAPIToken=$TOKEN\" \"$@\" \"$PROXMOX/api2/json$p\"; echo; }");
        Map<String, String> values = new TreeMap<>(known);
        for (String name : used()) {
            String value = values.get(name);
            line(
                    value == null
                            ? variable(name) + "=\"${" + variable(name) + ":?value of {" + name + "}}\""
                            : variable(name) + "=" + quoted(value));
        }
        int number = 1;
        for (Step step : outline.steps()) {
            line("");
            line("# " + number++ + ". " + Redaction.oneLine(step.title()));
            if (step.question() != null) {
                line("# ask first: " + Redaction.oneLine(step.question()));
            }
            command(step.command());
            if (step.confirm() != null) {
                line("# proof, within " + CommandText.time(step.confirm().within()) + ":");
                check(step.confirm().check());
            }
        }
        undo();
        return text.toString();
    }

    private void undo() {
        line("");
        line("# To undo, last first:");
        for (Step step : outline.steps().reversed()) {
            for (Undo undo : step.undo()) {
                line("# " + Redaction.oneLine(undo.title())
                        + (undo.onlyIf() == null ? "" : " (only while it is this run's own)")
                        + (undo.ifLastFails() == null ? "" : " (only when what stands before it has failed)"));
                int from = text.length();
                command(undo.command());
                String commented =
                        text.substring(from).replaceAll("(?m)^", "# ").stripTrailing();
                text.setLength(from);
                line(commented.endsWith("\n#") ? commented.substring(0, commented.length() - 2) : commented);
            }
        }
    }

    private void command(Command command) {
        switch (command) {
            case ApiCall call -> line(curl(call));
            case ServiceCall call -> line(request(call));
            case Shell shell -> line(ssh(shell));
            case FileEdit edit -> file(edit);
            case SysfsWrite write -> value(write);
            case Wait wait -> {
                line("# "
                        + (wait.until().within().isZero()
                                ? "must be so:"
                                : "wait at most "
                                        + CommandText.time(wait.until().within()) + " until:"));
                check(wait.until().check());
            }
            case Pause pause -> line("sleep " + pause.time().toSeconds());
        }
    }

    private void check(Check check) {
        switch (check.read()) {
            case ApiCall call -> line(curl(call));
            case ServiceCall call -> line(request(call));
            case Shell shell -> line(ssh(shell));
            case FileEdit _, SysfsWrite _, Wait _, Pause _ -> throw new IllegalStateException("A check only reads");
        }
        check.all().forEach(condition -> line("#   " + Redaction.oneLine(condition.toString())));
        check.binds()
                .forEach(b -> line("#   take " + variable(b.name()) + " from "
                        + (b.pointer() == null ? "its output" : b.pointer())));
    }

    private String curl(ApiCall call) {
        StringBuilder line = new StringBuilder("api " + call.method() + " " + quoted(call.path()));
        boolean query = call.method() == PveMethod.GET || call.method() == PveMethod.DELETE;
        if (query && !call.form().isEmpty()) {
            line.append(" -G");
        }
        call.form()
                .forEach((key, values) -> values.forEach(
                        value -> line.append(" \\\n  --data-urlencode ").append(quoted(key + "=" + value))));
        return line.toString();
    }

    /** As the host itself would ask. */
    private String request(ServiceCall call) {
        StringBuilder line = new StringBuilder("curl -sS --fail-with-body -X " + call.method());
        line.append(" --max-time ").append(call.timeout().toSeconds());
        String place = switch (call.service()) {
            case Service.DockerEngine _ -> {
                line.append(" --unix-socket /var/run/docker.sock");
                yield "http://docker";
            }
            case Service.LocalPort port -> {
                if (!port.bearer().isEmpty()) {
                    line.append(" -H ").append(quoted("Authorization: Bearer " + port.bearer()));
                }
                yield "http://127.0.0.1:" + port.port();
            }
        };
        line.append(' ').append(quoted(place + call.path()));
        String body = call.body();
        if (body != null) {
            line.append(" -H 'Content-Type: application/json' --data-raw ").append(quoted(body));
        }
        return ssh(call.host(), line.toString());
    }

    private String ssh(Shell shell) {
        return ssh(shell.host(), shell.script());
    }

    private String ssh(Host host, String script) {
        String target = switch (host) {
            case Host.Node node -> "root@" + node.node().node();
            case Host.GuestVia guest ->
                "-J root@" + guest.via().node() + (guest.port() == 22 ? "" : " -p " + guest.port()) + " " + guest.user()
                        + "@" + unquotedVariables(guest.address());
        };
        return "ssh " + target + " sh -s <<'SCRIPT'" + (uses(script) ? "   # fill in the values in braces" : "") + "\n"
                + script.stripTrailing() + "\nSCRIPT";
    }

    private void file(FileEdit edit) {
        String target = switch (edit.host()) {
            case Host.Node node -> "root@" + node.node().node();
            case Host.GuestVia guest -> "-J root@" + guest.via().node() + " " + guest.user() + "@" + guest.address();
        };
        if (edit.after() == null) {
            line("ssh " + target + " rm -f " + quoted(edit.path()));
            return;
        }
        line("# " + CommandText.summary(edit));
        line("ssh " + target + " \"cat >" + edit.path() + "\" <<'CONTENT'");
        text.append(edit.after()).append(edit.after().endsWith("\n") ? "" : "\n");
        line("CONTENT");
    }

    private void value(SysfsWrite write) {
        String target = switch (write.host()) {
            case Host.Node node -> "root@" + node.node().node();
            case Host.GuestVia guest -> "-J root@" + guest.via().node() + " " + guest.user() + "@" + guest.address();
        };
        line("printf '%s\\n' " + quoted(write.value()) + " | ssh " + target + " tee " + quoted(write.path()));
    }

    private Set<String> used() {
        Set<String> used = new TreeSet<>();
        for (Step step : outline.steps()) {
            collect(CommandText.literal(step.command()), used);
            Placeholders.checksOf(step).forEach(check -> collect(CommandText.literal(check.read()), used));
            step.undo().forEach(undo -> collect(CommandText.literal(undo.command()), used));
        }
        return used;
    }

    private void collect(String from, Set<String> used) {
        Matcher matcher = PLACEHOLDER.matcher(from);
        while (matcher.find()) {
            if (names.contains(matcher.group(1)) || matcher.group(1).startsWith("secret.")) {
                used.add(matcher.group(1));
            }
        }
    }

    private boolean uses(String script) {
        Set<String> used = new TreeSet<>();
        collect(script, used);
        return !used.isEmpty();
    }

    /** In single quotes, with placeholders outside as quoted variables. */
    private String quoted(String value) {
        if (!uses(value) && value.matches("[A-Za-z0-9_./:=@,+-]+")) {
            return value;
        }
        String single = "'" + value.replace("'", "'\\''") + "'";
        Matcher matcher = PLACEHOLDER.matcher(single);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1);
            boolean ours = names.contains(name) || name.startsWith("secret.");
            matcher.appendReplacement(
                    result, Matcher.quoteReplacement(ours ? "'\"$" + variable(name) + "\"'" : matcher.group()));
        }
        return matcher.appendTail(result).toString();
    }

    private String unquotedVariables(String value) {
        Matcher matcher = PLACEHOLDER.matcher(value);
        return matcher.replaceAll(m ->
                Matcher.quoteReplacement(names.contains(m.group(1)) ? "\"$" + variable(m.group(1)) + "\"" : m.group()));
    }

    private static String variable(String name) {
        return name.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
