package dev.rackhouse.inference;

import dev.rackhouse.inference.fit.Weights;
import dev.rackhouse.inference.health.LoadPhase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A kind of program that serves models: how it is started and where it tells about itself. Pure; contributed as beans. */
public interface ServingEngine {

    EngineKind kind();

    /** Whether it runs files of this form. */
    boolean runs(Weights weights);

    /**
     * What a deployment is started as.
     *
     * @param unified the place is a Mac: a program instead of a container
     */
    LaunchSpec launch(Deployment deployment, Model model, ModelFiles files, boolean unified);

    Endpoints endpoints();

    /** What it does between start and first token, in order. */
    List<LoadPhase> phases();

    /**
     * Paths on its port. None of them makes it compute, but {@code completion}.
     *
     * @param metrics null when it has none
     * @param slots null when it has none
     * @param served the names that it serves now
     */
    record Endpoints(
            String health,
            @Nullable String metrics,
            @Nullable String slots,
            String served,
            String completion) {}
}
