package dev.rackhouse.passthrough;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.ProbeScript;
import dev.rackhouse.proxmox.PvePath;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.RetryPolicy;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The steps that go round a change of a VM that somebody else made: it is shut down and started again as it was found. A guest that
 * ran and does not listen is stopped hard on the way forward only when a person chose so.
 *
 * @param memoryMiB says how long a start may last
 * @param shutdown what happens when it does not listen
 */
record ExistingVm(NodeRef node, VmId vmid, int memoryMiB, Shutdown shutdown) {

    private static final Duration PROBE_LIMIT = Duration.ofSeconds(60);
    private static final Duration GUEST_LIMIT = Duration.ofSeconds(30);

    private ApiCall status() {
        return ApiCall.get(node.lab(), path() + "/status/current");
    }

    private String path() {
        return PvePath.of("nodes", node.node(), "qemu", vmid);
    }

    private Check isRunning() {
        return Check.that(status(), Conditions.jsonEquals("/status", "running"));
    }

    private Check isStopped() {
        return Check.that(status(), Conditions.jsonEquals("/status", "stopped"));
    }

    /** What was planned for a running guest is no good for a stopped one, and the other way round. */
    Outline standsAsPlanned(Outline outline, boolean running) {
        return outline.check(
                "VM " + vmid + " is " + (running ? "running" : "stopped") + ", as planned, and no task holds it",
                (running ? isRunning() : isStopped()).and(Conditions.jsonAbsent("/lock")));
    }

    /** The planned functions are at their addresses, and nothing stands in the way of giving them to this guest. */
    Outline devicesReady(Outline outline, String title, Map<String, String> idsByAddress) {
        return outline.check(
                title,
                Check.that(
                        probe(),
                        Condition.of(
                                DevicesReady.NAME,
                                "devices",
                                idsByAddress.entrySet().stream()
                                        .map(e -> e.getKey() + "=" + e.getValue())
                                        .collect(Collectors.joining(" ")),
                                "vmid",
                                vmid.toString())));
    }

    /** Undone by a start: it was running. */
    Outline shutDown(Outline outline) {
        return shut(outline, "Shut VM " + vmid + " down", shutdown.hard()).undo(startAgain());
    }

    /**
     * Between two starts.
     *
     * @param ours whether it was not running before: then it is stopped when it does not listen, whatever was chosen
     */
    Outline shutDownAgain(Outline outline, boolean ours) {
        return shut(outline, "Shut VM " + vmid + " down again", ours || shutdown.hard());
    }

    /** It was not running before. */
    Outline shutDownAsFound(Outline outline) {
        return shut(outline, "Leave VM " + vmid + " stopped, as it was found", true);
    }

    private Outline shut(Outline outline, String title, boolean hard) {
        return outline.step(title, shutdown(hard))
                .unless(isStopped())
                .confirm(isStopped(), Duration.ofMinutes(1))
                .limit(shutdown.patience().plusMinutes(2))
                .usually(Duration.ofSeconds(20));
    }

    private ApiCall shutdown(boolean hard) {
        ApiCall call = ApiCall.post(node.lab(), path() + "/status/shutdown")
                .with("timeout", shutdown.patience().toSeconds());
        return hard ? call.with("forceStop", 1) : call;
    }

    private Undo startAgain() {
        return Undo.by("Start VM " + vmid + " again", startCall())
                .unless(isRunning())
                .confirm(isRunning(), Duration.ofMinutes(1))
                .limit(Duration.ofMinutes(20));
    }

    Outline start(Outline outline, boolean again) {
        return outline.step("Start VM " + vmid + (again ? " a second time" : ""), startCall())
                .unless(isRunning())
                .confirm(isRunning(), Duration.ofSeconds(30))
                .limit(Duration.ofMinutes(20))
                .usually(Duration.ofSeconds(15 + memoryMiB / 1024))
                .retry(RetryPolicy.never())
                .undo(Undo.by(
                                "Shut VM %s down, hard after %d minutes".formatted(vmid, shutdown.minutes()),
                                shutdown(true))
                        .unless(isStopped())
                        .confirm(isStopped(), Duration.ofMinutes(1))
                        .limit(shutdown.patience().plusMinutes(2)));
    }

    /** Proxmox allows a start 30 s and a second for each GiB beyond; pinning much memory can need more. */
    private ApiCall startCall() {
        ApiCall call = ApiCall.post(node.lab(), path() + "/status/start");
        return memoryMiB > 30 * 1024 ? call.with("timeout", 900) : call;
    }

    private Shell probe() {
        return new Shell(new Host.Node(node), ProbeScript.text(), PROBE_LIMIT);
    }

    /** The host's own view: the functions are in the hands of this VM's process, or not any more. */
    Outline held(Outline outline, String title, Collection<String> addresses, boolean wanted) {
        return outline.confirm(
                title,
                Check.that(
                        probe(),
                        Condition.of(
                                DevicesHeldBy.NAME,
                                "devices",
                                String.join(" ", addresses),
                                "vmid",
                                vmid.toString(),
                                "held",
                                wanted ? "1" : "0")),
                Duration.ofSeconds(40));
    }

    /**
     * The guest's own view, where there is one.
     *
     * @param counts how often it must see which ids: {@code 10de:1e81=1}
     */
    Outline seen(Outline outline, InsideProof proof, String counts, String again) {
        Condition condition = Condition.of(GuestCountsDevices.NAME, "counts", counts);
        String title = "The guest sees what it should" + again;
        return switch (proof) {
            case InsideProof.None _ -> outline;
            case InsideProof.Agent _ ->
                outline.confirm(
                                "The guest agent answers" + again,
                                Check.that(ApiCall.post(node.lab(), path() + "/agent/ping"), Conditions.succeeded()),
                                Duration.ofMinutes(4))
                        .usually(Duration.ofSeconds(40))
                        .confirm(
                                title,
                                Check.that(
                                        ApiCall.get(node.lab(), path() + "/agent/file-read")
                                                .with("file", GuestCountsDevices.FILE),
                                        condition),
                                Duration.ofMinutes(1));
            case InsideProof.Ssh(String user, String address) -> {
                Host guest = new Host.GuestVia(node, user, address, 22);
                yield outline.confirm(
                                "The guest answers on SSH" + again,
                                Check.that(
                                        new Shell(guest, "echo ready", GUEST_LIMIT), Conditions.outputEquals("ready")),
                                Duration.ofMinutes(6))
                        .usually(Duration.ofSeconds(40))
                        .confirm(
                                title,
                                Check.that(new Shell(guest, GuestScripts.LIST_PCI, GUEST_LIMIT), condition),
                                Duration.ofMinutes(1));
            }
        };
    }
}
