package dev.rackhouse.runbook;

import static dev.rackhouse.runbook.EngineTestBed.ADA;
import static dev.rackhouse.runbook.EngineTestBed.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.Secret;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Command.SysfsWrite;
import dev.rackhouse.runbook.CrashPoints.Point;
import dev.rackhouse.runbook.EngineTestBed.Killed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The executor against a real database and a pretend node. */
class RunExecutorTest {

    @TempDir
    Path root;

    private EngineTestBed bed;

    @BeforeEach
    void makeTheBed() throws Exception {
        java.nio.file.Files.createDirectories(root.resolve("etc"));
        bed = new EngineTestBed(root);
    }

    @Test
    void doesEachStepOnceAndProvesIt() {
        RunDetails run = bed.drive(bed.start(bed.everything()));

        assertThat(run.summary().state()).isEqualTo(RunState.DONE);
        assertThat(run.steps()).extracting(RunDetails.RunStep::state).containsOnly(StepState.DONE);
        assertThat(bed.node.effects.values()).containsOnly(1);
        assertThat(bed.node.vms.get("214")).containsEntry("name", "vm-0000-214").containsEntry("power", "running");
        assertThat(root.resolve("etc/script-ran")).hasContent("0000-214");
        assertThat(root.resolve("var/lib/rackhouse")).doesNotExist();
        assertThat(bed.ended).containsExactly(RunState.DONE);
        assertThat(bed.runs().log(run.summary().id(), 0, 100))
                .extracting(RunLogLine::text)
                .contains("working on 214", "one", "{guest.uuid} is 0000-214");
    }

    @Test
    void undoesInReverseOrderToWhatWasBefore() {
        String before = bed.node.digest();
        RunId run = bed.start(bed.everything());
        bed.drive(run);
        bed.node.calls.clear();

        assertThat(bed.runs().ask(run, RunAction.UNDO, ADA, "")).isInstanceOf(Runs.Asked.Accepted.class);
        RunDetails undone = bed.drive(run);

        assertThat(undone.summary()).returns(RunState.UNDONE, RunSummary::state);
        assertThat(bed.node.digest()).isEqualTo(before);
        assertThat(bed.node.calls.stream().filter(c -> !c.startsWith("GET") && !c.startsWith("ssh")))
                .containsExactly(
                        "POST /nodes/caraxes/qemu/214/status/stop",
                        "DELETE /nodes/caraxes/qemu/214",
                        "DELETE /cluster/mapping/pci/gpu");
    }

    @Test
    void leavesAloneWhatWasThereBeforeAndWhatIsNotOurs() {
        bed.node.mappings.put("gpu", "made by rackhouse earlier");
        RunId run = bed.start(bed.everything());
        RunDetails done = bed.drive(run);
        bed.node.vms.get("214").put("smbios1", "uuid=9999");

        bed.runs().ask(run, RunAction.UNDO, ADA, "");
        RunDetails undone = bed.drive(run);

        assertThat(done.steps().getFirst().state()).isEqualTo(StepState.ALREADY_DONE);
        assertThat(undone.summary().state()).isEqualTo(RunState.UNDONE);
        assertThat(bed.node.mappings).containsKey("gpu");
        assertThat(bed.node.vms).containsKey("214");
        assertThat(undone.steps().get(1).note()).startsWith("Left alone");
    }

    @ParameterizedTest
    @CsvSource({
        "BEFORE_SEND,1",
        "SENT_NOT_STORED,1",
        "STORED,1",
        "BEFORE_SEND,2",
        "SENT_NOT_STORED,2",
        "STORED,2",
        "BEFORE_SEND,3",
        "SENT_NOT_STORED,3",
        "STORED,3",
        "BEFORE_SEND,4",
        "SENT_NOT_STORED,4",
        "STORED,4",
        "BEFORE_SEND,5",
        "SENT_NOT_STORED,5",
        "STORED,5",
        "BEFORE_SEND,6",
        "SENT_NOT_STORED,6",
        "STORED,6"
    })
    void resumesAtEachCrashPointWithoutDoingAnythingTwice(Point point, int step) {
        RunId run = bed.start(bed.everything());

        assertThatThrownBy(() -> bed.drive(run, (at, _, in, part) -> {
                    if (at == point && in == step && part == 0) {
                        throw new Killed();
                    }
                }))
                .isInstanceOf(Killed.class);
        RunDetails resumed = bed.drive(run);

        assertThat(resumed.summary().state()).isEqualTo(RunState.DONE);
        assertThat(bed.node.effects.values()).containsOnly(1);
        assertThat(root.resolve("etc/script-ran")).hasContent("0000-214");

        bed.runs().ask(run, RunAction.UNDO, ADA, "");
        assertThat(bed.drive(run).summary().state()).isEqualTo(RunState.UNDONE);
        assertThat(bed.node.vms).isEmpty();
        assertThat(bed.node.mappings).isEmpty();
    }

    @Test
    void looksUpWhatBecameOfACallWhoseAnswerWasLost() {
        bed.node.failAfter("POST /nodes/caraxes/qemu", PretendNode::timedOut);
        bed.node.failAfter("POST /cluster/mapping", PretendNode::timedOut);
        bed.node.failAfter("ssh start", PretendNode::timedOut);

        RunDetails run = bed.drive(bed.start(bed.everything()));

        assertThat(run.summary().state()).isEqualTo(RunState.DONE);
        assertThat(bed.node.effects.values()).containsOnly(1);
        assertThat(root.resolve("etc/script-ran")).hasContent("0000-214");
        assertThat(bed.runs().evidence(run.summary().id()))
                .filteredOn(e -> e.part().equals("look up"))
                .extracting(Evidence::judgement)
                .anyMatch(j -> j.startsWith("holds: found UPID:caraxes"));
    }

    @Test
    void triesAgainWhenTheMachineWasNotReachedThenStopsAndOffersWhatCanBeDone() {
        bed.node.failBefore("POST /cluster/mapping", PretendNode::unreachable);
        RunDetails first = bed.drive(bed.start(bed.mapping()));
        assertThat(first.summary().state()).isEqualTo(RunState.DONE);

        EngineTestBed other = new EngineTestBed(root);
        for (int i = 0; i < 3; i++) {
            other.node.failBefore("POST /cluster/mapping", PretendNode::unreachable);
        }
        RunId run = other.start(other.mapping());
        RunDetails stopped = other.drive(run);

        assertThat(stopped.summary().state()).isEqualTo(RunState.STOPPED);
        assertThat(stopped.summary().message()).contains("Connection refused");
        assertThat(stopped.allowed()).containsExactlyInAnyOrder(RunAction.RETRY, RunAction.UNDO, RunAction.LEAVE);

        other.runs().ask(run, RunAction.RETRY, ADA, "");
        assertThat(other.drive(run).summary().state()).isEqualTo(RunState.DONE);
        assertThat(other.node.effects).containsEntry("create mapping", 1);
    }

    @Test
    void aRefusalStopsAtOnceAndHasNothingToUndo() {
        bed.node.failBefore("POST /cluster/mapping", () -> PretendNode.refused(403, "Permission check failed"));
        RunId run = bed.start(bed.mapping());

        assertThat(bed.drive(run).summary().state()).isEqualTo(RunState.STOPPED);
        bed.runs().ask(run, RunAction.UNDO, ADA, "");
        assertThat(bed.drive(run).summary().state()).isEqualTo(RunState.UNDONE);
        assertThat(bed.node.effects).doesNotContainKey("delete mapping");
    }

    @Test
    void aTaskThatFailsStopsTheRunOrUndoesItWhenTheRunbookSaysSo() {
        bed.node.nextTaskEnds("qmstart", "start failed: QEMU exited with code 1");
        RunId run = bed.start(bed.everything().undoingOnFailure());

        RunDetails undone = bed.drive(run);

        assertThat(undone.summary().state()).isEqualTo(RunState.UNDONE);
        assertThat(undone.summary().message()).contains("QEMU exited with code 1");
        assertThat(bed.node.vms).isEmpty();
    }

    @Test
    void aTaskThatMetALockIsTriedAgain() {
        bed.node.nextTaskEnds("qmstart", "can't lock file '/var/lock/qemu-server/lock-214.conf' - got timeout");

        assertThat(bed.drive(bed.start(bed.everything())).summary().state()).isEqualTo(RunState.DONE);
        assertThat(bed.node.effects).containsEntry("qmstart", 2);
    }

    @Test
    void theSecondRunOnOneThingIsToldWhoHoldsIt() {
        RunId first = bed.start(bed.mapping());

        Start second = bed.runs().start(bed.runbook(bed.mapping()), new EngineTestBed.Plan("y"), BOB, "");

        assertThat(second).isInstanceOf(Start.Held.class);
        assertThat(((Start.Held) second).sentence()).contains("Run " + first, "ada", "Pretend");
        assertThat(bed.runs().count(RunFilter.all())).isEqualTo(1);
        bed.drive(first);
        assertThat(bed.runs().start(bed.runbook(bed.mapping()), new EngineTestBed.Plan("y"), BOB, ""))
                .isInstanceOf(Start.Started.class);
        assertThat(((Runs.Asked.Refused) bed.runs().ask(first, RunAction.UNDO, ADA, "")).reason())
                .contains("bob");
    }

    @Test
    void waitsForApprovalBeforeAnythingIsSent() {
        RunId run = bed.start(bed.mapping().asks("Really?"));
        RunDetails asking = bed.drive(run);

        assertThat(asking.summary().state()).isEqualTo(RunState.NEEDS_APPROVAL);
        assertThat(asking.steps().getFirst().state()).isEqualTo(StepState.NEEDS_APPROVAL);
        assertThat(bed.node.effects).isEmpty();
        bed.runs().ask(run, RunAction.APPROVE, BOB, "fine");
        assertThat(bed.drive(run).summary().state()).isEqualTo(RunState.DONE);
        assertThat(bed.audit).contains("ada run started run " + run, "bob run step approved run " + run);
    }

    @Test
    void cancelLetsTheCommandEndAndStopsBeforeTheNext() {
        RunId run = bed.start(bed.everything());
        RunExecutor console = bed.console(CrashPoints.none());
        console.proceed(run);
        assertThat(bed.node.effects).containsKey("qmcreate").doesNotContainKey("PUT config 214");

        bed.runs().ask(run, RunAction.CANCEL, BOB, "");
        RunDetails stopped = bed.drive(run);

        assertThat(stopped.summary().state()).isEqualTo(RunState.STOPPED);
        assertThat(stopped.summary().message()).isEqualTo("Cancelled by bob");
        assertThat(bed.node.effects).doesNotContainKey("PUT config 214");
        bed.runs().ask(run, RunAction.UNDO, BOB, "");
        assertThat(bed.drive(run).summary().state()).isEqualTo(RunState.UNDONE);
        assertThat(bed.node.vms).isEmpty();
    }

    @Test
    void leavingItAsItIsFreesTheLocks() {
        bed.node.nextTaskEnds("qmcreate", "no space");
        RunId run = bed.start(bed.everything());
        bed.drive(run);

        bed.runs().ask(run, RunAction.LEAVE, ADA, "");

        assertThat(bed.runs().get(run).summary().state()).isEqualTo(RunState.LEFT);
        assertThat(bed.runs().get(run).allowed()).isEmpty();
        assertThat(bed.start(bed.mapping())).isNotNull();
        assertThat(bed.events).anyMatch(e -> e instanceof RunFinished f && f.state() == RunState.LEFT);
    }

    @Test
    void aConsoleThatWasOvertakenWritesNothingMore() {
        RunId run = bed.start(bed.everything());
        RunExecutor overtaken = bed.console((at, id, step, _) -> {
            if (at == Point.SENT_NOT_STORED && step == 2) {
                bed.drive(id);
            }
        });

        assertThat(overtaken.proceed(run)).isInstanceOf(RunExecutor.Next.Overtaken.class);

        assertThat(bed.runs().get(run).summary().state()).isEqualTo(RunState.DONE);
        assertThat(bed.node.effects.values()).containsOnly(1);
    }

    @Test
    void aFileThatSomebodyChangedIsNotOverwritten() throws Exception {
        FileEdit edit = new FileEdit(bed.host, "/etc/modules", "vfio\n", "vfio\nvfio_pci\n", "root:root", "0644");
        java.nio.file.Files.writeString(root.resolve("etc/modules"), "other\n");

        RunDetails run = bed.drive(
                bed.start(Outline.titled("Edit").step("Edit modules", edit).undo(edit.reversed())));

        assertThat(run.summary().state()).isEqualTo(RunState.STOPPED);
        assertThat(run.summary().message()).contains("/etc/modules", "changed");
        assertThat(root.resolve("etc/modules")).hasContent("other");
    }

    @Test
    void aScriptThatFailsSaysWhyAndIsRunAgainOnlyOnRequest() {
        Outline outline = Outline.titled("Fail")
                .step(
                        "Fail",
                        new Shell(
                                bed.host,
                                "echo x >>\"$R/etc/count\"; echo 'no space left' >&2; exit 3",
                                Duration.ofSeconds(9)));
        RunId run = bed.start(outline);

        assertThat(bed.drive(run).summary().message()).contains("exit code 3", "no space left");
        assertThat(root.resolve("etc/count")).hasContent("x");
        bed.runs().ask(run, RunAction.RETRY, ADA, "");
        bed.drive(run);
        assertThat(root.resolve("etc/count")).hasContent("x\nx");
    }

    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"BEFORE_SEND", "SENT_NOT_STORED", "STORED"})
    void aValueForSysfsIsWrittenInPlaceAndOnce(Point point) throws Exception {
        java.nio.file.Files.createDirectories(root.resolve("sys/device"));
        java.nio.file.Files.writeString(root.resolve("sys/device/driver_override"), "(null)\n");
        Shell read = new Shell(bed.host, "cat \"$R/sys/device/driver_override\"", Duration.ofSeconds(9));
        Check written = Check.that(read, Conditions.outputEquals("vfio-pci"));
        RunId run = bed.start(Outline.titled("Bind")
                .step("Name the driver", new SysfsWrite(bed.host, "/sys/device/driver_override", "vfio-pci"))
                .unless(written)
                .undo(Undo.by("Clear it", new SysfsWrite(bed.host, "/sys/device/driver_override", "(null)"))
                        .unless(Check.that(read, Conditions.outputEquals("(null)")))));

        assertThat(dieOnce(run, point).summary().state()).isEqualTo(RunState.DONE);
        assertThat(root.resolve("sys/device/driver_override")).hasContent("vfio-pci");
        assertThat(bed.node.effects).containsEntry("write /sys/device/driver_override", 1);
        bed.runs().ask(run, RunAction.UNDO, ADA, "");
        assertThat(bed.drive(run).summary().state()).isEqualTo(RunState.UNDONE);
        assertThat(root.resolve("sys/device/driver_override")).hasContent("(null)");
    }

    @Test
    void aScriptThatWasInterruptedByWhatItAskedForIsDone() {
        Shell reboot = new Shell(
                bed.host,
                "mkdir \"$R/etc/rebooted\"; read -r p x <\"${0%/*}/claim\"; kill -9 $p",
                Duration.ofSeconds(9));
        Check done = Check.that(
                new Shell(bed.host, "[ -d \"$R/etc/rebooted\" ] && echo yes", Duration.ofSeconds(9)),
                Conditions.outputEquals("yes"));

        RunDetails asked = bed.drive(
                bed.start(Outline.titled("Reboot").step("Reboot", reboot).unless(done)));

        assertThat(asked.summary().state()).isEqualTo(RunState.DONE);
    }

    @Test
    void hostileAnswersAreBoundedRedactedAndNeverReachACommand() {
        String hostile = "$(reboot)\u0007\u202e \u0000<script>".repeat(4000) + "s3cret-value";
        bed.node.vms.put("300", new java.util.TreeMap<>(Map.of("name", "1; reboot", "description", hostile)));
        Outline outline = Outline.titled("Hostile")
                .check("Read", Check.that(bed.get("/nodes/caraxes/qemu/300/config"), Conditions.jsonPresent("/name")))
                .check(
                        "Read the name",
                        Check.that(bed.get("/nodes/caraxes/qemu/300/config"), Conditions.succeeded())
                                .binding(Binding.at("guest.name", "/name")))
                .step("Use it", new Shell(bed.host, "echo {guest.name} {secret.pw}", Duration.ofSeconds(5)));

        RunId id = bed.start(outline, Map.of("pw", new Secret("s3cret-value")));
        RunDetails run = bed.drive(id);

        assertThat(run.summary().state()).isEqualTo(RunState.STOPPED);
        assertThat(run.summary().message()).contains("does not give {guest.name}");
        assertThat(bed.runs().evidence(id)).allSatisfy(e -> {
            assertThat(e.answer()).doesNotContain("s3cret-value", "\u0007", "\u202e", "\u0000");
            assertThat(e.answer().length()).isLessThan(17 * 1024);
        });
    }

    @Test
    void secretsAreSentButNotKept() {
        Outline outline = Outline.titled("Secret")
                .step(
                        "Use it",
                        new Shell(
                                bed.host,
                                "echo got {secret.pw} >\"$R/etc/got\"; cat \"$R/etc/got\"",
                                Duration.ofSeconds(5)));

        RunId id = bed.start(outline, Map.of("pw", new Secret("s3cret-value")));
        bed.drive(id);

        assertThat(root.resolve("etc/got")).hasContent("got s3cret-value");
        assertThat(bed.runs().evidence(id).toString() + bed.runs().log(id, 0, 99))
                .doesNotContain("s3cret-value");
        assertThat(bed.template.queryForObject("select count(*) from run_secret", Integer.class))
                .isZero();
    }

    @Test
    void theUndoOfARunThatHasEndedIsGivenItsSecretsAnew() {
        String write = "echo got {secret.pw} >\"$R/etc/got\"";
        Outline outline = Outline.titled("Secret")
                .step("Use it", new Shell(bed.host, "true {secret.pw}", Duration.ofSeconds(5)))
                .undo(Undo.by("Use it again", new Shell(bed.host, write, Duration.ofSeconds(5))));
        bed.kept = Map.of("pw", new Secret("a-newer-value"));
        RunId id = bed.start(outline, Map.of("pw", new Secret("s3cret-value")));
        bed.drive(id);

        bed.runs().ask(id, RunAction.UNDO, ADA, "");
        RunDetails undone = bed.drive(id);

        assertThat(undone.summary().state()).isEqualTo(RunState.UNDONE);
        assertThat(root.resolve("etc/got")).hasContent("got a-newer-value");
        assertThat(bed.runs().evidence(id).toString() + bed.runs().log(id, 0, 99))
                .doesNotContain("s3cret-value", "a-newer-value");
        assertThat(bed.template.queryForObject("select count(*) from run_secret", Integer.class))
                .isZero();
    }

    @Test
    void afterAnUpgradeOnlyUndoAndLeaveAreOffered() {
        bed.node.nextTaskEnds("qmcreate", "no space");
        RunId run = bed.start(bed.everything());
        bed.drive(run);

        bed.version = 2;

        assertThat(bed.runs().get(run).allowed()).containsExactlyInAnyOrder(RunAction.UNDO, RunAction.LEAVE);
        assertThat(bed.runs().ask(run, RunAction.RETRY, ADA, "")).isInstanceOf(Runs.Asked.Refused.class);
    }

    @Test
    void waitingEndsAtOnceWhenWhatMustStaySoMeanwhileDoesNot() {
        Check neverSo = Check.that(bed.get("/nodes/caraxes/qemu/214/config"), Conditions.succeeded());
        Check notEither = Check.that(bed.get("/nodes/caraxes/qemu/214/config"), Conditions.jsonPresent("/name"));
        Outline outline = Outline.titled("Wait")
                .step(
                        "The guest runs",
                        new Command.Wait(
                                "the guest runs",
                                Proof.within(Duration.ofHours(3), neverSo).asLongAs(notEither)))
                .retry(RetryPolicy.never());

        RunDetails run = bed.drive(bed.start(outline));

        assertThat(run.summary().state()).isEqualTo(RunState.STOPPED);
        assertThat(run.summary().message()).startsWith("It is waited for in vain:");
        assertThat(bed.runs().evidence(run.summary().id()))
                .as("looked at, and once more for its last words")
                .allSatisfy(e -> assertThat(e.times()).isLessThanOrEqualTo(2));
    }

    @Test
    void whatWasWrittenBetweenTwoLooksIsTheReasonThatIsTold() {
        Check neverSo = Check.that(bed.get("/nodes/caraxes/qemu/214/config"), Conditions.succeeded());
        Check notEither = Check.that(bed.get("/nodes/caraxes/qemu/215/config"), Conditions.jsonPresent("/name"));
        bed.node.failBefore("GET /nodes/caraxes/qemu/214/config", PretendNode::unreachable);
        Outline outline = Outline.titled("Wait")
                .step(
                        "The guest runs",
                        new Command.Wait(
                                "the guest runs",
                                Proof.within(Duration.ofHours(3), neverSo).asLongAs(notEither)))
                .retry(RetryPolicy.never());

        RunDetails run = bed.drive(bed.start(outline));

        assertThat(run.summary().message())
                .contains("Last seen: refused with 500")
                .doesNotContain(String.valueOf(PretendNode.unreachable().getMessage()));
    }

    @Test
    void aRunGoesOnAfterAWaitThatMayBeInVain() {
        Check neverSo = Check.that(bed.get("/nodes/caraxes/qemu/214/config"), Conditions.succeeded());
        Outline outline = Outline.titled("Wait")
                .step(
                        "Requests end",
                        new Command.Wait(
                                "requests end",
                                Proof.within(Duration.ofSeconds(30), neverSo).orGoOn("They are cut off.")));

        RunDetails run = bed.drive(bed.start(outline));

        assertThat(run.summary().state()).isEqualTo(RunState.DONE);
        assertThat(run.steps().getFirst().note())
                .startsWith("Not so within 30 s")
                .endsWith("They are cut off.");
    }

    @Test
    void aLookThatHadToBeRepeatedTellsWhatItFoundAndNotWhyItWasLate() {
        bed.node.failBefore("GET /nodes/caraxes/tasks", PretendNode::unreachable);
        Outline outline = Outline.titled("Look")
                .check("The node answers", Check.that(bed.get("/nodes/caraxes/tasks"), Conditions.succeeded()));

        RunDetails run = bed.drive(bed.start(outline));

        assertThat(run.summary().state()).isEqualTo(RunState.DONE);
        assertThat(run.steps().getFirst().note()).isEqualTo("answered 200");
    }

    @Test
    void aProofThatDoesNotComeInTimeStopsTheRun() {
        Outline outline = Outline.titled("Wait")
                .confirm(
                        "The guest runs",
                        Check.that(bed.get("/nodes/caraxes/qemu/214/config"), Conditions.succeeded()),
                        Duration.ofMinutes(3));

        RunDetails run = bed.drive(bed.start(outline));

        assertThat(run.summary().state()).isEqualTo(RunState.STOPPED);
        assertThat(run.summary().message()).startsWith("Not so within 3 min").contains("does not exist");
        assertThat(bed.runs().evidence(run.summary().id()))
                .singleElement()
                .satisfies(e -> assertThat(e.times()).isGreaterThan(30));
    }

    @Test
    void viewersMayNotAct() {
        assertThatThrownBy(() -> bed.runs()
                        .start(
                                bed.runbook(bed.mapping()),
                                new EngineTestBed.Plan("x"),
                                new Operator("eve", Role.VIEWER),
                                ""))
                .hasMessageContaining("operator");
    }

    @Test
    void knowsFromPastRunsHowLongAStepTakes() {
        bed.drive(bed.start(bed.everything()));

        RunId second =
                bed.start(Outline.titled("x").step("Create the VM", new Command.Pause("nothing", Duration.ZERO)));

        assertThat(bed.runs().get(second).steps().getFirst().expectedSeconds()).isBetween(4L, 10L);
    }

    private RunDetails dieOnce(RunId run, Point point) {
        assertThatThrownBy(() -> bed.drive(run, (at, _, _, part) -> {
                    if (at == point && part == 0) {
                        throw new Killed();
                    }
                }))
                .isInstanceOf(Killed.class);
        return bed.drive(run);
    }
}
