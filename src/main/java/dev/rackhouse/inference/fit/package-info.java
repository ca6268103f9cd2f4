/** Whether a model fits where it shall run: arithmetic and rules on values alone. Nothing is asked, nothing is changed. */
@NamedInterface("fit")
@NullMarked
package dev.rackhouse.inference.fit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
