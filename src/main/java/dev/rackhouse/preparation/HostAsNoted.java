package dev.rackhouse.preparation;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Each file is there with the bytes, owner and mode that were noted, or absent as noted, and the kernel runs with the same words. The
 * boot loader's own words, which name the kernel, do not count: another kernel may be newer.
 */
@Component
class HostAsNoted implements NamedCondition {

    static final String NAME = "host-as-noted";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        if (!answer.succeeded()) {
            return Judgement.unknown("the script ended with " + answer.status() + ": " + answer.error().strip());
        }
        List<String> shown = Lines.of(answer.text());
        List<String> files = Lines.of(arguments.getOrDefault("files", ""));
        for (String file : files) {
            if (!shown.contains(file)) {
                String path = Lines.words(file).get(1);
                return Judgement.fails(path + " is not as it was read for the preview: "
                        + shown.stream()
                                .filter(l -> Lines.words(l).contains(path))
                                .findFirst()
                                .orElse("it was not shown"));
            }
        }
        String cmdline = shown.stream()
                .filter(l -> l.startsWith("cmdline "))
                .map(l -> l.substring("cmdline ".length()))
                .findFirst()
                .orElse("");
        return counting(cmdline).equals(counting(arguments.getOrDefault("cmdline", "")))
                ? Judgement.holds(files.size() + (files.size() == 1 ? " file and" : " files and")
                        + " the kernel's words are as noted")
                : Judgement.fails("the kernel runs with other words than noted: " + cmdline);
    }

    private static List<String> counting(String cmdline) {
        List<String> words = new ArrayList<>(Lines.words(cmdline));
        words.removeIf(w -> w.startsWith("BOOT_IMAGE=") || w.startsWith("initrd="));
        return words;
    }
}
