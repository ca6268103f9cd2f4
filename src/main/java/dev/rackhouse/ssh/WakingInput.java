package dev.rackhouse.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The input of a channel whose close lets a waiting reader go. SSHJ's own stream must not be closed for that while the other side may
 * still send: the next packet would be taken for a breach of protocol, and end the connection that all share (SSHJ 0.40,
 * {@code ChannelInputStream.receive}).
 */
final class WakingInput extends InputStream {

    private final InputStream channel;
    private final Windows.Reader asking;
    private @Nullable Thread reader;
    private boolean closed;
    private boolean woken;

    WakingInput(InputStream channel, Windows windows) {
        this.channel = channel;
        this.asking = windows.new Reader();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0; // SSHJ's stream would wait for bytes it may not hand out
        }
        if (!enter()) {
            return -1;
        }
        boolean ended = false;
        int count = -1;
        try {
            count = channel.read(buffer, offset, length);
            asking.took(channel.available());
        } catch (InterruptedIOException e) {
            if (!closedMeanwhile()) {
                Thread.currentThread().interrupt();
                throw e;
            }
            ended = true;
        } finally {
            leave();
        }
        return ended ? -1 : count;
    }

    @Override
    public int available() throws IOException {
        return channel.available();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (reader != null && !woken) {
            woken = true;
            reader.interrupt();
        }
    }

    private synchronized boolean enter() {
        if (!closed) {
            reader = Thread.currentThread();
        }
        return !closed;
    }

    private synchronized void leave() {
        reader = null;
        if (woken) {
            Thread.interrupted();
            woken = false;
        }
    }

    private synchronized boolean closedMeanwhile() {
        return woken;
    }
}
