package dev.rackhouse.ssh;

import net.schmizz.sshj.connection.channel.Channel;

/**
 * Who asks the other side for more on one channel. Usually the thread that receives, each time something comes. When a reader is so late
 * that the buffer fills, it stops asking, and then nothing comes any more that could make it ask again (SSHJ 0.40,
 * {@code ChannelInputStream}). So while a reader is late, readers ask themselves, each time they have taken something.
 */
final class Windows {

    /** Bytes that have come and are not taken: half of what a connection buffers. */
    private static final int LATE = SshConnection.BUFFER / 2;

    private static final int CAUGHT_UP = 1024 * 1024;

    private final Channel channel;
    private int late;
    private boolean over;

    /** To be made before anything can come. */
    Windows(Channel channel) {
        this.channel = channel;
        channel.setAutoExpand(true);
    }

    /** One of the channel's streams. Not for several threads at once. */
    final class Reader {
        private boolean behind;

        /** @param waiting bytes that have come and are not taken, after each time that some were */
        void took(int waiting) {
            boolean now = waiting > (behind ? CAUGHT_UP : LATE);
            if (now != behind) {
                behind = now;
                late(now);
            }
        }
    }

    private synchronized void late(boolean now) {
        late += now ? 1 : -1;
        channel.setAutoExpand(late == 0 && !over);
    }

    /** Nobody reads any more: what the other side may still send fits into what is buffered, and it gets no leave to send more. */
    synchronized void over() {
        over = true;
        channel.setAutoExpand(false);
    }
}
