package dev.rackhouse.simulator.pve;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answer of a call made on the node itself, as root@pam ({@code pvesh}, {@code qm}).
 *
 * @param status HTTP status that the call would have had
 * @param data what stands in {@code data}: maps, lists, strings, numbers; null when there is nothing
 * @param message refusal, empty on success
 * @param errors texts by parameter, empty unless the status is 400
 */
public record LocalAnswer(int status, @Nullable Object data, String message, Map<String, String> errors) {
    public boolean succeeded() {
        return status == 200;
    }
}
