/** Pretend machines: file trees rebuilt from probe dumps, reached by SSH, on which the console's real scripts run in a real shell. */
@NullMarked
package dev.rackhouse.simulator.host;

import org.jspecify.annotations.NullMarked;
