package dev.rackhouse.passthrough;

import dev.rackhouse.inventory.fact.ProbeReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code findings FILE...}: prints the findings of probe outputs, one a line, as tab-separated
 * {@code sample target check severity}. Needs no database and no network.
 */
public final class FindingsCommand {

    private FindingsCommand() {}

    public static void main(String[] files) {
        System.exit(run(List.of(files), System.out, System.err));
    }

    /** @return 0; 1 when a file could not be read or was no complete probe; 2 when none was named */
    static int run(List<String> files, PrintStream out, PrintStream err) {
        if (files.isEmpty()) {
            err.println("Usage: findings FILE...   (outputs of the probe; prints sample, target, check, severity)");
            return 2;
        }
        int status = 0;
        for (String file : files) {
            try {
                String text = new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
                switch (ProbeReport.parse(text)) {
                    case ProbeReport.Complete(var facts) -> {
                        String sample = sample(Path.of(file));
                        Findings.ofEverything(facts).stream()
                                .map(f -> String.join("\t", sample, f.target().toString(), f.check(), f.severityWord()))
                                .distinct()
                                .forEach(out::println);
                    }
                    case ProbeReport.Discarded(var reason, String sentence) -> {
                        err.println(file + ": " + sentence);
                        status = 1;
                    }
                }
            } catch (IOException e) {
                err.println(file + ": could not be read (" + e + ")");
                status = 1;
            }
        }
        out.flush();
        return status;
    }

    /** The folder of the dump below a folder {@code hosts}, as in {@code generic/before}; else the name of its folder. */
    static String sample(Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        List<String> parts = new ArrayList<>();
        if (folder != null) {
            folder.forEach(p -> parts.add(p.toString()));
        }
        int hosts = parts.lastIndexOf("hosts");
        if (hosts >= 0 && hosts < parts.size() - 1) {
            return String.join("/", parts.subList(hosts + 1, parts.size()));
        }
        return parts.isEmpty() ? "." : parts.getLast();
    }
}
