package dev.rackhouse.rehearsal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.route.RouterKind;
import dev.rackhouse.rehearsal.SwapServingModeRehearsal.Sleep;
import dev.rackhouse.runbook.Machines;
import dev.rackhouse.runbook.NamedCondition;
import dev.rackhouse.runbook.Rehearsal;
import dev.rackhouse.runbook.Runbook;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * {@code rehearse [RUNBOOK...] [--each] [--mishaps | --no-mishaps] [--on LAB/NODE] [--plan WORDS] [--router KIND] [--sleep | --wake]}:
 * plays runbooks on the pretend labs with every step failing, repeated, lost and killed, and what goes wrong by itself (that alone with
 * {@code --mishaps}, all but that with {@code --no-mishaps}); without a name, all of them; of their plans only those whose description has
 * the words of {@code --plan}. Modes are swapped behind the router of the demo, or another kind: {@code llama-swap}, {@code litellm},
 * {@code traefik-file}; with {@code --sleep} by engines that sleep, with {@code --wake} only their way back. Prints a line per step and
 * fault, and last the totals; exit code 1 when something is broken.
 */
public final class RehearseCommand {

    private static final List<RehearsedRunbook<?>> ALL = List.of(
            new CreatePassthroughVmRehearsal(),
            new PrepareHostRehearsal(),
            new GiveBackRehearsal(),
            new AttachDeviceRehearsal(),
            new DetachDeviceRehearsal(),
            new RenumberRehearsal(),
            new PrepareGpuGuestRehearsal(),
            new DeployModelRehearsal(),
            new UpdateModelRehearsal());

    /** With engines that sleep instead of being stopped: there, and back. */
    private static final RehearsedRunbook<?> SLEEPING = SwapServingModeRehearsal.with(Sleep.PAIR_GOES);

    private static final RehearsedRunbook<?> WAKING = SwapServingModeRehearsal.with(Sleep.PAIR_COMES);

    private final boolean each;
    private final boolean mishapsOnly;
    private final boolean noMishaps;
    private final String plan;
    private final List<Rehearsal.Line> lines = new ArrayList<>();
    private int refused;

    private RehearseCommand(boolean each, boolean mishapsOnly, boolean noMishaps, String plan) {
        this.each = each;
        this.mishapsOnly = mishapsOnly;
        this.noMishaps = noMishaps;
        this.plan = plan;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(arguments));
        boolean each = words.remove("--each");
        boolean mishapsOnly = words.remove("--mishaps");
        boolean noMishaps = words.remove("--no-mishaps");
        String only = value(words, "--on");
        String plan = value(words, "--plan");
        RouterKind router = router(value(words, "--router"));
        List<RehearsedRunbook<?>> all = words.remove("--sleep")
                ? List.of(SLEEPING, WAKING)
                : words.remove("--wake") ? List.of(WAKING) : withSwaps(router);
        List<RehearsedRunbook<?>> chosen = all.stream()
                .filter(r -> words.isEmpty() || words.contains(r.name()))
                .toList();
        if (chosen.isEmpty()
                || !words.stream()
                        .allMatch(w -> chosen.stream().anyMatch(r -> r.name().equals(w)))) {
            System.err.println("There is no rehearsal of '" + String.join(" ", words) + "'; there are: "
                    + all.stream().map(RehearsedRunbook::name).distinct().collect(Collectors.joining(", ")) + ".");
            System.exit(2);
        }
        RehearseCommand command = new RehearseCommand(each, mishapsOnly, noMishaps, plan);
        for (RehearsedRunbook<?> rehearsed : chosen) {
            for (Scene scene : rehearsed.scenes()) {
                if (only.isEmpty() || only.equals(scene.toString())) {
                    command.play(rehearsed, scene);
                }
            }
        }
        Rehearsal.Outcome outcome = new Rehearsal.Outcome(command.lines);
        System.out.println(outcome);
        System.exit(
                outcome.lines().isEmpty() && command.refused == 0 || outcome.count(Rehearsal.Result.BROKEN) > 0
                        ? 1
                        : 0);
    }

    private static List<RehearsedRunbook<?>> withSwaps(RouterKind router) {
        List<RehearsedRunbook<?>> all = new ArrayList<>(ALL);
        all.add(SwapServingModeRehearsal.behind(router));
        return all;
    }

    /** Takes an option with its value out of the words; empty: it is not there. */
    private static String value(List<String> words, String option) {
        int at = words.indexOf(option);
        String value = at < 0 || at + 1 >= words.size() ? "" : words.remove(at + 1);
        words.remove(option);
        return value;
    }

    private static RouterKind router(String word) {
        try {
            return word.isEmpty() ? RouterKind.RACKHOUSE : RouterKind.parse(word);
        } catch (IllegalArgumentException unknown) {
            System.err.println(unknown.getMessage());
            System.exit(2);
            throw unknown;
        }
    }

    private <P> void play(RehearsedRunbook<P> rehearsed, Scene scene) throws Exception {
        Path folder = Files.createTempDirectory("rackhouse-rehearsal");
        try (PretendLabs labs = PretendLabs.start(
                        folder.resolve("labs"),
                        scene.lab(),
                        "--speed",
                        String.format(Locale.ROOT, "%.0f", rehearsed.speed()));
                Workbench workbench =
                        Workbench.start(labs, folder.resolve("data"), rehearsed.settings(folder.resolve("settings")))) {
            NodeRef node = workbench.awaitNode(scene.node());
            Control control = labs.control(scene.lab());
            Runnable prepared = () -> rehearsed.prepare(workbench, control, node);
            prepared.run();
            int number = 0;
            for (RehearsedRunbook.Planned<P> planned : rehearsed.plans(workbench, control, node)) {
                if (!planned.what().contains(plan)) {
                    continue;
                }
                switch (planned) {
                    case RehearsedRunbook.Planned.Refused<P>(String what, String why) -> {
                        refused++;
                        System.out.println(
                                rehearsed.name() + " on " + scene + ", " + what + ": no plan, rightly: " + why);
                    }
                    case RehearsedRunbook.Planned.Plan<P>(String what, P made) -> {
                        System.out.println(rehearsed.name() + " on " + scene + ", " + what);
                        Runbook<P> runbook = workbench.part(rehearsed.runbook());
                        PretendWorld world = new PretendWorld(
                                control,
                                workbench.part(Machines.class),
                                rehearsed.speed(),
                                prepared,
                                rehearsed.comparesEngines());
                        try (HikariDataSource schema = emptySchema(workbench, "rehearsal" + ++number)) {
                            Rehearsal rehearsal =
                                    new Rehearsal(schema, world, runbook, workbench.parts(NamedCondition.class), each);
                            for (Rehearsal.Mishap mishap : number == 1 && !noMishaps
                                    ? rehearsed.mishaps(control, node, made)
                                    : List.<Rehearsal.Mishap>of()) {
                                lines.addAll(rehearsal
                                        .play(runbook, made, mishap, System.out::println)
                                        .lines());
                            }
                            if (!mishapsOnly) {
                                lines.addAll(rehearsal
                                        .play(runbook, made, System.out::println)
                                        .lines());
                            }
                        }
                    }
                }
            }
        }
    }

    /** A schema of its own in the workbench's database, so that the rehearsed runs are nobody else's. */
    private static HikariDataSource emptySchema(Workbench workbench, String name) {
        HikariDataSource own = (HikariDataSource) workbench.part(DataSource.class);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(own.getJdbcUrl());
        config.setUsername(own.getUsername());
        config.setPassword(own.getPassword());
        config.setSchema(name);
        config.setMaximumPoolSize(4);
        Flyway.configure()
                .dataSource(own)
                .schemas(name)
                .locations("classpath:db/migration")
                .load()
                .migrate();
        return new HikariDataSource(config);
    }
}
