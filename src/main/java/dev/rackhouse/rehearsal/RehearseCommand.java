package dev.rackhouse.rehearsal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.rackhouse.base.NodeRef;
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
 * {@code rehearse [RUNBOOK...] [--each] [--mishaps] [--sleep | --wake] [--on LAB/NODE]}: plays runbooks on the pretend labs with every step failing, repeated, lost and
 * killed, and what goes wrong by itself (that alone with {@code --mishaps}); without a name, all of them; with {@code --sleep} those with engines that sleep, with
 * {@code --wake} only their way back. Prints a line per step and fault, and last the totals; exit code 1 when something is broken.
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
            new UpdateModelRehearsal(),
            new SwapServingModeRehearsal());

    /** With engines that sleep instead of being stopped: there, and back. */
    private static final RehearsedRunbook<?> SLEEPING = new SwapServingModeRehearsal(Sleep.PAIR_GOES);

    private static final RehearsedRunbook<?> WAKING = new SwapServingModeRehearsal(Sleep.PAIR_COMES);

    private final boolean each;
    private final boolean mishapsOnly;
    private final List<Rehearsal.Line> lines = new ArrayList<>();
    private int refused;

    private RehearseCommand(boolean each, boolean mishapsOnly) {
        this.each = each;
        this.mishapsOnly = mishapsOnly;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(arguments));
        boolean each = words.remove("--each");
        boolean mishapsOnly = words.remove("--mishaps");
        int on = words.indexOf("--on");
        String only = on < 0 || on + 1 >= words.size() ? "" : words.remove(on + 1);
        words.remove("--on");
        List<RehearsedRunbook<?>> all =
                words.remove("--sleep") ? List.of(SLEEPING, WAKING) : words.remove("--wake") ? List.of(WAKING) : ALL;
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
        RehearseCommand command = new RehearseCommand(each, mishapsOnly);
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
                switch (planned) {
                    case RehearsedRunbook.Planned.Refused<P>(String what, String why) -> {
                        refused++;
                        System.out.println(
                                rehearsed.name() + " on " + scene + ", " + what + ": no plan, rightly: " + why);
                    }
                    case RehearsedRunbook.Planned.Plan<P>(String what, P plan) -> {
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
                            for (Rehearsal.Mishap mishap : number == 1
                                    ? rehearsed.mishaps(control, node, plan)
                                    : List.<Rehearsal.Mishap>of()) {
                                lines.addAll(rehearsal
                                        .play(runbook, plan, mishap, System.out::println)
                                        .lines());
                            }
                            if (!mishapsOnly) {
                                lines.addAll(rehearsal
                                        .play(runbook, plan, System.out::println)
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
