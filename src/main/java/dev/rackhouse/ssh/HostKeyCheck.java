package dev.rackhouse.ssh;

import java.security.PublicKey;
import java.util.List;
import java.util.function.UnaryOperator;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import org.jspecify.annotations.Nullable;

/** Compares the key that a host shows with the one it must show, and remembers what it saw. */
final class HostKeyCheck implements HostKeyVerifier {

    private final @Nullable HostKey pinned;
    private final UnaryOperator<HostKey> firstSeen;
    private volatile @Nullable HostKey seen;
    private volatile @Nullable HostKey required;
    private volatile boolean accepted;

    /**
     * @param pinned null when the first one seen counts
     * @param firstSeen given the key shown, answers the one that counts
     */
    private HostKeyCheck(@Nullable HostKey pinned, UnaryOperator<HostKey> firstSeen) {
        this.pinned = pinned;
        this.firstSeen = firstSeen;
    }

    static HostKeyCheck of(HostKeyTrust trust, UnaryOperator<HostKey> firstSeen) {
        return switch (trust) {
            case HostKeyTrust.Pinned(HostKey key) -> new HostKeyCheck(key, firstSeen);
            case HostKeyTrust.FirstSeen() -> new HostKeyCheck(null, firstSeen);
        };
    }

    @Override
    public boolean verify(String host, int port, PublicKey key) {
        HostKey shown = HostKey.of(new Buffer.PlainBuffer().putPublicKey(key).getCompactData());
        HostKey must = pinned == null ? firstSeen.apply(shown) : pinned;
        seen = shown;
        required = must;
        accepted = shown.equals(must);
        return accepted;
    }

    @Override
    public List<String> findExistingAlgorithms(String host, int port) {
        return List.of();
    }

    @Nullable
    HostKey seen() {
        return seen;
    }

    /** The key that was shown and refused; null when none was. */
    @Nullable
    HostKey refused() {
        return accepted ? null : seen;
    }

    String pinned() {
        HostKey must = required;
        return must == null ? "nothing" : must.toString();
    }
}
