package dev.rackhouse.guestsetup;

import dev.rackhouse.guestsetup.GpuGuestPlan.Card;
import dev.rackhouse.runbook.Binding;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The literal commands, files and conditions of one plan. */
final class GuestCalls {

    private static final Duration QUICK = Duration.ofSeconds(40);
    private static final Duration LOOK = Duration.ofSeconds(150);
    private static final Duration INSTALL = Duration.ofMinutes(40);
    /** Names of packages, each with a space behind. */
    private static final String NAMES = "([a-z0-9][a-z0-9+.:-]{0,120} ?){0,400}";

    private static final String UUID = "GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String WATTS = "[0-9]{1,5}(\\.[0-9]{1,3})?";

    private final GpuGuestPlan plan;
    private final Host guest;

    GuestCalls(GpuGuestPlan plan) {
        this.plan = plan;
        this.guest = new Host.GuestVia(plan.node(), plan.user(), plan.address(), 22);
    }

    private Shell reads(String script) {
        return new Shell(guest, script, QUICK);
    }

    Shell does(String script) {
        return new Shell(guest, script, Duration.ofMinutes(5));
    }

    Check answersOnSsh() {
        return Check.that(reads("echo ready"), Conditions.outputEquals("ready"));
    }

    private Check look(String... arguments) {
        return Check.that(new Shell(guest, LookScript.text(), LOOK), Condition.of(GpuGuestStands.NAME, arguments));
    }

    private String cards() {
        return plan.cards().stream().map(c -> c.address() + "=" + c.ids()).collect(Collectors.joining(" "));
    }

    private String watts() {
        return plan.cards().stream()
                .filter(c -> c.watts() != null)
                .map(c -> c.address() + "=" + c.watts())
                .collect(Collectors.joining(" "));
    }

    Check isThePlannedGuest() {
        return look("system", "ubuntu 24.04", "cards", cards());
    }

    /** Also tells who each card is, and how it was limited. */
    Check driverSeesTheCards() {
        Check check = look("cards", cards(), "driver", DriverTable.BRANCH, "watts", watts(), "allowed", "yes");
        for (int i = 0; i < plan.cards().size(); i++) {
            String row = "(?im)^SMI\\t0000"
                    + Pattern.quote(plan.cards().get(i).address().toString());
            check = check.binding(Binding.matching(SetupFiles.uuid(i), row + ", (" + UUID + "),")
                    .of(UUID));
            if (plan.cards().get(i).watts() != null) {
                check = check.binding(
                        Binding.matching(SetupFiles.limit(i), row + ", [^,]*, [^,]*, [^,]*, (" + WATTS + "),")
                                .of(WATTS));
            }
        }
        return check;
    }

    private String uuids() {
        return IntStream.range(0, plan.cards().size())
                .mapToObj(i -> plan.cards().get(i).address() + "={" + SetupFiles.uuid(i) + "}")
                .collect(Collectors.joining(" "));
    }

    Check limitsAreSet() {
        return look("watts", watts(), "unit", SetupFiles.POWER_UNIT);
    }

    Check persists() {
        return look("persistence", "on");
    }

    Check allStands() {
        return look(
                "system",
                "ubuntu 24.04",
                "cards",
                cards(),
                "driver",
                DriverTable.BRANCH,
                "watts",
                watts(),
                "uuids",
                uuids(),
                "persistence",
                "on",
                "xids",
                "none");
    }

    Shell update() {
        return new Shell(guest, SetupScripts.update(), Duration.ofMinutes(15));
    }

    Shell install(List<String> packages) {
        return new Shell(guest, SetupScripts.install(packages), INSTALL);
    }

    Shell purge(String value) {
        return new Shell(guest, SetupScripts.purge("{" + value + "}"), INSTALL);
    }

    Check installed(List<String> packages) {
        return Check.that(reads(SetupScripts.missing(packages)), Conditions.outputEquals(""));
    }

    /** None of them is there. */
    Check notInstalled(List<String> packages) {
        return Check.that(
                reads(SetupScripts.missing(packages)),
                Conditions.outputHasLines(
                        packages.stream().map(p -> "missing " + p).collect(Collectors.joining("\n"))));
    }

    /** What the installation will bring, remembered under this name so that an undo removes that and nothing else. */
    Check wouldInstall(List<String> packages, String value) {
        return Check.that(
                        new Shell(guest, SetupScripts.wouldInstall(packages), Duration.ofMinutes(2)),
                        Conditions.outputLacks("removes "))
                .binding(Binding.matching(value, "(?m)^installs ?(.*)$").of(NAMES));
    }

    Shell hold(String verb) {
        return does(SetupScripts.hold(verb, plan.toHold()));
    }

    Check held() {
        return Check.that(
                reads(SetupScripts.asRoot("apt-mark showhold")),
                Conditions.outputHasLines(String.join("\n", plan.driverPackages())));
    }

    Shell restart() {
        return does(SetupScripts.restart());
    }

    Check driverAnswers() {
        return Check.that(reads(SetupScripts.driverAnswers()), Conditions.outputContains("GPU-"));
    }

    Check noDriver() {
        return Check.that(reads(SetupScripts.noDriver()), Conditions.exitZero());
    }

    /** Remembers the boot of this moment. */
    Check boot(String value) {
        return Check.that(reads(SetupScripts.bootId()), Conditions.succeeded())
                .binding(Binding.matching(value, "([0-9a-f-]{36})").of(Binding.UUID));
    }

    Check anotherBootThan(String value) {
        return Check.that(
                reads(SetupScripts.bootId()),
                Conditions.outputMatches("^[0-9a-f-]{36}$"),
                Conditions.outputLacks("{" + value + "}"));
    }

    FileEdit file(String path, String after) {
        @Nullable String before = plan.before().get(path);
        return new FileEdit(guest, path, before, after, "root:root", "0644");
    }

    Check dockerAnswers() {
        return Check.that(reads(SetupScripts.dockerInfo()), Conditions.exitZero());
    }

    Check dockerKnowsTheDevices() {
        return Check.that(
                reads(SetupScripts.dockerInfo()),
                Conditions.outputContains("\"nvidia\""),
                Conditions.outputContains("cdi=[\""));
    }

    Check cdiNamesTheCards() {
        List<String> names = new ArrayList<>(List.of("nvidia.com/gpu=all"));
        IntStream.range(0, plan.cards().size()).forEach(i -> names.add("nvidia.com/gpu={" + SetupFiles.uuid(i) + "}"));
        return Check.that(reads(SetupScripts.cdiList()), Conditions.outputHasLines(String.join("\n", names)));
    }

    Check imageIsThere() {
        return Check.that(reads(SetupScripts.imageThere(plan.image())), Conditions.exitZero());
    }

    /** nvidia-smi in a container names each card by its UUID. */
    Check containerSeesTheCards() {
        Check check = Check.that(
                new Shell(guest, SetupScripts.inContainer(plan.image()), Duration.ofMinutes(2)), Conditions.exitZero());
        for (int i = 0; i < plan.cards().size(); i++) {
            check = check.and(Conditions.outputContains("UUID: {" + SetupFiles.uuid(i) + "}"));
        }
        return check;
    }

    /** Puts the limits back that the cards had. */
    Shell oldLimits() {
        List<String> commands = new ArrayList<>();
        for (int i = 0; i < plan.cards().size(); i++) {
            Card card = plan.cards().get(i);
            if (card.watts() != null) {
                commands.add("nvidia-smi -i {" + SetupFiles.uuid(i) + "} -pl {" + SetupFiles.limit(i) + "}");
            }
        }
        return does(SetupScripts.asRoot(commands.toArray(String[]::new)));
    }
}
