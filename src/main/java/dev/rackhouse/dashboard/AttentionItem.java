package dev.rackhouse.dashboard;

import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.Verdict.Level;

/**
 * One thing that wants a person.
 *
 * @param name what it is about: a node, a guest, a storage, a run
 * @param sentence why
 * @param href where to go, without leading slash
 */
record AttentionItem(Level level, String name, String sentence, String href, String verb) {

    static AttentionItem of(Verdict verdict, String name, String href, String verb) {
        String sentence = verdict.reasons().isEmpty()
                ? verdict.level().word()
                : verdict.reasons().getFirst().sentence();
        return new AttentionItem(verdict.level(), name, sentence, href, verb);
    }
}
