package dev.rackhouse.ssh;

import dev.rackhouse.base.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Base64;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.password.PasswordUtils;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.jspecify.annotations.Nullable;

/**
 * A private key to sign in with.
 *
 * @param privateKey the private key's text, without passphrase
 * @param publicLine what belongs into {@code authorized_keys}: {@code ssh-ed25519 AAAA... comment}
 */
public record SshKey(Secret privateKey, String publicLine) {

    /**
     * A new ed25519 key.
     *
     * @param comment what stands at the end of the public line: {@code rackhouse-home}
     */
    public static SshKey generate(String comment) {
        Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(new SecureRandom());
        try {
            String body = Base64.getMimeEncoder(70, "\n".getBytes(StandardCharsets.US_ASCII))
                    .encodeToString(OpenSSHPrivateKeyUtil.encodePrivateKey(key));
            String line = "ssh-ed25519 "
                    + Base64.getEncoder().encodeToString(OpenSSHPublicKeyUtil.encodePublicKey(key.generatePublicKey()));
            return new SshKey(
                    new Secret(
                            "-----BEGIN OPENSSH PRIVATE KEY-----\n" + body + "\n-----END OPENSSH PRIVATE KEY-----\n"),
                    (line + " " + comment.replaceAll("[^A-Za-z0-9@._-]", "-")).strip());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A key that somebody brings: OpenSSH or PEM, without passphrase.
     *
     * @throws IllegalArgumentException with a sentence for the field
     */
    public static SshKey parse(Secret text) {
        Secret clean = new Secret(text.reveal().strip().replace("\r\n", "\n") + "\n");
        try (SSHClient client = new SSHClient(quietConfig())) {
            PublicKey key = provider(client, clean).getPublic();
            byte[] wire = new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
            return new SshKey(
                    clean, KeyType.fromKey(key) + " " + Base64.getEncoder().encodeToString(wire));
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    clean.reveal().contains("ENCRYPTED")
                                    || String.valueOf(e.getMessage()).contains("passphrase")
                            ? "this private key has a passphrase; give one without, the console keeps it encrypted"
                            : "this is no private key in OpenSSH or PEM form, or it has a passphrase",
                    e);
        }
    }

    KeyProvider provider(SSHClient client) throws IOException {
        return provider(client, privateKey);
    }

    private static KeyProvider provider(SSHClient client, Secret text) throws IOException {
        @Nullable String noPublicKey = null;
        return client.loadKeys(text.reveal(), noPublicKey, PasswordUtils.createOneOff(new char[0]));
    }

    static DefaultConfig quietConfig() {
        DefaultConfig config = new DefaultConfig();
        config.setLoggerFactory(new Quiet());
        return config;
    }

    /** The fingerprint of the public part, as {@code ssh-keygen -l} prints it. */
    public String fingerprint() {
        return HostKey.parse(publicLine).fingerprint();
    }
}
