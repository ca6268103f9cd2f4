package dev.rackhouse.simulator.serving;

import java.util.List;

/** What runs in a container, by its image. */
final class Programs {
    private final Computer computer;

    Programs(Computer computer) {
        this.computer = computer;
    }

    Program of(Container container, Launch launch) throws DockerRefusal {
        String image = container.image();
        if (image.contains("vllm")) {
            return new VllmServer(launch, version(image));
        }
        if (image.contains("llama.cpp")) {
            return new LlamaServer(launch);
        }
        if (image.contains("ollama")) {
            return new OllamaServer(launch);
        }
        return new SmallProgram(launch.arguments(), computer.tempo());
    }

    /** {@code 0.29.0} from the image's tag. */
    private static String version(String image) {
        return image.replaceFirst("^.*:v?", "").matches("\\d+(\\.\\d+)+") ? image.replaceFirst("^.*:v?", "") : "0.29.0";
    }

    /** Programs of every small image. */
    private static final class SmallProgram implements Program {
        private final List<String> words;
        private final Tempo tempo;
        private volatile boolean asked;

        SmallProgram(List<String> words, Tempo tempo) throws DockerRefusal {
            this.words = words;
            this.tempo = tempo;
            String program = words.isEmpty() ? "true" : words.getFirst();
            if (!List.of("true", "false", "sleep", "sh", "bash").contains(program)) {
                throw new DockerRefusal(
                        400,
                        "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create"
                                + " failed: unable to start container process: error during container init: exec: \""
                                + program
                                + "\": executable file not found in $PATH");
            }
        }

        @Override
        public int run() throws InterruptedException {
            double seconds = words.size() < 2 || !words.getFirst().equals("sleep")
                    ? 0
                    : words.get(1).matches("\\d{1,9}") ? Double.parseDouble(words.get(1)) : 1e9;
            for (double slept = 0; slept < seconds && !asked; slept += 0.5) {
                tempo.sleep(0.5);
            }
            return asked ? 143 : words.isEmpty() || !words.getFirst().equals("false") ? 0 : 1;
        }

        @Override
        public void terminate() {
            asked = true;
        }
    }
}
