package dev.rackhouse.inference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an engine is started as: all of it as data, so that it can be shown, compared and sent. */
public sealed interface LaunchSpec {

    /** The label by which a container says whose it is: its value is the deployment's id. */
    String DEPLOYMENT_LABEL = "rackhouse";

    /** The literal command line, quoted for a POSIX shell; secrets stand as names of variables. */
    String commandLine();

    /**
     * A container of Docker.
     *
     * @param environment values; a null value takes the variable of that name from where it is kept secret
     * @param mounts source to target
     * @param arguments what follows the image
     */
    record Container(
            String name,
            String image,
            List<String> gpus,
            int hostPort,
            int port,
            SequencedMap<String, @Nullable String> environment,
            SequencedMap<String, String> mounts,
            boolean hostIpc,
            Map<String, String> labels,
            List<String> arguments)
            implements LaunchSpec {

        public Container {
            gpus = List.copyOf(gpus);
            environment = Collections.unmodifiableSequencedMap(environment);
            mounts = Collections.unmodifiableSequencedMap(mounts);
            labels = Map.copyOf(labels);
            arguments = List.copyOf(arguments);
        }

        @Override
        public String commandLine() {
            List<String> words =
                    new ArrayList<>(List.of("docker", "run", "-d", "--name", name, "--restart", "unless-stopped"));
            if (!gpus.isEmpty()) {
                words.add("--gpus");
                words.add("\"device=" + String.join(",", gpus) + "\"");
            }
            if (hostIpc) {
                words.add("--ipc=host");
            }
            new TreeMap<>(labels).forEach((key, value) -> {
                words.add("--label");
                words.add(key + "=" + value);
            });
            mounts.forEach((source, target) -> {
                words.add("-v");
                words.add(source + ":" + target);
            });
            environment.forEach((key, value) -> {
                words.add("-e");
                words.add(value == null ? key : key + "=" + value);
            });
            words.add("-p");
            words.add(hostPort + ":" + port);
            words.add(image);
            words.addAll(arguments);
            return quoted(words);
        }
    }

    /** A process of its own, on a machine without containers for GPUs. */
    record Program(String name, List<String> words) implements LaunchSpec {

        public Program {
            words = List.copyOf(words);
        }

        @Override
        public String commandLine() {
            return quoted(words);
        }
    }

    private static String quoted(List<String> words) {
        return words.stream()
                .map(w -> w.matches("[A-Za-z0-9_./:=@,+-]+") ? w : "'" + w.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
}
