package dev.rackhouse.runbook;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Secret;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** A database, a pretend node, and consoles that come and go. */
final class EngineTestBed {

    /** A clock that is moved, not waited for. */
    static final class SettableClock extends Clock {
        private Instant now = Instant.parse("2026-03-01T10:00:00Z");

        void move(Duration by) {
            now = now.plus(by);
        }

        void moveTo(Instant time) {
            now = time.isAfter(now) ? time : now;
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** The console dies here. */
    static final class Killed extends Error {}

    record Plan(String name) {}

    static final Operator ADA = new Operator("ada", Role.OPERATOR);
    static final Operator BOB = new Operator("bob", Role.OPERATOR);

    final LabId lab = LabId.random();
    final NodeRef caraxes = new NodeRef(lab, "caraxes");
    final Host host = new Host.Node(caraxes);
    final SettableClock clock = new SettableClock();
    final Clock time;
    final PretendNode node;
    final DataSource source = TestDatabase.migrated();
    final JdbcTemplate template = new JdbcTemplate(source);
    final JdbcTransactionManager transactions = new JdbcTransactionManager(source);
    final JsonMapper json = JsonMapper.builder().build();
    final RunJournal journal;
    final List<String> audit = new ArrayList<>();
    final List<Object> events = new ArrayList<>();
    final List<RunState> ended = new ArrayList<>();
    final RunSecrets secrets = new RunSecrets(JdbcClient.create(template), TestSecrets.fresh());
    final Judges judges = new Judges(List.of());
    int version = 1;
    /** What the runbook keeps outside of runs. */
    Map<String, Secret> kept = Map.of();

    EngineTestBed(Path root) {
        this.time = clock;
        this.node = new PretendNode(root, time);
        this.journal = new RunJournal(template, transactions, json, time);
    }

    /** With a clock that goes by itself, for consoles that work in threads of their own. */
    EngineTestBed(Path root, Clock time) {
        this.time = time;
        this.node = new PretendNode(root, time);
        this.journal = new RunJournal(template, transactions, json, time);
    }

    Runbook<Plan> runbook(Outline outline) {
        return new Runbook<>() {
            @Override
            public String name() {
                return "pretend";
            }

            @Override
            public String title() {
                return "Pretend";
            }

            @Override
            public int version() {
                return 1;
            }

            @Override
            public Class<Plan> plan() {
                return Plan.class;
            }

            @Override
            public Outline outline(Plan plan) {
                return outline;
            }
        };
    }

    Runs runs() {
        return runs(new NoQueue());
    }

    Runs runs(RunQueue queue) {
        JdbcClient jdbc = JdbcClient.create(template);
        Runbook<Plan> known = new Versioned(version, kept);
        RunReader reader = new RunReader(jdbc, json, new RunbookShelf(List.of(known)));
        return new JdbcRuns(
                jdbc,
                transactions,
                json,
                reader,
                secrets,
                judges,
                queue,
                (who, what, target, detail) -> audit.add(who.name() + " " + what + " " + target),
                events::add,
                time);
    }

    private record Versioned(int version, Map<String, Secret> kept) implements Runbook<Plan> {
        @Override
        public Map<String, Secret> secrets(Plan plan) {
            return kept;
        }

        @Override
        public String name() {
            return "pretend";
        }

        @Override
        public String title() {
            return "Pretend";
        }

        @Override
        public Class<Plan> plan() {
            return Plan.class;
        }

        @Override
        public Outline outline(Plan plan) {
            throw new AssertionError();
        }
    }

    private record NoQueue() implements RunQueue {
        @Override
        public void add(RunId run) {}

        @Override
        public void wake(RunId run) {}
    }

    RunExecutor console(CrashPoints crashes) {
        return console("console", crashes);
    }

    RunExecutor console(String name, CrashPoints crashes) {
        return new RunExecutor(name, journal, secrets, node, judges, crashes, (_, state) -> ended.add(state), time);
    }

    RunId start(Outline outline) {
        return start(outline, Map.of());
    }

    RunId start(Outline outline, Map<String, Secret> values) {
        return switch (runs().start(runbook(outline), new Plan("x"), ADA, "because", values)) {
            case Start.Started(RunId run) -> run;
            case Start.Held held -> throw new AssertionError(held.sentence());
        };
    }

    /** A console works until it has nothing more to do by itself; time passes as it waits. */
    RunDetails drive(RunId run) {
        return drive(run, CrashPoints.none());
    }

    RunDetails drive(RunId run, CrashPoints crashes) {
        RunExecutor console = console(crashes);
        for (int i = 0; i < 2000; i++) {
            if (!(console.proceed(run) instanceof RunExecutor.Next.At(Instant when))) {
                return runs().get(run);
            }
            clock.moveTo(when);
            if (runs().get(run).summary().message().contains("script")) {
                // scripts of the pretend node are real processes: give them the processor
                LockSupport.parkNanos(20_000_000);
            }
        }
        throw new AssertionError("the run does not end: " + runs().get(run));
    }

    // ---- an outline with one effect of each kind

    ApiCall get(String path) {
        return ApiCall.get(lab, path);
    }

    Check vmIsOurs() {
        return Check.that(get("/nodes/caraxes/qemu/214/config"), Conditions.jsonContains("/smbios1", "uuid=0000-214"));
    }

    Outline mapping() {
        Check mapped =
                Check.that(get("/cluster/mapping/pci/gpu"), Conditions.jsonContains("/description", "rackhouse"));
        return Outline.titled("Pretend")
                .target("caraxes")
                .locks(Locks.node(caraxes))
                .step(
                        "Map the device",
                        ApiCall.post(lab, "/cluster/mapping/pci")
                                .with("id", "gpu")
                                .with("description", "rackhouse"))
                .unless(mapped)
                .undo(Undo.by("Remove the mapping", ApiCall.delete(lab, "/cluster/mapping/pci/gpu"))
                        .onlyIf(mapped));
    }

    Outline everything() {
        Check running =
                Check.that(get("/nodes/caraxes/qemu/214/status/current"), Conditions.jsonEquals("/status", "running"));
        FileEdit edit = new FileEdit(host, "/etc/rackhouse-x", null, "made by run\n", "root:root", "0644");
        return mapping()
                .step(
                        "Create the VM",
                        ApiCall.post(lab, "/nodes/caraxes/qemu")
                                .with("vmid", 214)
                                .with("smbios1", "uuid=0000-214,x=1"))
                .unless(vmIsOurs())
                .confirm(
                        vmIsOurs().binding(Binding.at("guest.uuid", "/smbios1").part("uuid=([0-9-]+)")),
                        Duration.ofSeconds(30))
                .undo(Undo.by("Delete the VM", ApiCall.delete(lab, "/nodes/caraxes/qemu/214"))
                        .onlyIf(vmIsOurs()))
                .step(
                        "Set the name",
                        ApiCall.put(lab, "/nodes/caraxes/qemu/214/config").with("name", "vm-{guest.uuid}"))
                .unless(Check.that(
                        get("/nodes/caraxes/qemu/214/config"), Conditions.jsonEquals("/name", "vm-{guest.uuid}")))
                .step("Write a file", edit)
                .undo(edit.reversed())
                .step(
                        "Run a script",
                        new Shell(
                                host,
                                "echo one; echo {guest.uuid} >>\"$R/etc/script-ran\"; cat \"$R/etc/script-ran\" | wc -l",
                                Duration.ofSeconds(20)))
                .undo(Undo.by(
                        "Remove what the script left",
                        new Shell(host, "rm -f \"$R/etc/script-ran\"", Duration.ofSeconds(20))))
                .step("Start the VM", ApiCall.post(lab, "/nodes/caraxes/qemu/214/status/start"))
                .unless(running)
                .confirm(running, Duration.ofSeconds(30))
                .undo(Undo.by("Stop the VM", ApiCall.post(lab, "/nodes/caraxes/qemu/214/status/stop"))
                        .onlyIf(running));
    }
}
