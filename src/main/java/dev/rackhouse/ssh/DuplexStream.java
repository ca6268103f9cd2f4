package dev.rackhouse.ssh;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * Bytes to and from one thing on another machine, on a channel of the shared connection. For one reader and one writer at a time;
 * {@link #close()} may come from any thread, more than once, and ends a read that waits. A thread that is interrupted while it reads
 * gets an {@link java.io.InterruptedIOException}. Whoever needs a time limit closes the stream when it has passed.
 */
public interface DuplexStream extends AutoCloseable {

    /** What the other side says; ends when it has said everything, and when this stream is closed. */
    InputStream input();

    /** What it is told. Bytes go out at {@code flush}; closing it tells the other side that nothing more comes. */
    OutputStream output();

    /**
     * What a command said on standard error so far, at most {@link SshHost#LARGEST_COMPLAINT} bytes; empty for a port. Waits up to a
     * second for the rest when the command has ended.
     */
    String errors();

    /** Ends it, and what runs for it on the other machine. Returns at once. */
    @Override
    void close();
}
