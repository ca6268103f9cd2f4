package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.EngineSteps;
import dev.rackhouse.inference.Model.Purpose;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container that another one shall replace under the same name.
 *
 * @param next what stands there afterwards
 * @param canary the same beside the old one, under a name and at a port of its own; null: there is no room for both
 * @param old what runs now; null: it is there and does not run
 * @param compared whether the old and the new one are measured and compared
 * @param slowerPercent by so much the new one may be slower than the old one
 * @param changes what differs, as sentences
 * @param oldImage of the container that is there
 * @param carried clients are led to the canary while the engine is replaced
 * @param drain how long requests under way have to end; then they are cut off
 * @param leftovers containers that earlier updates kept; removed when this one is done
 */
public record UpdatePlan(
        DeployPlan next,
        @Nullable DeployPlan canary,
        @Nullable Running old,
        boolean compared,
        int slowerPercent,
        List<String> changes,
        String oldImage,
        boolean carried,
        Duration drain,
        List<String> leftovers) {

    /** What a change of version or tuning may cost, as canaries are judged in the seeds' playbooks. */
    static final int A_FIFTH = 20;

    /** How the old engine is asked. */
    public record Running(EngineKind engine, Purpose purpose, int port, String servedName) {}

    public UpdatePlan {
        changes = List.copyOf(changes);
        leftovers = List.copyOf(leftovers);
    }

    /** A copy that does not try the new engine beside the old one first. */
    public UpdatePlan atOnce() {
        return new UpdatePlan(next, null, old, compared, slowerPercent, changes, oldImage, false, drain, leftovers);
    }

    /** Names that are refused while the engine is replaced. */
    boolean refuses() {
        return old != null
                && !carried
                && next.routes().stream().anyMatch(r -> !r.drain().isEmpty());
    }

    String container() {
        return next.container();
    }

    /** Under this name the old container is kept. */
    String keptAs() {
        return container() + "-before-{run}";
    }

    @Nullable
    EngineSteps oldSteps() {
        return old == null
                ? null
                : new EngineSteps(
                        next.host(),
                        container(),
                        old.engine,
                        old.purpose,
                        old.port,
                        old.servedName,
                        "",
                        0,
                        Duration.ofSeconds(next.budgetSeconds()));
    }
}
