/** Deployments put into place and changed: what is seen there, what speaks against it, the runs, their history. */
@NamedInterface("deploy")
@NullMarked
package dev.rackhouse.inference.deploy;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
