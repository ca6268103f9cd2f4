package dev.rackhouse.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.base.Secret;
import org.junit.jupiter.api.Test;

class SshKeyTest {

    @Test
    void readsBackTheKeyItMade() {
        SshKey made = SshKey.generate("rackhouse home");
        SshKey read = SshKey.parse(made.privateKey());

        assertThat(made.publicLine()).startsWith("ssh-ed25519 AAAA").endsWith(" rackhouse-home");
        assertThat(read.fingerprint()).isEqualTo(made.fingerprint());
        assertThat(made.toString()).doesNotContain("BEGIN");
    }

    @Test
    void refusesWhatIsNoKey() {
        assertThatThrownBy(() -> SshKey.parse(new Secret("hello")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no private key");
    }

    @Test
    void readsAFingerprintFromItsTextOrFromTheKeyItself() {
        SshKey key = SshKey.generate("x");
        assertThat(HostKey.parse(key.fingerprint())).isEqualTo(HostKey.parse(key.publicLine()));
        assertThatThrownBy(() -> HostKey.parse("MD5:aa:bb")).isInstanceOf(IllegalArgumentException.class);
    }
}
