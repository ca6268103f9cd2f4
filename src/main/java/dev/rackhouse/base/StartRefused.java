package dev.rackhouse.base;

/**
 * The console does not start, for a reason that a person can do something about. Printed as two paragraphs without a stack trace.
 */
public class StartRefused extends RuntimeException {

    private final String remedy;

    /**
     * @param reason what is wrong, a sentence
     * @param remedy what to do, a sentence
     */
    public StartRefused(String reason, String remedy) {
        super(reason);
        this.remedy = remedy;
    }

    public StartRefused(String reason, String remedy, Throwable cause) {
        super(reason, cause);
        this.remedy = remedy;
    }

    /** What the reader can do. */
    public String remedy() {
        return remedy;
    }

    /** The reason; never null, unlike {@link #getMessage()} by its type. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
