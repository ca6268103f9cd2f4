/**
 * Swapping what a place serves from one mode to another, as a transaction: clients are told to wait, the old set is stopped, the new one
 * is proved by tokens before anybody is sent to it, and any failure leads back to the old set by itself.
 */
@NamedInterface("swap")
@NullMarked
package dev.rackhouse.inference.swap;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
