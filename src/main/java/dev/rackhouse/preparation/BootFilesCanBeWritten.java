package dev.rackhouse.preparation;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** There is room where boot files lie, it can be written, and neither a package nor a backup is being worked on. */
@Component
class BootFilesCanBeWritten implements NamedCondition {

    static final String NAME = "boot-files-can-be-written";

    /** Where the copies lie there must be room for the boot files of several kernels. */
    private static final int COPIES = 6;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        List<List<String>> lines =
                Lines.of(answer.text()).stream().map(Lines::words).toList();
        if (!answer.succeeded() || lines.isEmpty() || !lines.getLast().equals(List.of("end"))) {
            return Judgement.unknown("the answer was cut off");
        }
        long needed = Long.parseLong(arguments.getOrDefault("freeMiB", "150"));
        String room = "";
        for (List<String> line : lines) {
            switch (line.getFirst()) {
                case "busy" -> {
                    return Judgement.fails(
                            switch (line.get(1)) {
                                case "/run/vzdump.lock" -> "a backup is running on the host";
                                default -> "a package is being installed on the host (" + line.get(1) + ")";
                            });
                }
                case "room" -> {
                    if (line.size() < 3 || !line.get(2).matches("[0-9]{1,15}")) {
                        return Judgement.unknown("how much room " + line.get(1) + " has was not shown");
                    }
                    long free = Long.parseLong(line.get(2)) / 1024;
                    if (free < (line.get(1).equals("/var") ? needed * COPIES : needed)) {
                        return Judgement.fails("%s has %d MiB left, too little to write boot files or their copies without leaving half ones"
                                .formatted(line.get(1), free));
                    }
                    room = room + (room.isEmpty() ? "" : ", ") + line.get(1) + " has " + free + " MiB left";
                }
                default -> {
                    // belongs to another condition
                }
            }
        }
        return lines.contains(List.of("writable", "/boot"))
                ? Judgement.holds(room.isEmpty() ? "/boot can be written" : room)
                : Judgement.fails("/boot cannot be written");
    }
}
