package dev.rackhouse.runbook;

import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.Pause;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Command.SysfsWrite;
import dev.rackhouse.runbook.Command.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Commands as a person reads them: nothing left out, nothing dressed up. */
public final class CommandText {

    private CommandText() {}

    /** One line: {@code POST /nodes/caraxes/qemu}, {@code sh on caraxes}, {@code waiting: ...}. */
    public static String summary(Command command) {
        return switch (command) {
            case ApiCall call -> call.method() + " " + call.path();
            case ServiceCall call ->
                call.method() + " " + call.service().label() + call.path() + " on "
                        + call.host().label();
            case Shell shell -> "ssh " + shell.host().label();
            case FileEdit edit ->
                (edit.after() == null ? "remove " : edit.before() == null ? "create " : "edit ") + edit.path() + " on "
                        + edit.host().label();
            case SysfsWrite write ->
                "write " + write.path() + " on " + write.host().label();
            case Wait wait ->
                wait.until().within().isZero()
                        ? "look"
                        : "wait at most " + time(wait.until().within());
            case Pause pause -> "wait " + time(pause.time());
        };
    }

    /** All of it, several lines: parameters one a line, the script, the difference of the file. */
    public static String literal(Command command) {
        return switch (command) {
            case ApiCall call -> summary(call) + parameters(call);
            case ServiceCall call -> summary(call) + (call.body() == null ? "" : "\n" + indented(call.body()));
            case Shell shell -> summary(shell) + "\n" + indented(shell.script());
            case FileEdit edit -> summary(edit) + "\n" + difference(edit);
            case SysfsWrite write ->
                summary(write) + "\n  " + (write.value().isEmpty() ? "(an empty line)" : write.value());
            case Wait wait -> summary(wait) + ": " + wait.what() + "\n" + indented(literal(wait.until()));
            case Pause pause -> summary(pause) + ": " + pause.what();
        };
    }

    /** What is read until it is so, and what must stay so meanwhile. */
    public static String literal(Proof proof) {
        return literal(proof.check())
                + (proof.meanwhile() == null ? "" : "\nas long as this stays so:\n" + literal(proof.meanwhile()))
                + (proof.otherwise() == null
                        ? ""
                        : "\nwhen it is not so in time, the run goes on: " + proof.otherwise());
    }

    /** What is read, and what must be true of it. */
    public static String literal(Check check) {
        return literal(check.read())
                + check.all().stream().map(c -> "\n  must be so: " + c).collect(Collectors.joining())
                + check.binds().stream()
                        .map(b -> "\n  gives " + b.placeholder()
                                + (b.pointer() == null
                                        ? ""
                                        : " from " + (b.pointer().isEmpty() ? "the answer" : b.pointer()))
                                + (b.regex() == null ? "" : " by " + b.regex()))
                        .collect(Collectors.joining());
    }

    private static String parameters(ApiCall call) {
        List<String> lines = new ArrayList<>();
        call.form().forEach((key, values) -> values.forEach(value -> lines.add("  " + key + "=" + value)));
        return lines.stream().map(line -> "\n" + line).collect(Collectors.joining());
    }

    private static String indented(String text) {
        return text.lines().map(line -> "  " + line).collect(Collectors.joining("\n"));
    }

    /** Lines that go with a minus, lines that come with a plus, in place; common ones stay. */
    static String difference(FileEdit edit) {
        List<String> before =
                edit.before() == null ? List.of() : edit.before().lines().toList();
        List<String> after =
                edit.after() == null ? List.of() : edit.after().lines().toList();
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<String> lines = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                lines.add("    " + before.get(i++));
                j++;
            } else if (i < before.size() && (j == after.size() || common[i + 1][j] >= common[i][j + 1])) {
                lines.add("  - " + before.get(i++));
            } else {
                lines.add("  + " + after.get(j++));
            }
        }
        return String.join("\n", lines);
    }

    /** {@code 3 min 10 s}. */
    public static String time(Duration time) {
        long seconds = Math.max(time.toSeconds(), 0);
        if (seconds < 60) {
            return seconds + " s";
        }
        String rest = seconds < 3600
                ? (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s")
                : (seconds / 60 % 60 == 0 ? "" : " " + seconds / 60 % 60 + " min");
        return seconds < 3600 ? seconds / 60 + " min" + rest : seconds / 3600 + " h" + rest;
    }
}
