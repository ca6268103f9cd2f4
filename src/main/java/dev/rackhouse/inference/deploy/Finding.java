package dev.rackhouse.inference.deploy;

/**
 * One thing that was found about a wish to deploy.
 *
 * @param field what of the form it is about: {@code port}; empty: the place itself
 * @param sentence the fact, with its numbers
 * @param remedy what to do; empty: nothing
 */
public record Finding(Weight weight, String field, String sentence, String remedy, Fix fix) {

    /** How much it weighs, heaviest first. */
    public enum Weight {
        BLOCKS,
        WARNS,
        INFORMS,
        /** It is so already. */
        DONE
    }

    /** What the console can do about it. */
    public enum Fix {
        NONE,
        /** The run {@code prepare-gpu-guest} brings driver, Docker and toolkit. */
        PREPARE_GUEST,
        /** The run {@code update-model} replaces what runs. */
        UPDATE
    }

    static Finding blocks(String field, String sentence, String remedy) {
        return new Finding(Weight.BLOCKS, field, sentence, remedy, Fix.NONE);
    }

    static Finding warns(String field, String sentence, String remedy) {
        return new Finding(Weight.WARNS, field, sentence, remedy, Fix.NONE);
    }

    static Finding informs(String field, String sentence) {
        return new Finding(Weight.INFORMS, field, sentence, "", Fix.NONE);
    }

    static Finding done(String field, String sentence) {
        return new Finding(Weight.DONE, field, sentence, "", Fix.NONE);
    }

    Finding by(Fix way) {
        return new Finding(weight, field, sentence, remedy, way);
    }
}
