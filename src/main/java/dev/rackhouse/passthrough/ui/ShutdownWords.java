package dev.rackhouse.passthrough.ui;

import dev.rackhouse.passthrough.Shutdown;

/** How the ways to shut a guest down are called on pages. */
final class ShutdownWords {

    private ShutdownWords() {}

    static String of(Shutdown shutdown) {
        return "Wait %d minutes, then %s"
                .formatted(shutdown.minutes(), shutdown.hard() ? "stop it hard" : "give up and force nothing");
    }
}
