package dev.rackhouse.ssh;

/** One line that a running command printed, without its end; at most 16 KiB, longer ones come in pieces. */
public record OutputLine(Stream stream, String text) {

    /** Where it was printed. */
    public enum Stream {
        OUT,
        ERR
    }
}
