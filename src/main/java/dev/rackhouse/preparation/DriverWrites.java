package dev.rackhouse.preparation;

import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Command.SysfsWrite;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Orders to the kernel about who drives a PCI function, and how to see what became of them. Source: kernel ABI, sysfs-bus-pci. */
final class DriverWrites {

    static final Duration SOON = Duration.ofSeconds(30);

    private DriverWrites() {}

    /**
     * Hands a function back to the driver that it had, as part of an undo; where it has that driver, nothing is written.
     *
     * @param driver {@code none}: it had none
     */
    static List<Undo> handedBack(Host host, PreparationPlan.Function f) {
        String at = f.address();
        Undo release = Undo.by("Release " + at + " from vfio-pci", unbind(host, at, "vfio-pci"))
                .unless(hasNot(host, at, "vfio-pci"))
                .confirm(hasNot(host, at, "vfio-pci"), SOON);
        if (f.driver().equals("none")) {
            return List.of(release);
        }
        List<Undo> undos = new ArrayList<>();
        undos.add(Undo.by(
                        "Name " + f.driver() + " as the driver of " + at,
                        write(host, device(at, "driver_override"), f.driver()))
                .unless(named(host, at, f.driver())));
        undos.add(release);
        undos.add(Undo.by("Let " + f.driver() + " take " + at + " again", probe(host, at))
                .unless(has(host, at, f.driver()))
                .confirm(has(host, at, f.driver()), SOON));
        undos.add(Undo.by("Clear the name of the driver of " + at, write(host, device(at, "driver_override"), ""))
                .unless(overrideIs(host, at, ""))
                .confirm(overrideIs(host, at, ""), SOON));
        return undos;
    }

    /** It has this driver, or is told to have it. */
    private static Check named(Host host, String at, String driver) {
        return Check.that(
                new Shell(
                        host,
                        "d=$(readlink \"${R:-}%1$s/driver\"); echo \"${d##*/}\"; cat \"${R:-}%1$s/driver_override\"\n"
                                .formatted("/sys/bus/pci/devices/" + at),
                        SOON),
                Conditions.outputHasLines(driver));
    }

    static SysfsWrite write(Host host, String path, String value) {
        return new SysfsWrite(host, path, value);
    }

    static SysfsWrite unbind(Host host, String at, String driver) {
        return write(host, "/sys/bus/pci/drivers/" + driver + "/unbind", at);
    }

    static SysfsWrite probe(Host host, String at) {
        return write(host, "/sys/bus/pci/drivers_probe", at);
    }

    static String device(String at, String attribute) {
        return "/sys/bus/pci/devices/" + at + "/" + attribute;
    }

    static Check has(Host host, String at, String driver) {
        return Check.that(drivers(host, List.of(at)), Conditions.outputHasLines(at + " " + driver));
    }

    static Check hasNot(Host host, String at, String driver) {
        return Check.that(drivers(host, List.of(at)), Conditions.outputLacks(at + " " + driver));
    }

    /** The kernel shows an empty override as {@code (null)}. */
    static Check overrideIs(Host host, String at, String driver) {
        Shell read = new Shell(host, "cat \"${R:-}" + device(at, "driver_override") + "\"\n", SOON);
        return driver.isEmpty()
                ? Check.that(read, Conditions.outputMatches("\\A\\s*(?:\\(null\\)\\s*)?\\z"))
                : Check.that(read, Conditions.outputEquals(driver));
    }

    static Shell drivers(Host host, List<String> addresses) {
        return new Shell(host, """
                for a in %s; do
                  d=$(readlink "${R:-}/sys/bus/pci/devices/$a/driver") || d=none
                  echo "$a ${d##*/}"
                done
                """.formatted(String.join(" ", addresses)), SOON);
    }
}
