package dev.rackhouse.proxmox;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a task: {@code UPID:node:pid:pstart:starttime:type:id:user:}, numbers in hex. Polled at the node it names.
 *
 * @param text as Proxmox wrote it
 * @param id what it works on, usually a vmid; may be empty
 * @param user {@code user@realm}, or {@code user@realm!token}
 */
public record Upid(String text, String node, long pid, Instant startedAt, String type, String id, String user) {

    private static final Pattern FORM = Pattern.compile("UPID:([a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?):([0-9A-F]{8}):"
            + "([0-9A-F]{8,9}):([0-9A-F]{8}):([^:\\s]+):([^:\\s]*):([^:\\s]+):");

    /** @throws IllegalArgumentException when the text is no UPID */
    public static Upid parse(String text) {
        return find(text).orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no UPID"));
    }

    /** The UPID, if the whole text is one. */
    public static Optional<Upid> find(String text) {
        Matcher m = FORM.matcher(text.strip());
        if (!m.matches()) {
            return Optional.empty();
        }
        return Optional.of(new Upid(
                m.group(),
                m.group(1),
                Long.parseLong(m.group(2), 16),
                Instant.ofEpochSecond(Long.parseLong(m.group(4), 16)),
                m.group(5),
                m.group(6),
                m.group(7)));
    }

    @Override
    public String toString() {
        return text;
    }
}
