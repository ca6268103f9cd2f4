/** Docker engines: the Engine API through {@code docker system dial-stdio}, and its answers as small records. */
@NamedInterface("docker")
@NullMarked
package dev.rackhouse.integration.docker;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
