package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import dev.rackhouse.simulator.host.DiskUnits.UnitFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Services that stand as unit files on the disk. One-shot units run their real commands on the box; daemons are only said to run,
 * unless {@link Daemons} knows better.
 */
final class DiskServices {

    /** What programs do when they start that are no programs here. */
    interface Daemons {
        /** Empty: it runs; else why it does not. */
        Optional<String> start(String name, UnitFile unit);

        void stopped(String name);
    }

    private final Box box;
    private final Daemons daemons;
    private final Map<String, String> states = new ConcurrentHashMap<>();

    DiskServices(Box box, Daemons daemons) {
        this.box = box;
        this.daemons = daemons;
    }

    private DiskUnits units() {
        return new DiskUnits(box.tree());
    }

    boolean knows(String name) {
        return box.built() && units().find(name).isPresent();
    }

    boolean runs(String name) {
        return states.getOrDefault(name, "inactive").equals("active");
    }

    /** All processes are gone. */
    void forget() {
        states.clear();
    }

    /** Starts what is wanted at boot, one after the other. */
    void boot() {
        units().wanted().forEach(name -> start(name));
    }

    /** Forgets units whose files are gone. */
    void reload() {
        states.keySet().removeIf(name -> !knows(name));
    }

    Answer enabled(String name) {
        return switch (units().enabling(name)) {
            case ENABLED -> Answer.ok("enabled\n");
            case DISABLED -> new Answer(1, "disabled\n", "");
            case STATIC -> Answer.ok("static\n");
            case ABSENT -> Answer.failed(1, "Failed to get unit file state for " + name + ": No such file or directory\n");
        };
    }

    /** Null: done. */
    @Nullable
    Answer change(String verb, String name, boolean now) {
        return switch (verb) {
            case "start" -> runs(name) ? null : start(name);
            case "restart" -> {
                stop(name);
                yield start(name);
            }
            case "stop", "kill" -> {
                stop(name);
                yield null;
            }
            case "enable" -> {
                if (units().enabling(name) == DiskUnits.Enabling.DISABLED) {
                    units().enable(name);
                }
                yield now ? change("start", name, false) : null;
            }
            case "disable" -> {
                units().disable(name);
                if (now) {
                    stop(name);
                }
                yield null;
            }
            default -> null;
        };
    }

    private void stop(String name) {
        if (states.remove(name) != null) {
            daemons.stopped(name);
        }
    }

    private @Nullable Answer start(String name) {
        UnitFile unit = units().find(name).orElse(null);
        if (unit == null) {
            return Answer.failed(5, "Failed to start " + name + ": Unit " + name + " not found.\n");
        }
        for (String wanted : String.join(" ", unit.all("Unit.Wants")).split("\\s+")) {
            if (!wanted.isEmpty() && knows(wanted) && !runs(wanted)) {
                start(wanted);
            }
        }
        String failure = unit.oneShot()
                ? unit.all("Service.ExecStart").stream()
                        .map(this::execute)
                        .filter(f -> !f.isEmpty())
                        .findFirst()
                        .orElse("")
                : daemons.start(name, unit).orElse("");
        if (!failure.isEmpty()) {
            states.put(name, "failed");
            return Answer.failed(
                    1,
                    "Job for " + name + " failed because " + failure + "\nSee \"systemctl status " + name
                            + "\" and \"journalctl -xeu " + name + "\" for details.\n");
        }
        if (!unit.oneShot() || unit.remains()) {
            states.put(name, "active");
        }
        return null;
    }

    /** Empty: it went well. The command is found by its name, since the box may have no root of its own. */
    private String execute(String line) {
        String command = line.replaceFirst("^-", "");
        String[] words = command.split("\\s+");
        String program = words[0].substring(words[0].lastIndexOf('/') + 1);
        String shell = program + " "
                + Arrays.stream(words).skip(1).map(RunRequest::quoted).collect(Collectors.joining(" "));
        try {
            Process process = box.start("exec " + shell + " >/dev/null 2>&1", Map.of());
            process.getOutputStream().close();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 || line.startsWith("-")
                    ? ""
                    : "the control process exited with error code.";
        } catch (IOException broken) {
            return "the control process could not be started.";
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return "it was interrupted.";
        }
    }

    /** As {@code systemctl show} prints them. */
    Map<String, String> properties(String name) {
        UnitFile unit = units().find(name).orElseThrow();
        String state = states.getOrDefault(name, "inactive");
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Id", name);
        all.put("LoadState", "loaded");
        all.put("ActiveState", state);
        all.put(
                "SubState",
                state.equals("active") ? unit.oneShot() ? "exited" : "running" : state.equals("failed") ? "failed" : "dead");
        all.put("MainPID", "0");
        all.put("Result", state.equals("failed") ? "exit-code" : "success");
        all.put("UnitFileState", units().enabling(name).name().toLowerCase(java.util.Locale.ROOT));
        return all;
    }
}
