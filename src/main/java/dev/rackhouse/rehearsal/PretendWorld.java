package dev.rackhouse.rehearsal;

import dev.rackhouse.runbook.Machines;
import dev.rackhouse.runbook.Rehearsal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * One pretend lab as the world of a rehearsal: it runs many times faster than real, its clock is moved together with the engine's, and
 * its counters and digest decide.
 */
final class PretendWorld implements Rehearsal.World {

    private final Control control;
    private final Machines machines;
    private final double speed;
    private final Runnable scene;
    private final boolean engines;
    private volatile Instant now = Instant.now();

    /**
     * @param speed at which the labs were started
     * @param scene brings a fresh lab into the state from which everything begins
     * @param engines which engines run and which sleep belongs to what is compared
     */
    PretendWorld(Control control, Machines machines, double speed, Runnable scene, boolean engines) {
        this.control = control;
        this.machines = machines;
        this.speed = speed;
        this.scene = scene;
        this.engines = engines;
    }

    @Override
    public Machines machines() {
        return machines;
    }

    @Override
    public Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
    }

    @Override
    public void pass(Duration time) {
        now = now.plus(time);
        control.post("/clock", "{\"now\":" + now.getEpochSecond() + "}");
        LockSupport.parkNanos((long) (time.toNanos() / speed));
    }

    @Override
    public void restore() {
        control.post("/reset", "{}");
        scene.run();
        control.clear();
        control.post("/clock", "{\"now\":" + now.getEpochSecond() + "}");
    }

    @Override
    public Map<String, Integer> effects() {
        return control.effects();
    }

    /** Parts in one order: the server answers its keys in a random one, as Proxmox does. */
    @Override
    public String digest() {
        StringBuilder text = new StringBuilder();
        control.get("/digest")
                .path("parts")
                .propertyStream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(part -> text.append(part.getKey())
                        .append(' ')
                        .append(part.getValue().asString())
                        .append('\n'));
        if (engines) {
            control.get("/engines")
                    .path("engines")
                    .forEach(each -> text.append(each.path("container").asString(""))
                            .append(each.path("state").asString("").equals("running") ? " runs " : " is off ")
                            .append(each.path("sleeps").asString(""))
                            .append('\n'));
        }
        return text.toString();
    }
}
