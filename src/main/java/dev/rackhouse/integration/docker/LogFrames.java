package dev.rackhouse.integration.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/**
 * The text in a stream of Docker's logs. Without a terminal the engine puts a head of eight bytes before each piece: which stream it
 * belongs to (0 to 2), three zeros, the length (Engine API, "Attach to a container", stream format). Standard output and standard error
 * come in the order in which they were written.
 */
final class LogFrames extends InputStream {

    private static final int HEAD = 8;

    private final InputStream frames;
    private long left;

    private LogFrames(InputStream frames) {
        this.frames = frames;
    }

    /**
     * The text of an answer's body: frames are put together, anything else stays as it is. Engines before API 1.42 call frames a raw
     * stream too, so the first bytes decide there.
     *
     * @param contentType of the answer; parameters may follow
     */
    static InputStream text(InputStream body, String contentType) throws IOException {
        if (contentType.startsWith("application/vnd.docker.multiplexed-stream")) {
            return new LogFrames(body);
        }
        if (!contentType.startsWith("application/vnd.docker.raw-stream")) {
            return body;
        }
        PushbackInputStream looking = new PushbackInputStream(body, 4);
        byte[] first = looking.readNBytes(4);
        looking.unread(first);
        return first.length == 4 && first[0] >= 0 && first[0] <= 2 && (first[1] | first[2] | first[3]) == 0
                ? new LogFrames(looking)
                : looking;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (left == 0) {
            byte[] head = frames.readNBytes(HEAD);
            if (head.length == 0) {
                return -1;
            }
            if (head.length < HEAD) {
                throw new EOFException("the log ended within the head of a frame");
            }
            if (head[0] < 0 || head[0] > 3 || (head[1] | head[2] | head[3]) != 0) {
                throw new IOException("the log holds something that is no frame");
            }
            left = (head[4] & 0xffL) << 24 | (head[5] & 0xffL) << 16 | (head[6] & 0xffL) << 8 | head[7] & 0xffL;
        }
        int count = frames.read(buffer, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the log ended within a frame");
        }
        left -= count;
        return count;
    }

    @Override
    public void close() throws IOException {
        frames.close();
    }
}
