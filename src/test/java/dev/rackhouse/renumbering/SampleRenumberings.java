package dev.rackhouse.renumbering;

import dev.rackhouse.access.Operator;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Secret;
import dev.rackhouse.base.Seen;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.inventory.InventoryRefreshed;
import dev.rackhouse.inventory.NodeFacts;
import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.proxmox.PveMappings;
import dev.rackhouse.renumbering.RenumberPlace.HostFile;
import dev.rackhouse.runbook.NoRuns;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.RunDetails;
import dev.rackhouse.runbook.RunFinished;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.RunState;
import dev.rackhouse.runbook.RunSummary;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Start;
import dev.rackhouse.testing.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One node like caraxes, with layouts in a real database; runs and the audit are only remembered. An hour passes with each boot. */
public final class SampleRenumberings {

    public final NodeRef node = new NodeRef(new LabId(UUID.randomUUID()), "caraxes");
    public final List<RenumberPlan> started = new ArrayList<>();
    public final List<String> audited = new ArrayList<>();
    public final Renumberings renumberings;

    private static final class Database {
        static final JdbcClient ONE = JdbcClient.create(TestDatabase.migrated());
    }

    private String dump = SampleHosts.dump("caraxes");
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");

    public SampleRenumberings() {
        renumberings = new Renumberings(
                new OneNode(),
                new Layouts(Database.ONE),
                new RememberedRuns(),
                new RenumberRunbook(),
                (who, what, target, detail) -> audited.add(who.name() + ": " + what + ", " + target),
                new Clock() {
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
                });
    }

    /** As it was recorded, and seen for the first time. */
    public static SampleRenumberings seenOnce() {
        SampleRenumberings sample = new SampleRenumberings();
        sample.refreshed();
        return sample;
    }

    /** Seen once, then booted after a firmware update that moved devices. */
    public static SampleRenumberings moved() {
        SampleRenumberings sample = seenOnce();
        sample.boots(MovedHosts.dumpAfterTheUpdate());
        return sample;
    }

    public void boots(String printed) {
        now = now.plus(Duration.ofHours(1));
        dump = printed;
        refreshed();
    }

    private void refreshed() {
        renumberings.on(new InventoryRefreshed(node.lab()));
    }

    /** @param run number of a run that was started, from 1 */
    public void ended(int run, RunState state) {
        now = now.plus(Duration.ofMinutes(1));
        renumberings.on(new RunFinished(
                new RunId(run), RenumberRunbook.NAME, "Renumber devices on caraxes", "caraxes", "ada", state));
    }

    private final class OneNode implements SeenNodes {
        @Override
        public Map<NodeRef, Instant> probed(LabId lab) {
            return lab.equals(node.lab()) ? Map.of(node, now) : Map.of();
        }

        @Override
        public Optional<NodeFacts> facts(NodeRef asked) {
            return report(asked)
                    .map(r -> new NodeFacts(SampleHosts.parsed(r), new Seen("probe over SSH", now), Verdict.ok()));
        }

        @Override
        public Optional<String> report(NodeRef asked) {
            return asked.equals(node) ? Optional.of(dump) : Optional.empty();
        }

        @Override
        public List<PveMappings.Mapping> mappings(NodeRef asked) {
            return MovedHosts.caraxes(SampleHosts.parsed(dump)).mappings();
        }

        @Override
        public List<HostFile> files(NodeRef asked) {
            return List.of();
        }
    }

    private final class RememberedRuns implements NoRuns {

        private final List<Outline> outlines = new ArrayList<>();

        @Override
        public <P> Start start(
                Runbook<P> runbook, P plan, Operator operator, String reason, Map<String, Secret> secrets) {
            started.add((RenumberPlan) plan);
            outlines.add(runbook.outline(plan));
            return new Start.Started(new RunId(started.size()));
        }

        @Override
        public Optional<RunDetails> find(RunId run) {
            Outline outline = outlines.get((int) run.value() - 1);
            return Optional.of(new RunDetails(
                    new RunSummary(
                            run,
                            RenumberRunbook.NAME,
                            outline.title(),
                            outline.target(),
                            RunState.RUNNING,
                            "ada",
                            "",
                            now,
                            null,
                            0,
                            outline.steps().size(),
                            "",
                            0),
                    outline,
                    1,
                    List.of(),
                    Map.of(),
                    java.util.Set.of(),
                    Map.of()));
        }
    }
}
