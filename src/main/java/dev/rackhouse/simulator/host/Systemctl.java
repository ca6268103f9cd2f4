package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command {@code systemctl}: its words, and what it prints about units. */
final class Systemctl {
    private final Units units;

    Systemctl(Units units) {
        this.units = units;
    }

    Answer run(List<String> words) {
        List<String> names = new ArrayList<>();
        List<String> properties = new ArrayList<>();
        boolean valueOnly = false;
        boolean quiet = false;
        boolean now = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-p") && i + 1 < words.size()) {
                properties.addAll(List.of(words.get(++i).split(",")));
            } else if (word.startsWith("--property=")) {
                properties.addAll(List.of(word.substring(11).split(",")));
            } else if (word.equals("--value")) {
                valueOnly = true;
            } else if (word.equals("-q") || word.equals("--quiet")) {
                quiet = true;
            } else if (word.equals("--now")) {
                now = true;
            } else if (!word.startsWith("-")) {
                names.add(word);
            }
        }
        boolean noBlock = words.contains("--no-block");
        String verb = names.isEmpty() ? "list-units" : names.removeFirst();
        return switch (verb) {
            case "daemon-reload", "mask", "unmask", "set-property" -> Answer.ok("");
            case "reset-failed" -> {
                names.forEach(name -> units.resetFailed(UnitFiles.full(name)));
                yield Answer.ok("");
            }
            case "show" -> show(names, properties, valueOnly);
            case "cat" -> cat(names);
            case "is-active" -> state(names, quiet, true);
            case "is-failed" -> state(names, quiet, false);
            case "is-enabled" -> enabled(names, quiet);
            case "status" -> status(names);
            case "start", "restart", "reload", "try-restart" -> start(verb, names, !noBlock);
            case "stop", "kill" -> stop(verb, names);
            case "enable", "disable", "reenable" -> install(verb, names, now);
            case "list-units" -> Answer.ok(list());
            case "list-timers" -> Answer.ok(units.timers().list());
            case "list-unit-files" -> Answer.ok(String.join("\n", units.files().all()) + "\n");
            case "is-system-running" -> Answer.ok("running\n");
            default -> Answer.failed(1, "Unknown command verb '" + verb + "'.\n");
        };
    }

    private Answer show(List<String> names, List<String> properties, boolean valueOnly) {
        StringBuilder out = new StringBuilder();
        for (String name : names) {
            Map<String, String> all = units.properties(UnitFiles.full(name));
            List<String> wanted = properties.isEmpty() ? List.copyOf(all.keySet()) : properties;
            for (String property : wanted) {
                String value = all.get(property);
                if (value != null) {
                    out.append(valueOnly ? "" : property + "=").append(value).append('\n');
                }
            }
        }
        return Answer.ok(out.toString());
    }

    private Answer cat(List<String> names) {
        StringBuilder out = new StringBuilder();
        for (String name : names) {
            String full = UnitFiles.full(name);
            if (units.files().find(full).isEmpty()) {
                return Answer.failed(1, "No files found for " + full + ".\n");
            }
            out.append("# ").append(UnitFiles.FOLDER).append('/').append(full).append('\n');
            out.append(units.files().text(full));
        }
        return Answer.ok(out.toString());
    }

    private Answer state(List<String> names, boolean quiet, boolean active) {
        StringBuilder out = new StringBuilder();
        boolean any = false;
        for (String name : names) {
            String state = units.properties(UnitFiles.full(name)).getOrDefault("ActiveState", "inactive");
            out.append(state).append('\n');
            any |= state.equals(active ? "active" : "failed");
        }
        return new Answer(any ? 0 : active ? 3 : 1, quiet ? "" : out.toString(), "");
    }

    private Answer enabled(List<String> names, boolean quiet) {
        StringBuilder out = new StringBuilder();
        boolean any = false;
        for (String name : names) {
            String state = units.properties(UnitFiles.full(name)).getOrDefault("UnitFileState", "");
            if (state.isEmpty()) {
                return Answer.failed(
                        1,
                        "Failed to get unit file state for " + UnitFiles.full(name) + ": No such file or directory\n");
            }
            out.append(state).append('\n');
            any |= !state.equals("disabled");
        }
        return new Answer(any ? 0 : 1, quiet ? "" : out.toString(), "");
    }

    private Answer status(List<String> names) {
        StringBuilder out = new StringBuilder();
        int code = 0;
        for (String name : names) {
            String full = UnitFiles.full(name);
            Map<String, String> all = units.properties(full);
            if ("not-found".equals(all.get("LoadState"))) {
                return Answer.failed(4, "Unit " + full + " could not be found.\n");
            }
            out.append("● ")
                    .append(full)
                    .append("\n     Loaded: loaded (")
                    .append(UnitFiles.FOLDER)
                    .append('/')
                    .append(full)
                    .append("; ")
                    .append(all.get("UnitFileState"))
                    .append(")\n     Active: ")
                    .append(all.get("ActiveState"))
                    .append(" (")
                    .append(all.get("SubState"))
                    .append(")\n");
            code = "active".equals(all.get("ActiveState")) ? code : 3;
        }
        return new Answer(code, out.toString(), "");
    }

    private Answer start(String verb, List<String> names, boolean wait) {
        for (String name : names) {
            String full = UnitFiles.full(name);
            var file = units.files().find(full);
            if (file.isPresent()) {
                if (verb.equals("restart")) {
                    units.stop(full);
                }
                Answer started = units.start(file.get(), wait);
                if (started.code() != 0) {
                    return started;
                }
            } else if (units.services().containsKey(bare(full))) {
                if (!verb.equals("reload")) {
                    units.service(bare(full), true);
                }
            } else {
                return Answer.failed(5, "Failed to " + verb + " " + full + ": Unit " + full + " not found.\n");
            }
        }
        return Answer.ok("");
    }

    private Answer stop(String verb, List<String> names) {
        for (String name : names) {
            String full = UnitFiles.full(name);
            if (units.services().containsKey(bare(full))) {
                units.service(bare(full), false);
            } else if (!units.stop(full)) {
                return Answer.failed(
                        5,
                        "Failed to " + verb + " " + full + ": Unit " + full
                                + (verb.equals("stop") ? " not loaded.\n" : " not found.\n"));
            }
        }
        return Answer.ok("");
    }

    private Answer install(String verb, List<String> names, boolean now) {
        StringBuilder said = new StringBuilder();
        for (String name : names) {
            String full = UnitFiles.full(name);
            var file = units.files().find(full);
            if (file.isPresent() || verb.equals("disable") && !units.services().containsKey(bare(full))) {
                String done = verb.equals("disable")
                        ? units.files().disable(full)
                        : units.files().enable(file.orElseThrow());
                if (done.isEmpty() && file.isEmpty()) {
                    return missing(verb, full);
                }
                said.append(done);
                if (now && verb.equals("disable")) {
                    units.stop(full);
                } else if (now) {
                    Answer started = units.start(file.orElseThrow(), true);
                    if (started.code() != 0) {
                        return started;
                    }
                }
            } else if (units.services().containsKey(bare(full))) {
                if (now) {
                    units.service(bare(full), !verb.equals("disable"));
                }
            } else {
                return missing(verb, full);
            }
        }
        return new Answer(0, "", said.toString());
    }

    private static Answer missing(String verb, String full) {
        return Answer.failed(1, "Failed to " + verb + " unit: Unit file " + full + " does not exist.\n");
    }

    private String list() {
        StringBuilder out = new StringBuilder();
        units.runs()
                .forEach((name, unit) -> out.append(name)
                        .append(" loaded ")
                        .append(unit.active())
                        .append(' ')
                        .append(unit.sub())
                        .append('\n'));
        units.services().forEach((name, runs) -> {
            if (runs) {
                out.append(name).append(".service loaded active running\n");
            }
        });
        return out.toString();
    }

    private static String bare(String name) {
        return name.replaceFirst("\\.service$", "");
    }
}
