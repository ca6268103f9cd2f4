package dev.rackhouse.proxmox;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a call answered: always a success, refusals are thrown.
 *
 * @param data the {@code data} part; a JSON null when there is none
 * @param total how many rows there are in all, where the server says so (task list, task log, syslog)
 * @param changes the diff of staged changes that stands beside the data of the network list
 * @param body the whole body as it came, for evidence
 */
public record PveAnswer(
        JsonNode data, @Nullable Long total, @Nullable String changes, String body) {

    /** The data as text: a UPID, a volume id, an id. Empty for null. */
    public String text() {
        String text = PveFields.textOf(data);
        return text == null ? "" : text;
    }

    /** The data as one object; an empty one when it is something else. */
    public PveFields fields() {
        return new PveFields(data);
    }

    /** The data as a list of objects; empty when it is something else. */
    public List<PveFields> rows() {
        return PveFields.rowsOf(data);
    }

    /** The task that the call started, if it started one: sync calls answer null, vzdump sometimes just {@code OK}. */
    public Optional<Upid> upid() {
        return Upid.find(text());
    }
}
