package dev.rackhouse.simulator.serving;

import dev.rackhouse.simulator.serving.GpuRack.Card;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ollama in a container: it listens at once with no model in memory, and counts nothing. */
final class OllamaServer extends EngineProgram {
    static final String VERSION = "0.13.5";

    private static final int PORT = 11434;

    private final OllamaModels models;
    private volatile @Nullable OllamaRunners runners;

    OllamaServer(Launch launch) {
        super(launch);
        this.models = new OllamaModels(launch);
    }

    @Override
    int work() throws Refusal, InterruptedException {
        String fault = launch.faults().atStart(launch.name());
        if (!launch.arguments().isEmpty() && !launch.arguments().getFirst().equals("serve")) {
            throw new Refusal(
                    1, "Error: unknown command \"" + launch.arguments().getFirst() + "\" for \"ollama\"");
        }
        int port = port();
        OllamaRunners kept = new OllamaRunners(
                launch, fault, number("OLLAMA_CONTEXT_LENGTH", 4096), number("OLLAMA_NUM_PARALLEL", 1));
        runners = kept;
        OllamaApi api = new OllamaApi(
                launch,
                models,
                kept,
                KeepAlive.seconds(launch.environment().getOrDefault("OLLAMA_KEEP_ALIVE", "5m"), 300),
                number("OLLAMA_MAX_QUEUE", 512));
        say("source=routes.go:1544 msg=\"server config\" env=\"map[OLLAMA_CONTEXT_LENGTH:" + kept.context()
                + " OLLAMA_HOST:http://0.0.0.0:" + port + "]\"");
        open(port, api::handle);
        say("source=routes.go:1597 msg=\"Listening on [::]:" + port + " (version " + VERSION + ")\"");
        launch.starting().sleep(0.5);
        cards();
        while (true) {
            launch.computer().tempo().sleep(1);
            kept.look();
        }
    }

    private void cards() {
        boolean any = false;
        for (String uuid : launch.gpus()) {
            Optional<Card> card = launch.computer().gpus().find(uuid);
            if (card.isPresent()) {
                any = true;
                say(String.format(
                        Locale.ROOT,
                        "source=types.go:42 msg=\"inference compute\" id=%s library=CUDA compute=%.1f name=CUDA%d description=\"%s\" total=\"%.1f GiB\" available=\"%.1f GiB\"",
                        uuid,
                        card.get().computeTenths() / 10.0,
                        card.get().index(),
                        card.get().name(),
                        card.get().usableMiB() / 1024.0,
                        launch.computer().gpus().freeMiB(uuid) / 1024.0));
            }
        }
        if (!any) {
            say(
                    "source=types.go:60 msg=\"inference compute\" id=cpu library=cpu compute=\"\" name=cpu description=cpu");
        }
    }

    private int port() {
        String host = launch.environment().getOrDefault("OLLAMA_HOST", "0.0.0.0:" + PORT);
        String port = host.substring(host.lastIndexOf(':') + 1);
        return port.matches("\\d{1,5}") ? Integer.parseInt(port) : PORT;
    }

    private int number(String name, int otherwise) {
        String value = launch.environment().getOrDefault(name, "");
        return value.matches("[1-9]\\d{0,8}") ? Integer.parseInt(value) : otherwise;
    }

    private void say(String text) {
        launch.log().err(Stamp.now() + " level=INFO " + text);
    }

    @Override
    int leave() {
        return 0;
    }

    @Override
    public Executed execute(List<String> words) throws InterruptedException {
        if (!words.isEmpty() && words.getFirst().equals("ollama") && runners == null) {
            return new Executed(1, "", "Error: could not connect to ollama server, run 'ollama serve' to start it\n");
        }
        if (words.size() != 3
                || !words.getFirst().equals("ollama")
                || !words.get(1).equals("pull")) {
            return super.execute(words);
        }
        try {
            StringBuilder shown = new StringBuilder();
            Optional<String> failed = models.pull(
                    words.get(2), line -> shown.append(line.get("status")).append('\n'));
            failed.ifPresent(why -> shown.append("Error: ").append(why).append('\n'));
            return new Executed(failed.isPresent() ? 1 : 0, "", shown.toString());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Runners are shown whether they hold a model or not: their numbers never change. */
    @Override
    public Map<Integer, String> processes() {
        Map<Integer, String> all = new LinkedHashMap<>();
        all.put(launch.pid(), "/bin/ollama serve");
        for (int runner = 1; runner <= OllamaRunners.MOST; runner++) {
            all.put(launch.pid() + runner, "/usr/bin/ollama runner --ollama-engine");
        }
        return all;
    }

    @Override
    public Map<String, Object> state() {
        Map<String, Object> all = new LinkedHashMap<>();
        OllamaRunners kept = runners;
        all.put("engine", "ollama");
        all.put("phase", kept == null ? "ARGUMENTS" : "READY");
        if (kept != null) {
            all.put("served", models.names());
            all.put("loaded", kept.all().stream().map(one -> one.name).toList());
            all.put(
                    "running",
                    kept.all().stream().mapToInt(one -> one.batch.running()).sum());
            all.put(
                    "waiting",
                    kept.all().stream().mapToInt(one -> one.batch.waiting()).sum());
            all.put(
                    "generatedTokens",
                    kept.all().stream().mapToLong(one -> one.batch.generated()).sum());
        }
        return all;
    }
}
