package dev.rackhouse.inference.health;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One look at an engine. What was not asked or did not answer is null, never zero.
 *
 * @param log all that the log told until now; null when it was never read
 * @param sample what it counts; null when it did not tell
 * @param onGpu of an engine that counts nothing: the share of its model that lies in the GPU's memory, 0 when it is not in memory at all;
 *     null when it does not tell
 * @param filesMiB what the model's files take on disk, which grows while they are downloaded; null when nobody measured
 * @param gpu what its GPUs do; null when nobody measured
 * @param canary a tiny prompt that was sent and came to an end since the last look; null when none
 */
public record Observation(
        Instant at,
        Process process,
        Answer answer,
        @Nullable LogReading log,
        @Nullable EngineSample sample,
        @Nullable Double onGpu,
        @Nullable Long filesMiB,
        @Nullable GpuWork gpu,
        @Nullable Canary canary) {

    /**
     * The container or the unit.
     *
     * @param startedAt null when not known
     * @param exitCode null while it runs
     */
    public record Process(
            State state,
            @Nullable Instant startedAt,
            @Nullable Integer exitCode) {

        /** As Docker says, or systemd and launchd in their words. */
        public enum State {
            RUNNING,
            RESTARTING,
            EXITED,
            ABSENT,
            UNKNOWN
        }
    }

    /** What its health address said. {@code OK} alone proves nothing. */
    public enum Answer {
        OK,
        /** llama.cpp's 503 while a model loads. */
        STILL_LOADING,
        /** vLLM's 503: the engine behind the web server is gone. */
        FAILING,
        REFUSED,
        TIMED_OUT,
        NOT_ASKED
    }

    /**
     * What the engine's GPUs do, all together.
     *
     * @param watts null when not measured
     * @param limitWatts null when there is none (a Mac)
     * @param busy 0 to 1: also 1 where kernels only wait for each other
     * @param memoryMiB what is used
     */
    public record GpuWork(
            @Nullable Double watts,
            @Nullable Double limitWatts,
            @Nullable Double busy,
            @Nullable Long memoryMiB) {

        private static final double WORKING_SHARE_OF_LIMIT = 0.5;
        private static final double WORKING_BUSY = 0.3;

        /** They are known to compute. */
        boolean computes() {
            return working().orElse(false);
        }

        /** Whether they compute. By power where it is known: GPUs that wait for each other are 100 % busy at a third of their power. */
        public Optional<Boolean> working() {
            if (watts != null && limitWatts != null && limitWatts > 0) {
                return Optional.of(watts / limitWatts >= WORKING_SHARE_OF_LIMIT);
            }
            return busy == null ? Optional.empty() : Optional.of(busy >= WORKING_BUSY);
        }
    }

    /** How a tiny prompt ended. */
    public enum Canary {
        ANSWERED,
        FAILED,
        TIMED_OUT
    }
}
