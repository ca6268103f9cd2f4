package dev.rackhouse.preparation;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The entry that is started by default carries the words, and every initial RAM disk our script. */
@Component
class BootFilesCarry implements NamedCondition {

    static final String NAME = "boot-files-carry";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        List<List<String>> lines =
                Lines.of(answer.text()).stream().map(Lines::words).toList();
        if (!answer.succeeded() || lines.isEmpty() || !lines.getLast().equals(List.of("end"))) {
            return Judgement.unknown("the answer was cut off: " + answer.error().strip());
        }
        List<String> words = Lines.words(arguments.getOrDefault("words", ""));
        if (!words.isEmpty()) {
            List<String> entry = lines.stream()
                    .filter(l -> l.getFirst().equals("linux"))
                    .findFirst()
                    .orElse(List.of());
            List<String> missing =
                    words.stream().filter(w -> !entry.contains(w)).toList();
            if (!missing.isEmpty()) {
                return Judgement.fails("the first entry of grub.cfg lacks " + String.join(" ", missing));
            }
        }
        if (arguments.getOrDefault("script", "0").equals("1")) {
            List<List<String>> disks =
                    lines.stream().filter(l -> l.getFirst().equals("initrd")).toList();
            for (List<String> disk : disks) {
                if (disk.size() < 3 || disk.get(1).equals("0")) {
                    return Judgement.fails((disk.size() < 3 ? "an initial RAM disk" : disk.get(2))
                            + " does not hold the script that keeps the devices");
                }
            }
            if (disks.isEmpty()) {
                return Judgement.fails("no initial RAM disk was found in /boot");
            }
        }
        return Judgement.holds("what the next boot reads carries it");
    }
}
