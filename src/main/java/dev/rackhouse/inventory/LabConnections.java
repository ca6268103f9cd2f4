package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.inventory.fact.ProbeScript;
import dev.rackhouse.lab.LabHost;
import dev.rackhouse.lab.Labs;
import dev.rackhouse.proxmox.PveClient;
import dev.rackhouse.ssh.CommandResult;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Component;

/** The labs that an admin connected. */
@Component
class LabConnections implements Connections {

    private static final Duration PROBE = Duration.ofSeconds(40);
    private static final Duration LOOK = Duration.ofSeconds(10);

    /** Linux; macOS, which has no such file. A host that knows neither is still there. */
    private static final String BOOT_ID =
            "cat /proc/sys/kernel/random/boot_id 2>/dev/null || sysctl -n kern.bootsessionuuid 2>/dev/null || true";

    private final Labs labs;

    LabConnections(Labs labs) {
        this.labs = labs;
    }

    @Override
    public List<Connected> labs() {
        return labs.list().stream()
                .map(lab -> new Connected(
                        lab.id(),
                        lab.name(),
                        lab.paused(),
                        lab.proxmox() != null,
                        lab.hosts().stream()
                                .map(LabHost::node)
                                .filter(NodeNames::valid)
                                .toList()))
                .toList();
    }

    @Override
    public PveClient proxmox(LabId lab) {
        return labs.proxmox(lab);
    }

    @Override
    public int callsInTheLastMinute(LabId lab) {
        return labs.budget(lab).lastMinute().calls();
    }

    @Override
    public String probe(NodeRef node) {
        String command = root(node) ? ProbeScript.COMMAND_AS_ROOT : ProbeScript.COMMAND_WITH_SUDO;
        CommandResult result = labs.ssh(node).run(command, ProbeScript.bytes(), PROBE);
        if (!result.succeeded() && result.out().isBlank()) {
            String said = result.err().isBlank()
                    ? "exit code " + result.exitCode()
                    : result.err().strip();
            throw new RemoteFailure.Refused(
                    "run the probe",
                    node.node(),
                    said.length() > 500 ? said.substring(0, 500) + "…" : said,
                    root(node)
                            ? "The probe needs a POSIX shell and the command timeout on the host."
                            : "The user must be allowed to run sh by sudo without a password, or use root.",
                    result.exitCode(),
                    false);
        }
        return result.out();
    }

    private boolean root(NodeRef node) {
        return labs.find(node.lab())
                .flatMap(lab -> lab.host(node.node()))
                .map(host -> host.user().equals("root"))
                .orElse(true);
    }

    @Override
    public String bootId(NodeRef node) {
        return labs.ssh(node).run(BOOT_ID, new byte[0], LOOK).out().strip();
    }
}
