package dev.rackhouse.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Drains one stream of a command on a thread of its own: keeps its beginning, hands out its lines. */
final class OutputReader {

    private static final int LONGEST_LINE = 16 * 1024;

    private final InputStream in;
    private final Windows.Reader asking;
    private final int limit;
    private final Consumer<String> lines;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Thread thread;
    private @Nullable Predicate<String> wanted;
    private volatile boolean truncated;
    private volatile @Nullable IOException broke;

    /**
     * @param wanted asked for each line until it takes one, which then is neither kept nor handed out; null when there is none to
     *     take
     */
    OutputReader(
            String name,
            InputStream in,
            Windows windows,
            int limit,
            @Nullable Predicate<String> wanted,
            Consumer<String> lines) {
        this.in = in;
        this.asking = windows.new Reader();
        this.limit = limit;
        this.wanted = wanted;
        this.lines = lines;
        this.thread = Thread.ofVirtual().name(name).start(this::drain);
    }

    private void drain() {
        byte[] buffer = new byte[32 * 1024];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                take(buffer, n);
                asking.took(in.available());
            }
            if (line.size() > 0) {
                endOfLine();
            }
        } catch (IOException e) {
            broke = e;
        }
    }

    private void take(byte[] buffer, int n) {
        int from = 0;
        for (int at = 0; at < n; at++) {
            boolean end = buffer[at] == '\n';
            if (end || line.size() + at - from + 1 >= LONGEST_LINE) {
                line.write(buffer, from, at - from + 1);
                from = at + 1;
                endOfLine();
            }
        }
        line.write(buffer, from, n - from);
    }

    private void endOfLine() {
        String text = line.toString(StandardCharsets.UTF_8);
        int length = text.endsWith("\n") ? text.length() - 1 : text.length();
        String clean = text.substring(0, length > 0 && text.charAt(length - 1) == '\r' ? length - 1 : length);
        Predicate<String> looking = wanted;
        if (looking != null && looking.test(clean)) {
            wanted = null;
        } else {
            keep(line.toByteArray());
            lines.accept(clean);
        }
        line.reset();
    }

    private void keep(byte[] bytes) {
        int room = Math.min(bytes.length, limit - kept.size());
        kept.write(bytes, 0, room);
        truncated |= room < bytes.length;
    }

    /** Waits until the stream has ended. */
    void join() throws InterruptedException {
        thread.join();
    }

    /** Waits at most so long; what has come until then can be asked for. */
    void join(Duration patience) throws InterruptedException {
        thread.join(patience);
    }

    /**
     * Reads no more. The stream itself must not be closed while something may still come: the next packet would end the connection that
     * all share (SSHJ 0.40, {@code ChannelInputStream.receive}).
     */
    void leave() {
        thread.interrupt();
    }

    byte[] bytes() {
        return kept.toByteArray();
    }

    boolean truncated() {
        return truncated;
    }

    @Nullable
    IOException broke() {
        return broke;
    }
}
