package dev.rackhouse.inference.health;

import java.time.Duration;
import java.util.Locale;

/**
 * What an engine does between its start and its first token, in this order; not every engine has each. The usual time is the upper
 * end of what two RTX 3090 with a local SSD need; a deployment's own past starts replace it.
 */
public enum LoadPhase {
    ARGUMENTS("reads its arguments", 10),
    CONFIG("reads the model's configuration", 15),
    ENGINE("starts its engine", 10),
    NCCL("connects the GPUs", 5),
    WEIGHTS("loads weights", 90),
    COMPILE("compiles", 60),
    KV("plans its cache", 5),
    GRAPHS("captures CUDA graphs", 25),
    WARM_UP("warms up", 10),
    READY("is ready", 0);

    private final String doing;
    private final int usualSeconds;

    LoadPhase(String doing, int usualSeconds) {
        this.doing = doing;
        this.usualSeconds = usualSeconds;
    }

    /** What it does, after "it": {@code loads weights}. */
    public String doing() {
        return doing;
    }

    public Duration usual() {
        return Duration.ofSeconds(usualSeconds);
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
