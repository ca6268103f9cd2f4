package dev.rackhouse.preparation;

import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.fact.ProbeScript;
import dev.rackhouse.preparation.GiveBackPlan.Released;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Command.SysfsWrite;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Locks;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.RetryPolicy;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Hands functions from vfio-pci to the host's own drivers, without a reboot. The driver is named in {@code driver_override} while it is
 * done, so that whatever ids vfio-pci knows (Proxmox registers them for all twins at once) do not matter and are not touched: no other
 * device notices. Source: kernel ABI, sysfs-bus-pci.
 */
@Component
public class GiveBack implements Runbook<GiveBackPlan> {

    public static final String NAME = "give-back";

    private static final Duration SOON = Duration.ofSeconds(30);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "Give a device back to its host";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Class<GiveBackPlan> plan() {
        return GiveBackPlan.class;
    }

    @Override
    public Outline outline(GiveBackPlan plan) {
        Host host = new Host.Node(plan.node());
        Outline outline = Outline.titled("Give %s back to %s", plan.what(), plan.node().node())
                .target(plan.node().node() + " / " + plan.what())
                .locks(plan.functions().stream()
                        .map(f -> Locks.pci(plan.node(), PciSlot.parse(f.slot())))
                        .distinct()
                        .toArray(String[]::new))
                .note("The host does not reboot, and no other device is touched.");
        for (String note : plan.notes()) {
            outline = outline.note(note);
        }
        outline = outline.check("No guest has it", unused(host, plan));
        for (Released f : plan.functions()) {
            outline = handedOver(outline, host, f);
        }
        return outline.check("Each has its driver, and no twin has moved", asWished(host, plan));
    }

    private static Outline handedOver(Outline before, Host host, Released f) {
        String at = f.address();
        return before.step(
                        "name-" + at,
                        "Name " + f.driver() + " as the driver of " + at,
                        write(host, device(at, "driver_override"), f.driver()))
                .unless(overrideIs(host, at, f.driver()))
                .confirm(overrideIs(host, at, f.driver()), SOON)
                .retry(RetryPolicy.never())
                .undo(named(host, at, f.override()))
                .step("release-" + at, "Release " + at + " from vfio-pci", unbind(host, at, "vfio-pci"))
                .unless(hasNot(host, at, "vfio-pci"))
                .confirm(hasNot(host, at, "vfio-pci"), SOON)
                .retry(RetryPolicy.never())
                .undo(named(host, at, "vfio-pci"), taken(host, at, "vfio-pci"))
                .step("probe-" + at, "Let " + f.driver() + " take " + at, probe(host, at))
                .unless(has(host, at, f.driver()))
                .confirm(has(host, at, f.driver()), SOON)
                .retry(RetryPolicy.never())
                .undo(Undo.by("Release " + at + " from " + f.driver(), unbind(host, at, f.driver()))
                        .unless(hasNot(host, at, f.driver()))
                        .confirm(hasNot(host, at, f.driver()), SOON))
                .step(
                        "unname-" + at,
                        "Clear the name of the driver of " + at,
                        write(host, device(at, "driver_override"), ""))
                .unless(overrideIs(host, at, ""))
                .confirm(overrideIs(host, at, ""), SOON)
                .retry(RetryPolicy.never());
    }

    private static Undo named(Host host, String at, String driver) {
        return Undo.by(
                        driver.isEmpty()
                                ? "Clear the name of the driver of " + at
                                : "Name " + driver + " as the driver of " + at,
                        write(host, device(at, "driver_override"), driver))
                .unless(overrideIs(host, at, driver))
                .confirm(overrideIs(host, at, driver), SOON);
    }

    private static Undo taken(Host host, String at, String driver) {
        return Undo.by("Let " + driver + " take " + at + " again", probe(host, at))
                .unless(has(host, at, driver))
                .confirm(has(host, at, driver), SOON);
    }

    private static SysfsWrite write(Host host, String path, String value) {
        return new SysfsWrite(host, path, value);
    }

    private static SysfsWrite unbind(Host host, String at, String driver) {
        return write(host, "/sys/bus/pci/drivers/" + driver + "/unbind", at);
    }

    private static SysfsWrite probe(Host host, String at) {
        return write(host, "/sys/bus/pci/drivers_probe", at);
    }

    private static String device(String at, String attribute) {
        return "/sys/bus/pci/devices/" + at + "/" + attribute;
    }

    private static Check has(Host host, String at, String driver) {
        return Check.that(drivers(host, List.of(at)), Conditions.outputHasLines(at + " " + driver));
    }

    private static Check hasNot(Host host, String at, String driver) {
        return Check.that(drivers(host, List.of(at)), Conditions.outputLacks(at + " " + driver));
    }

    /** The kernel shows an empty override as {@code (null)}. */
    private static Check overrideIs(Host host, String at, String driver) {
        Shell read = new Shell(host, "cat \"${R:-}" + device(at, "driver_override") + "\"\n", SOON);
        return driver.isEmpty()
                ? Check.that(read, Conditions.outputMatches("\\A\\s*(?:\\(null\\)\\s*)?\\z"))
                : Check.that(read, Conditions.outputEquals(driver));
    }

    private static Check unused(Host host, GiveBackPlan plan) {
        return Check.that(
                new Shell(host, ProbeScript.text(), Duration.ofSeconds(60)),
                Condition.of(
                        CanBeGivenBack.NAME,
                        "functions",
                        plan.functions().stream()
                                .map(f -> f.address() + "=" + f.ids())
                                .collect(Collectors.joining(" "))));
    }

    private static Check asWished(Host host, GiveBackPlan plan) {
        List<String> lines = Stream.concat(
                        plan.functions().stream().map(f -> f.address() + " " + f.driver()),
                        plan.twins().stream().map(t -> t.address() + " " + t.driver()))
                .toList();
        return Check.that(
                drivers(host, lines.stream().map(l -> l.split(" ")[0]).toList()),
                Conditions.outputHasLines(String.join("\n", lines)));
    }

    private static Shell drivers(Host host, List<String> addresses) {
        return new Shell(
                host,
                """
                for a in %s; do
                  d=$(readlink "${R:-}/sys/bus/pci/devices/$a/driver") || d=none
                  echo "$a ${d##*/}"
                done
                """.formatted(String.join(" ", addresses)),
                SOON);
    }
}
