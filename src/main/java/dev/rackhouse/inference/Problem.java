package dev.rackhouse.inference;

/**
 * Why something cannot be stored or run as asked.
 *
 * @param field what it is about, as the form calls it: {@code gpus}
 * @param sentence for a person
 */
public record Problem(String field, String sentence) {}
