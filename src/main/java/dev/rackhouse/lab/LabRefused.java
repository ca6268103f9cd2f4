package dev.rackhouse.lab;

/** A change of a lab that is not possible, as a sentence for the person who asked for it. */
public final class LabRefused extends RuntimeException {

    LabRefused(String sentence) {
        super(sentence);
    }

    /** What to show. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
