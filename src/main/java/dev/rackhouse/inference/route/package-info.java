/**
 * What stands between clients and engines, and how it is told to drain and to switch: commands and checks as data, nothing is sent from
 * here.
 */
@NamedInterface("route")
@NullMarked
package dev.rackhouse.inference.route;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
