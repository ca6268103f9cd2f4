package dev.rackhouse.runbook;

import dev.rackhouse.access.Secrets;

/** Secrets under a key of the test's own. */
final class TestSecrets {

    private TestSecrets() {}

    static Secrets fresh() {
        return new Secrets(dev.rackhouse.access.MasterKey.random());
    }
}
