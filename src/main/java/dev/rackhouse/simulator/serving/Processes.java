package dev.rackhouse.simulator.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The files below {@code /proc} of a container's processes: by them one finds the container that holds a card's memory. */
final class Processes {
    private final Computer computer;
    private final String container;
    private final List<Integer> shown = new ArrayList<>();

    Processes(Computer computer, String container) {
        this.computer = computer;
        this.container = container;
    }

    void show(Map<Integer, String> processes) {
        processes.forEach((pid, line) -> {
            computer.write("/proc/" + pid + "/cgroup", "0::/system.slice/docker-" + container + ".scope\n");
            computer.write(
                    "/proc/" + pid + "/comm", line.replaceFirst(" .*", "").replaceFirst("^.*/", "") + "\n");
            computer.write("/proc/" + pid + "/cmdline", line.replace(' ', '\0') + "\0");
            shown.add(pid);
        });
    }

    void gone() {
        shown.forEach(pid -> computer.delete("/proc/" + pid));
    }
}
