package dev.rackhouse.simulator.pve;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The code of one call. What it returns stands in {@code data}; an {@link Extra} adds keys beside it. */
interface Handler {
    @Nullable
    Object handle(Req req) throws InterruptedException;

    /** An answer with keys beside {@code data}: {@code total}, {@code changes}. */
    record Extra(@Nullable Object data, Map<String, Object> beside) {}
}
