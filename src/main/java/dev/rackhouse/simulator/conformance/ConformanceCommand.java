package dev.rackhouse.simulator.conformance;

import dev.rackhouse.simulator.pve.PveSettings;
import dev.rackhouse.simulator.pve.PveSimulator;
import dev.rackhouse.simulator.pve.TableComparison;
import dev.rackhouse.simulator.world.LabSeed;
import dev.rackhouse.simulator.world.LabSeeds;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Replays recordings and vectors of a real Proxmox VE against the simulator, over HTTPS.
 *
 * <pre>
 * conformance                     the packed vectors, then the packed recordings
 * conformance DIR|FILE...         other recordings (a folder) or vectors (a file); packed recordings that are not among
 *                                 them are played between them, for the state they leave, and are not counted
 * conformance --alone DIR         without the packed ones
 * conformance --schema FILE       compares the table of calls with a schema file
 * </pre>
 *
 * One line per item: {@code exact|shape|deviating|unused NAME reason}. The exit code is 1 when more than 5 % deviate.
 */
public final class ConformanceCommand {
    private static final String RESOURCES = "/dev/rackhouse/simulator/conformance/";
    private static final double LIMIT = 0.05;
    private static final double SPEED = 60;

    private final PrintStream out;
    private final Map<Verdict, Integer> totals = new EnumMap<>(Verdict.class);

    private ConformanceCommand(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        System.exit(run(List.of(arguments), System.out));
    }

    /** Runs the command and returns its exit code. */
    public static int run(List<String> arguments, PrintStream out) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(arguments);
        int schema = words.indexOf("--schema");
        if (schema >= 0) {
            return compare(Path.of(words.get(schema + 1)), out);
        }
        boolean alone = words.remove("--alone");
        ConformanceCommand command = new ConformanceCommand(out);
        if (words.isEmpty()) {
            command.vectors(JsonMapper.shared().readTree(resource("vectors.json")));
            command.recordings(packed(), false);
        }
        for (String word : words) {
            Path path = Path.of(word);
            if (Files.isDirectory(path)) {
                command.recordings(Recording.read(path), !alone);
            } else {
                command.vectors(JsonMapper.shared().readTree(Files.readString(path)));
            }
        }
        return command.total();
    }

    private static int compare(Path file, PrintStream out) throws IOException {
        TableComparison.Result result =
                TableComparison.compare(JsonMapper.shared().readTree(Files.readString(file)));
        result.differences().forEach(out::println);
        out.printf(
                "calls compared %d, parameters %d, differences %d%n",
                result.calls(), result.parameters(), result.differences().size());
        return result.differences().isEmpty() ? 0 : 1;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ConformanceCommand.class.getResourceAsStream(RESOURCES + name)) {
            if (in == null) {
                throw new IOException("Not packed: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static LabSeed seed(String name) throws IOException {
        return LabSeeds.parse(resource(name).getBytes(StandardCharsets.UTF_8));
    }

    private static List<Recording> packed() throws IOException {
        List<Recording> all = new ArrayList<>();
        for (String name : resource("recordings/index.txt").lines().toList()) {
            all.add(Recording.parse(resource("recordings/" + name)));
        }
        return all;
    }

    private void vectors(JsonNode file) throws IOException, InterruptedException {
        JsonNode vectors = file.isArray() ? file : file.get("vectors");
        LabSeed seed = seed("vectors-lab.json");
        try (PveSimulator lab = PveSimulator.start(
                seed, PveSimulator.memoryMachines(seed), PveSettings.fast().withSpeed(1000))) {
            for (VectorReplay.Line line : new VectorReplay(lab).play(vectors)) {
                print(line.name(), line.verdict(), line.reason(), true);
            }
        }
    }

    private void recordings(List<Recording> asked, boolean withPacked) throws IOException, InterruptedException {
        Map<String, Recording> story = new TreeMap<>();
        Set<String> counted = new HashSet<>();
        if (withPacked) {
            packed().forEach(recording -> story.put(key(recording), recording));
        }
        asked.forEach(recording -> {
            story.put(key(recording), recording);
            counted.add(key(recording));
        });
        LabSeed seed = seed("rig.json");
        try (PveSimulator lab = PveSimulator.start(
                seed, PveSimulator.memoryMachines(seed), PveSettings.realistic().withSpeed(SPEED))) {
            StateRows states = new StateRows(lab, seed.nodes().getFirst().name(), resource("states.txt"));
            for (Replay.Line line : new Replay(lab, states).play(new ArrayList<>(story.values()))) {
                if (counted.contains(key(line.recording()))) {
                    print(
                            String.format(
                                    Locale.ROOT,
                                    "%03d-%s",
                                    line.recording().id(),
                                    line.recording().name()),
                            line.verdict(),
                            line.reason(),
                            false);
                }
            }
        }
    }

    private static String key(Recording recording) {
        return String.format(Locale.ROOT, "%06d-%s", recording.id(), recording.name());
    }

    private void print(String name, Verdict verdict, String reason, boolean quietWhenExact) {
        totals.merge(verdict, 1, Integer::sum);
        if (!quietWhenExact || verdict != Verdict.EXACT) {
            out.println(verdict.name().toLowerCase(Locale.ROOT) + " " + name + (reason.isEmpty() ? "" : " " + reason));
        }
    }

    private int total() {
        int judged = count(Verdict.EXACT) + count(Verdict.SHAPE) + count(Verdict.DEVIATING);
        out.printf(
                "exact %d shape %d deviating %d unused %d%n",
                count(Verdict.EXACT), count(Verdict.SHAPE), count(Verdict.DEVIATING), count(Verdict.UNUSED));
        return judged > 0 && count(Verdict.DEVIATING) > LIMIT * judged ? 1 : 0;
    }

    private int count(Verdict verdict) {
        return totals.getOrDefault(verdict, 0);
    }
}
