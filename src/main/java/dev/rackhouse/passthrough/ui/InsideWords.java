package dev.rackhouse.passthrough.ui;

import dev.rackhouse.passthrough.AttachDraft.Inside;

/** How the ways to ask a guest are called on pages. */
final class InsideWords {

    private InsideWords() {}

    static String of(Inside inside) {
        return switch (inside) {
            case AGENT -> "By its guest agent";
            case SSH -> "By SSH through the node, with the console's key";
            case NOT -> "Not at all";
        };
    }
}
