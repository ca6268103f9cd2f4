package dev.rackhouse.guest;

import static dev.rackhouse.runbook.Command.ApiCall;

import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Locks;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Start, shut down, stop: the guest's own state before decides whether anything is sent, the state after proves it. */
@Component
public class PowerRunbook implements Runbook<PowerPlan> {

    /** Pinning 128 GiB for a VM with devices takes minutes in which its task says nothing (hosts, section 4.3). */
    private static final Duration LONGEST_START = Duration.ofMinutes(20);

    @Override
    public String name() {
        return "guest-power";
    }

    @Override
    public String title() {
        return "Power of a guest";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Class<PowerPlan> plan() {
        return PowerPlan.class;
    }

    @Override
    public Outline outline(PowerPlan plan) {
        Outline outline = Outline.titled("%s %s", plan.action().verb(), plan.label())
                .target(plan.node().node() + " / " + plan.guest().vmid())
                .locks(Locks.guest(plan.guest()))
                .check("No other task holds the guest", Check.that(status(plan), Conditions.jsonAbsent("/lock")));
        Outline done = switch (plan.action()) {
            case START ->
                outline.step("start", "Start " + plan.label(), power(plan, "start"))
                        .unless(is(plan, "running"))
                        .confirm(is(plan, "running"), Duration.ofMinutes(1))
                        .limit(LONGEST_START)
                        .undo(shutDown(plan));
            case SHUTDOWN ->
                outline.step(
                                "shutdown",
                                "Shut down " + plan.label(),
                                power(plan, "shutdown")
                                        .with("timeout", plan.patience().toSeconds()))
                        .unless(is(plan, "stopped"))
                        .confirm(is(plan, "stopped"), Duration.ofMinutes(1))
                        .limit(plan.patience().plusMinutes(2))
                        .undo(start(plan));
            case STOP ->
                outline.step("stop", "Stop " + plan.label(), power(plan, "stop"))
                        .unless(is(plan, "stopped"))
                        .confirm(is(plan, "stopped"), Duration.ofMinutes(1))
                        .undo(start(plan));
        };
        return PowerRules.warning(plan.action()).map(done::note).orElse(done);
    }

    private static Undo start(PowerPlan plan) {
        return Undo.by("Start " + plan.label(), power(plan, "start"))
                .unless(is(plan, "running"))
                .confirm(is(plan, "running"), Duration.ofMinutes(1))
                .limit(LONGEST_START);
    }

    /** Asked first; stopped when it does not listen, since it was not running before. */
    private static Undo shutDown(PowerPlan plan) {
        return Undo.by(
                        "Shut down " + plan.label(),
                        power(plan, "shutdown")
                                .with("timeout", plan.patience().toSeconds())
                                .with("forceStop", 1))
                .unless(is(plan, "stopped"))
                .confirm(is(plan, "stopped"), Duration.ofMinutes(1))
                .limit(plan.patience().plusMinutes(2));
    }

    private static Check is(PowerPlan plan, String status) {
        return Check.that(status(plan), Conditions.jsonEquals("/status", status));
    }

    private static ApiCall status(PowerPlan plan) {
        return ApiCall.get(plan.guest().lab(), path(plan) + "/status/current");
    }

    private static ApiCall power(PowerPlan plan, String action) {
        return ApiCall.post(plan.guest().lab(), path(plan) + "/status/" + action);
    }

    private static String path(PowerPlan plan) {
        return "/nodes/" + plan.node().node() + "/" + plan.kind().path() + "/"
                + plan.guest().vmid();
    }
}
