package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.util.Map;

/** Where the processes of one pretend machine run between its boot and its shutdown. */
interface Jail extends AutoCloseable {
    /** How far the processes are kept apart from the real machine. */
    enum Kind {
        /** A mount, user and process namespace with the tree as its root: paths are the machine's own. */
        NAMESPACES,
        /** The real root with {@code R} set to the tree and a PATH of shims and a list of tools. */
        PREFIX
    }

    Kind kind();

    /**
     * Starts {@code sh -c command} as root of the machine.
     *
     * @param environment in addition to PATH, HOME and the like
     */
    Process start(String command, Map<String, String> environment) throws IOException;

    /** Ends every process of the machine. */
    @Override
    void close();
}
