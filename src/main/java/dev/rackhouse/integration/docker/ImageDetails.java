package dev.rackhouse.integration.docker;

import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.ContainerConfig;
import java.util.List;

/**
 * An image, and how it starts: vLLM's changed its entrypoint between releases, which decides how arguments are passed.
 *
 * @param id {@code sha256:...}
 * @param digests {@code vllm/vllm-openai@sha256:...}; empty for an image that was built there
 * @param bytes on disk; 0: not told
 */
public record ImageDetails(
        String id, List<String> tags, List<String> digests, List<String> entrypoint, List<String> command, long bytes) {

    public ImageDetails {
        tags = List.copyOf(tags);
        digests = List.copyOf(digests);
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
    }

    static ImageDetails of(InspectImageResponse said) {
        ContainerConfig config = said.getConfig() == null ? new ContainerConfig() : said.getConfig();
        return new ImageDetails(
                Bounded.text(said.getId()),
                Bounded.list(said.getRepoTags()),
                Bounded.list(said.getRepoDigests()),
                Bounded.list(config.getEntrypoint()),
                Bounded.list(config.getCmd()),
                said.getSize() == null ? 0 : said.getSize());
    }
}
