/**
 * How engines stand right now: one collector a place looks at containers, logs, counters and GPUs; what it saw is joined and judged by
 * pure rules. Reads only, but for a tiny prompt to an idle engine.
 */
@NamedInterface("live")
@NullMarked
package dev.rackhouse.inference.live;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
