package dev.rackhouse.rehearsal;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.passthrough.CreatePassthroughVm;
import dev.rackhouse.runbook.Machines;
import dev.rackhouse.runbook.NamedCondition;
import dev.rackhouse.runbook.Rehearsal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * {@code rehearse [RUNBOOK] [--each]}: plays a runbook on the pretend labs with every step failing, repeated, lost and killed. Prints a
 * line per step and fault, and last the totals; exit code 1 when something is broken.
 */
public final class RehearseCommand {

    private static final double SPEED = 100;

    private RehearseCommand() {}

    public static void main(String[] arguments) throws Exception {
        String runbook =
                arguments.length > 0 && !arguments[0].startsWith("-") ? arguments[0] : CreatePassthroughVm.NAME;
        boolean each = java.util.List.of(arguments).contains("--each");
        if (!runbook.equals(CreatePassthroughVm.NAME)) {
            System.err.println(
                    "There is no rehearsal of '" + runbook + "'; there is one of " + CreatePassthroughVm.NAME + ".");
            System.exit(2);
        }
        Rehearsal.Outcome outcome = createPassthroughVm(each);
        System.out.println(outcome);
        System.exit(outcome.count(Rehearsal.Result.BROKEN) == 0 ? 0 : 1);
    }

    static Rehearsal.Outcome createPassthroughVm(boolean each) throws Exception {
        Path folder = Files.createTempDirectory("rackhouse-rehearsal");
        try (PretendLabs labs = PretendLabs.start(
                        folder.resolve("labs"), "targaryen", "--speed", String.format(Locale.ROOT, "%.0f", SPEED));
                Workbench workbench = Workbench.start(labs, folder.resolve("data"), Map.of())) {
            NodeRef node = workbench.awaitNode("caraxes");
            var plan = workbench.planPassthrough(node, PciSlot.parse("0000:0e:00"));
            var runbook = workbench.part(CreatePassthroughVm.class);
            var world = new PretendWorld(labs.control("targaryen"), workbench.part(Machines.class), SPEED);
            Rehearsal rehearsal =
                    new Rehearsal(emptySchema(workbench), world, runbook, workbench.parts(NamedCondition.class), each);
            return rehearsal.play(runbook, plan, System.out::println);
        }
    }

    /** A schema of its own in the workbench's database, so that the rehearsed runs are nobody else's. */
    private static DataSource emptySchema(Workbench workbench) {
        var own = (com.zaxxer.hikari.HikariDataSource) workbench.part(DataSource.class);
        var config = new com.zaxxer.hikari.HikariConfig();
        config.setJdbcUrl(own.getJdbcUrl());
        config.setUsername(own.getUsername());
        config.setPassword(own.getPassword());
        config.setSchema("rehearsal");
        config.setMaximumPoolSize(4);
        Flyway.configure()
                .dataSource(own)
                .schemas("rehearsal")
                .locations("classpath:db/migration")
                .load()
                .migrate();
        return new com.zaxxer.hikari.HikariDataSource(config);
    }
}
