package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import dev.rackhouse.simulator.host.Packages.Installed;
import dev.rackhouse.simulator.host.Packages.Known;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code apt-get}, {@code apt-cache}, {@code apt-mark}, {@code apt-config}, {@code dpkg-query} and {@code dpkg} of Ubuntu 24.04. */
final class AptTools {
    private static final String LISTS = "/var/lib/apt/lists/";
    private static final Pattern SOURCE =
            Pattern.compile("deb\\s+(?:\\[([^\\]]*)\\]\\s+)?(https?://(\\S+?)/?)\\s+\\S+.*");

    private final Box box;
    private final Packages packages;
    private final SoftwareFaults faults;
    private final Pace pace;

    AptTools(Box box, Packages packages, SoftwareFaults faults, Pace pace) {
        this.box = box;
        this.packages = packages;
        this.faults = faults;
        this.pace = pace;
    }

    Answer run(String program, List<String> words) {
        return switch (program) {
            case "apt-get" -> aptGet(words);
            case "apt-cache" -> policy(words);
            case "apt-mark" -> mark(words);
            case "apt-config" -> config();
            case "dpkg-query" -> query(words);
            default ->
                words.contains("--print-architecture")
                        ? Answer.ok("amd64\n")
                        : Answer.failed(2, "dpkg: error: need an action option\n");
        };
    }

    /** What stands on the line besides options: the verb and names. */
    private static List<String> plain(List<String> words) {
        List<String> plain = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-o") || word.equals("-c") || word.equals("-t")) {
                i++;
            } else if (!word.startsWith("-")) {
                plain.add(word);
            }
        }
        return plain;
    }

    private Answer aptGet(List<String> words) {
        List<String> plain = plain(words);
        if (plain.isEmpty()) {
            return Answer.ok("apt 2.8.3 (amd64)\n");
        }
        String verb = plain.getFirst();
        List<String> names = plain.subList(1, plain.size());
        boolean simulate = words.contains("-s") || words.contains("--simulate") || words.contains("--dry-run");
        if (faults.locked() && !simulate && !verb.equals("update")) {
            return Answer.failed(
                    100,
                    "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 2113 (unattended-upgr)\n"
                            + "E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?\n");
        }
        return switch (verb) {
            case "update" -> {
                Answer answer = update();
                yield answer.code() == 0
                                && answer.err().contains("Failed to fetch")
                                && words.contains("APT::Update::Error-Mode=any")
                        ? new Answer(100, answer.out(), answer.err().replace("W: Failed", "E: Failed"))
                        : answer;
            }
            case "install" -> install(names, simulate);
            case "remove", "purge" -> remove(verb, names, words.contains("--allow-change-held-packages"), simulate);
            case "autoremove", "clean", "upgrade", "dist-upgrade" -> Answer.ok("Reading package lists...\n");
            default -> Answer.failed(100, "E: Invalid operation " + verb + "\n");
        };
    }

    /** A source of packages as a list file has it. */
    private record Source(String url, String place, String options) {
        String mark() {
            return place.replaceAll("[^A-Za-z0-9.]+", "_") + "_Packages";
        }

        String repository() {
            return url.contains("libnvidia-container") ? "toolkit" : url;
        }
    }

    private List<Source> added() {
        List<Source> found = new ArrayList<>();
        for (String file : names("/etc/apt/sources.list.d")) {
            box.tree()
                    .read("/etc/apt/sources.list.d/" + file)
                    .orElse("")
                    .lines()
                    .forEach(line -> {
                        Matcher source = SOURCE.matcher(line.strip());
                        if (file.endsWith(".list") && source.matches()) {
                            String options = source.group(1);
                            found.add(new Source(source.group(2), source.group(3), options == null ? "" : options));
                        }
                    });
        }
        return found;
    }

    private List<String> names(String folder) {
        String[] found = box.tree().at(folder).toFile().list();
        return found == null ? List.of() : Stream.of(found).sorted().toList();
    }

    private Answer update() {
        pace.sleepSeconds(3);
        if (faults.noNetwork()) {
            return new Answer(
                    0,
                    "Reading package lists...\n",
                    "W: Failed to fetch http://archive.ubuntu.com/ubuntu/dists/noble/InRelease  Temporary failure resolving"
                            + " 'archive.ubuntu.com'\nW: Some index files failed to download. They have been ignored, or old ones used"
                            + " instead.\n");
        }
        StringBuilder out = new StringBuilder("Hit:1 http://archive.ubuntu.com/ubuntu noble InRelease\n");
        names(LISTS).forEach(name -> box.tree().delete(LISTS + name));
        for (Source source : added()) {
            String key = source.options().replaceAll("(?s).*signed-by=(\\S+).*", "$1");
            boolean trusted = source.options().contains("signed-by=")
                    && box.tree().read(key).orElse("").contains("BEGIN PGP PUBLIC KEY BLOCK");
            if (!trusted) {
                return new Answer(
                        100,
                        out.toString(),
                        "W: GPG error: " + source.url()
                                + "  InRelease: The following signatures couldn't be verified because the"
                                + " public key is not available: NO_PUBKEY DDCAE044F796ECB0\nE: The repository '"
                                + source.url()
                                + "  InRelease' is not signed.\n");
            }
            if (source.url().contains("nosuch")) {
                return new Answer(
                        100,
                        out.toString(),
                        "E: The repository '" + source.url() + "  Release' does not have a Release file.\n");
            }
            box.tree().line(LISTS + source.mark(), source.repository());
            out.append("Get:2 ").append(source.url()).append("  InRelease\n");
        }
        return Answer.ok(out + "Reading package lists...\n");
    }

    private boolean available(Known known) {
        return known.source().equals("image")
                || known.source().equals("ubuntu")
                || names(LISTS).stream()
                        .anyMatch(n -> box.tree().read(LISTS + n).orElse("").equals(known.source()));
    }

    private Answer install(List<String> names, boolean simulate) {
        String reading = "Reading package lists...\nBuilding dependency tree...\nReading state information...\n";
        for (String name : names) {
            Known known = Packages.known(name);
            if (known == null || !available(known) && !packages.has(name)) {
                return new Answer(100, reading, "E: Unable to locate package " + name + "\n");
            }
        }
        List<Known> missing = packages.missing(names);
        StringBuilder out = new StringBuilder(reading);
        packages.installed().forEach((name, there) -> {
            if (names.contains(name)) {
                out.append(name)
                        .append(" is already the newest version (")
                        .append(there.version())
                        .append(").\n");
            }
        });
        out.append("0 upgraded, ").append(missing.size()).append(" newly installed, 0 to remove and 0 not upgraded.\n");
        if (simulate) {
            missing.forEach(p -> out.append("Inst ")
                    .append(p.name())
                    .append(" (")
                    .append(p.version())
                    .append(" Ubuntu:24.04/noble-updates [amd64])\n"));
            return Answer.ok(out.toString());
        }
        if (missing.isEmpty()) {
            return Answer.ok(out.toString());
        }
        if (faults.noSpace()) {
            return new Answer(
                    100, out.toString(), "E: You don't have enough free space in /var/cache/apt/archives/.\n");
        }
        if (faults.noNetwork()) {
            return new Answer(
                    100,
                    out.toString(),
                    "E: Failed to fetch http://archive.ubuntu.com/ubuntu/pool/main/"
                            + missing.getFirst().name()
                            + "  Temporary failure resolving 'archive.ubuntu.com'\nE: Unable to fetch some archives, maybe run"
                            + " apt-get update or try with --fix-missing?\n");
        }
        pace.sleepSeconds(4 + missing.stream().mapToInt(Known::mib).sum() / 20.0);
        packages.install(missing);
        missing.forEach(p -> out.append("Setting up ")
                .append(p.name())
                .append(" (")
                .append(p.version())
                .append(") ...\n"));
        return Answer.ok(out.toString());
    }

    private Answer remove(String verb, List<String> names, boolean heldToo, boolean simulate) {
        Set<String> wanted = new LinkedHashSet<>();
        for (String name : names) {
            if (Packages.known(name) == null && !packages.has(name)) {
                return Answer.failed(100, "E: Unable to locate package " + name + "\n");
            }
            wanted.add(name);
        }
        List<String> gone = packages.dependents(wanted);
        Map<String, Installed> there = packages.installed();
        if (!heldToo && gone.stream().anyMatch(n -> there.get(n) instanceof Installed i && i.held())) {
            return Answer.failed(
                    100, "E: Held packages were changed and -y was used without --allow-change-held-packages.\n");
        }
        StringBuilder out = new StringBuilder("Reading package lists...\n");
        gone.forEach(n -> out.append(simulate ? "Remv " : "Removing ").append(n).append(" ...\n"));
        if (!simulate && !gone.isEmpty()) {
            pace.sleepSeconds(4);
            packages.remove(gone);
        }
        return Answer.ok(out + (verb.equals("purge") ? "Purging configuration files ...\n" : ""));
    }

    private Answer policy(List<String> words) {
        List<String> plain = plain(words);
        if (plain.size() < 2 || !plain.getFirst().equals("policy")) {
            return Answer.failed(100, "E: Invalid operation\n");
        }
        StringBuilder out = new StringBuilder();
        for (String name : plain.subList(1, plain.size())) {
            Known known = Packages.known(name);
            if (known != null) {
                Installed there = packages.installed().get(name);
                out.append(name)
                        .append(":\n  Installed: ")
                        .append(there == null ? "(none)" : there.version())
                        .append("\n  Candidate: ")
                        .append(available(known) ? known.version() : "(none)")
                        .append('\n');
            }
        }
        return Answer.ok(out.toString());
    }

    private Answer mark(List<String> words) {
        List<String> plain = plain(words);
        String verb = plain.isEmpty() ? "" : plain.getFirst();
        Collection<String> names = plain.isEmpty() ? List.of() : plain.subList(1, plain.size());
        StringBuilder out = new StringBuilder();
        switch (verb) {
            case "showhold" ->
                packages.installed().forEach((name, there) -> out.append(there.held() ? name + "\n" : ""));
            case "hold", "unhold" -> {
                for (String name : names) {
                    if (!packages.has(name)) {
                        return Answer.failed(100, "E: Unable to locate package " + name + "\n");
                    }
                    packages.hold(name, verb.equals("hold"));
                    out.append(name).append(verb.equals("hold") ? " set on hold.\n" : " was already not on hold.\n");
                }
            }
            default -> {
                return Answer.failed(100, "E: Invalid operation " + verb + "\n");
            }
        }
        return Answer.ok(out.toString());
    }

    /** Only lists are printed that somebody set in {@code apt.conf.d}. */
    private Answer config() {
        StringBuilder out = new StringBuilder();
        for (String file : names("/etc/apt/apt.conf.d")) {
            String text =
                    box.tree().read("/etc/apt/apt.conf.d/" + file).orElse("").replaceAll("(?m)^\\s*//.*$", "");
            Matcher list = Pattern.compile("([A-Za-z:-]+)\\s*\\{([^}]*)}").matcher(text);
            while (list.find()) {
                out.append(list.group(1)).append(" \"\";\n");
                Matcher value = Pattern.compile("\"([^\"]*)\"\\s*;").matcher(list.group(2));
                while (value.find()) {
                    out.append(list.group(1))
                            .append(":: \"")
                            .append(value.group(1))
                            .append("\";\n");
                }
            }
        }
        return Answer.ok(out.toString());
    }

    private Answer query(List<String> words) {
        String format = "${binary:Package}\\t${Version}\\n";
        List<String> names = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-f") && i + 1 < words.size()) {
                format = words.get(++i);
            } else if (word.startsWith("-f")) {
                format = word.substring(2).replaceFirst("^=", "");
            } else if (word.startsWith("--showformat=")) {
                format = word.substring(13);
            } else if (!word.startsWith("-")) {
                names.add(word);
            }
        }
        Map<String, Installed> there = packages.installed();
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        for (String name : names.isEmpty() ? List.copyOf(there.keySet()) : names) {
            Pattern glob =
                    Pattern.compile(name.replace(".", "\\.").replace("+", "\\+").replace("*", ".*"));
            List<String> hits = there.keySet().stream()
                    .filter(n -> glob.matcher(n).matches())
                    .toList();
            if (hits.isEmpty()) {
                err.append("dpkg-query: no packages found matching ")
                        .append(name)
                        .append('\n');
            }
            for (String hit : hits) {
                Installed found = java.util.Objects.requireNonNull(there.get(hit), hit);
                out.append(format.replace("${Package}", hit)
                        .replace("${binary:Package}", hit)
                        .replace("${Version}", found.version())
                        .replace("${Architecture}", "amd64")
                        .replace("${db:Status-Abbrev}", found.held() ? "hi " : "ii ")
                        .replace("${Status}", (found.held() ? "hold" : "install") + " ok installed")
                        .replace("\\n", "\n")
                        .replace("\\t", "\t"));
            }
        }
        return new Answer(err.isEmpty() ? 0 : 1, out.toString(), err.toString());
    }
}
