package dev.rackhouse.runbook;

import dev.rackhouse.proxmox.PveMethod;
import dev.rackhouse.runbook.Command.ApiCall;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a call leaves in the task list of its node, so that it can be found again when its UPID was lost. Types as Proxmox VE 9.2
 * names them (pve-api notes, section 8).
 *
 * @param type {@code qmcreate}
 * @param id what the task works on, usually a vmid; empty: not compared
 */
record TaskTrace(String node, String type, String id) {

    private record Rule(PveMethod method, Pattern path, String type) {}

    private static final String GUEST = "/nodes/([^/]+)/(qemu|lxc)/(\\d+)";
    private static final Map<String, String> POWER = Map.of(
            "start", "start",
            "stop", "stop",
            "shutdown", "shutdown",
            "reboot", "reboot",
            "reset", "reset",
            "suspend", "suspend",
            "resume", "resume");

    private static final Pattern CREATE = Pattern.compile("/nodes/([^/]+)/(qemu|lxc)");
    private static final Pattern STATUS = Pattern.compile(GUEST + "/status/([a-z]+)");
    private static final List<Rule> OF_GUEST = List.of(
            new Rule(PveMethod.DELETE, Pattern.compile(GUEST), "destroy"),
            new Rule(PveMethod.POST, Pattern.compile(GUEST + "/config"), "config"),
            new Rule(PveMethod.POST, Pattern.compile(GUEST + "/clone"), "clone"),
            new Rule(PveMethod.POST, Pattern.compile(GUEST + "/template"), "template"),
            new Rule(PveMethod.POST, Pattern.compile(GUEST + "/snapshot"), "snapshot"),
            new Rule(PveMethod.DELETE, Pattern.compile(GUEST + "/snapshot/[^/]+"), "delsnapshot"),
            new Rule(PveMethod.POST, Pattern.compile(GUEST + "/snapshot/[^/]+/rollback"), "rollback"),
            new Rule(PveMethod.POST, Pattern.compile(GUEST + "/migrate"), "migrate"),
            new Rule(PveMethod.POST, Pattern.compile(GUEST + "/move_(disk|volume)"), "move"));
    private static final List<Rule> OF_NODE = List.of(
            new Rule(PveMethod.POST, Pattern.compile("/nodes/([^/]+)/storage/[^/]+/download-url"), "download"),
            new Rule(PveMethod.DELETE, Pattern.compile("/nodes/([^/]+)/storage/[^/]+/content/.+"), "imgdel"),
            new Rule(PveMethod.POST, Pattern.compile("/nodes/([^/]+)/vzdump"), "vzdump"),
            new Rule(PveMethod.PUT, Pattern.compile("/nodes/([^/]+)/network"), "srvreload"));

    /** The trace of a call with its values filled in; empty when it starts no task that we know. */
    static Optional<TaskTrace> of(ApiCall call) {
        Matcher create = CREATE.matcher(call.path());
        if (call.method() == PveMethod.POST && create.matches()) {
            boolean restore = call.form().containsKey("archive") || call.form().containsKey("restore");
            String vmid = call.form().getOrDefault("vmid", List.of("")).getFirst();
            return Optional.of(new TaskTrace(create.group(1), prefix(create) + (restore ? "restore" : "create"), vmid));
        }
        Matcher status = STATUS.matcher(call.path());
        if (call.method() == PveMethod.POST && status.matches() && POWER.containsKey(status.group(4))) {
            String action = POWER.get(status.group(4));
            boolean pause = action.equals("suspend")
                    && status.group(2).equals("qemu")
                    && !call.form().containsKey("todisk");
            return Optional.of(
                    new TaskTrace(status.group(1), prefix(status) + (pause ? "pause" : action), status.group(3)));
        }
        for (Rule rule : OF_GUEST) {
            Matcher matcher = rule.path.matcher(call.path());
            if (rule.method == call.method() && matcher.matches()) {
                String type = rule.type.equals("migrate") && prefix(matcher).equals("qm") ? "igrate" : rule.type;
                return Optional.of(new TaskTrace(matcher.group(1), prefix(matcher) + type, matcher.group(3)));
            }
        }
        for (Rule rule : OF_NODE) {
            Matcher matcher = rule.path.matcher(call.path());
            if (rule.method == call.method() && matcher.matches()) {
                return Optional.of(new TaskTrace(matcher.group(1), rule.type, ""));
            }
        }
        return Optional.empty();
    }

    private static String prefix(Matcher matcher) {
        return matcher.group(2).equals("lxc") ? "vz" : "qm";
    }
}
