package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which changes, newest first.
 *
 * @param kind null: all kinds
 * @param subject null: all subjects
 * @param text part of title, what, before or after; empty: all
 */
public record ChangeQuery(
        @Nullable LabId lab,
        @Nullable String node,
        @Nullable String kind,
        @Nullable String subject,
        @Nullable Instant since,
        String text) {

    public static ChangeQuery all() {
        return new ChangeQuery(null, null, null, null, null, "");
    }

    public static ChangeQuery since(Instant since) {
        return new ChangeQuery(null, null, null, null, since, "");
    }

    public static ChangeQuery of(NodeRef node) {
        return new ChangeQuery(node.lab(), node.node(), null, null, null, "");
    }
}
