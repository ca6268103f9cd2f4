package dev.rackhouse.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.base.Secret;
import org.junit.jupiter.api.Test;

class SecretsTest {

    private final MasterKey key = MasterKey.random();
    private final Secrets secrets = new Secrets(key);

    @Test
    void readsWhatItWrote() {
        byte[] stored = secrets.encrypt(new Secret("pa\u00dfword"));

        assertThat(secrets.decrypt(stored).reveal()).isEqualTo("pa\u00dfword");
        assertThat(new String(stored, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("word");
    }

    @Test
    void neverWritesTheSameBytesTwice() {
        assertThat(secrets.encrypt(new Secret("x"))).isNotEqualTo(secrets.encrypt(new Secret("x")));
    }

    @Test
    void refusesChangedBytes() {
        byte[] stored = secrets.encrypt(new Secret("password"));
        for (int place : new int[] {12, stored.length - 1}) {
            byte[] changed = stored.clone();
            changed[place] ^= 1;
            assertThatThrownBy(() -> secrets.decrypt(changed)).hasMessageContaining("has been changed");
        }
        assertThatThrownBy(() -> secrets.decrypt(new byte[3])).isInstanceOf(Secrets.UndecipherableSecret.class);
    }

    @Test
    void namesBothKeysWhenTheKeyIsAnother() {
        MasterKey other = MasterKey.random();
        byte[] stored = new Secrets(other).encrypt(new Secret("password"));

        assertThatThrownBy(() -> secrets.decrypt(stored))
                .hasMessageContaining(other.id())
                .hasMessageContaining(key.id());
    }

    @Test
    void aKeySurvivesItsTextForm() {
        assertThat(MasterKey.parse(key.reveal() + "\n").id()).isEqualTo(key.id());
        assertThat(key.toString()).doesNotContain(key.reveal());
    }
}
