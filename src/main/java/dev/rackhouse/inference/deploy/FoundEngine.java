package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.Deployment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container that looks like an engine and is in no registry.
 *
 * @param container its name
 * @param proposal the deployment that it could be taken over as; null: something about it is not known
 * @param remarks what stands in the way, or what a person should know
 */
public record FoundEngine(
        String container,
        String image,
        String status,
        @Nullable Deployment proposal,
        List<String> remarks) {

    public FoundEngine {
        remarks = List.copyOf(remarks);
    }
}
