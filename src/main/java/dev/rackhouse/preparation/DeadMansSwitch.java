package dev.rackhouse.preparation;

import dev.rackhouse.preparation.PreparationPlan.Edit;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Host;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the host does by itself when the console has not come back to it in time after a boot: puts the saved files back, writes the
 * boot files anew and reboots, once. A systemd timer that counts from the boot; it is enabled, never started, so that it sleeps until
 * then. The script leaves the same mark as our own undo, which then finds all as it was.
 */
final class DeadMansSwitch {

    private static final String FOLDER = "/var/lib/rackhouse/revert/{run.mark}";
    private static final String NAME = "rackhouse-revert-{run.mark}";
    private static final String SCRIPT = FOLDER + "/revert.sh";
    private static final String SERVICE = "/etc/systemd/system/" + NAME + ".service";
    private static final String TIMER = "/etc/systemd/system/" + NAME + ".timer";

    private final PreparationPlan plan;
    private final Host host;

    DeadMansSwitch(PreparationPlan plan) {
        this.plan = plan;
        this.host = new Host.Node(plan.node());
    }

    Shell makeFolder() {
        return new Shell(
                host, "R=${R:-}\numask 077\nmkdir -p \"$R" + FOLDER + "\"\n", Duration.ofMinutes(1));
    }

    Shell removeFolder() {
        String parents = java.util.stream.Stream.of("/var/lib/rackhouse/revert", "/var/lib/rackhouse")
                .filter(plan.folders()::contains)
                .map(p -> "[ ! -d \"$R" + p + "\" ] || rmdir --ignore-fail-on-non-empty \"$R" + p + "\"\n")
                .collect(Collectors.joining());
        return new Shell(host, "R=${R:-}\nrm -rf \"$R" + FOLDER + "\"\n" + parents, Duration.ofMinutes(1));
    }

    /** In the order in which they are written. */
    List<FileEdit> files() {
        return List.of(
                file(SCRIPT, script(), "0700"), file(SERVICE, service(), "0644"), file(TIMER, timer(), "0644"));
    }

    private FileEdit file(String path, String content, String mode) {
        return new FileEdit(host, path, null, content, "root:root", mode);
    }

    private String script() {
        String back = plan.edits().stream()
                .filter(e -> e.before() != null)
                .map(Edit::path)
                .map(p -> "put_back " + p + "\n")
                .collect(Collectors.joining());
        String gone = plan.edits().stream()
                .filter(e -> e.before() == null)
                .map(e -> "rm -f \"$R" + e.path() + "\"\n")
                .collect(Collectors.joining());
        return """
                #!/bin/sh
                # Rackhouse, run {run.mark}: the console has not come back to this host, so it goes back by itself, once.
                R=${R:-}; b=$R%s
                [ ! -e "$b/put-back-in" ] || exit 0
                put_back() {
                  cp -a "$b/files$1" "$R$1.rackhouse-back" && mv -f "$R$1.rackhouse-back" "$R$1"
                }
                %s%s(
                %s) || logger -t rackhouse "the boot files of run {run.mark} could not all be put back"
                cp "$R/proc/sys/kernel/random/boot_id" "$b/put-back-in"
                systemctl disable %s.timer
                systemctl reboot
                """.formatted(
                        HostScripts.BACKUP,
                        back,
                        gone,
                        HostScripts.putBootFilesBack(plan),
                        NAME);
    }

    private static String service() {
        return """
                [Unit]
                Description=Rackhouse: put the boot files of run {run.mark} back

                [Service]
                Type=oneshot
                ExecStart=/bin/sh %s
                """.formatted(SCRIPT);
    }

    private String timer() {
        return """
                [Unit]
                Description=Rackhouse: wait for the console after the boot of run {run.mark}

                [Timer]
                OnBootSec=%dmin
                AccuracySec=1s

                [Install]
                WantedBy=timers.target
                """.formatted(plan.revertMinutes());
    }

    Shell arm() {
        return new Shell(
                host, "systemctl daemon-reload && systemctl enable " + NAME + ".timer\n", Duration.ofMinutes(1));
    }

    Check armed() {
        return Check.that(
                new Shell(host, "systemctl is-enabled " + NAME + ".timer\n", Duration.ofSeconds(30)),
                Conditions.outputEquals("enabled"));
    }

    /**
     * The timer goes first, so that nothing starts any more; a switch that is going off already is not touched: the host reboots and is
     * then as it was.
     */
    Shell disarm() {
        return new Shell(
                host,
                """
                R=${R:-}
                if [ -e "$R%1$s" ]; then systemctl disable --now %2$s.timer || exit 1; fi
                case $(systemctl is-active %2$s.service) in
                  active|activating) echo "the host is going back by itself right now; wait for its reboot" >&2; exit 75;;
                esac
                """.formatted(TIMER, NAME),
                Duration.ofMinutes(1));
    }

    /** After this nothing of the switch is left. */
    Shell disarmAndRemove() {
        return new Shell(
                host,
                disarm().script()
                        + """
                        rm -f "$R%s" "$R%s" || exit 1
                        systemctl daemon-reload
                        """.formatted(TIMER, SERVICE)
                        + removeFolder().script(),
                Duration.ofMinutes(1));
    }

    Check disarmed() {
        return Check.that(
                new Shell(host, "R=${R:-}\n[ -e \"$R" + TIMER + "\" ] || echo gone\n", Duration.ofSeconds(30)),
                Conditions.outputEquals("gone"));
    }
}
