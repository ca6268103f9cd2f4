package dev.rackhouse.access;

import dev.rackhouse.base.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts secrets for the database: AES-256-GCM, a fresh nonce each time, the key's id in front. Safe for many threads; does not
 * block.
 */
public final class Secrets {

    private static final byte FORMAT = 1;
    private static final int ID_BYTES = 8;
    private static final int NONCE_BYTES = 12;
    private static final int HEAD_BYTES = 1 + ID_BYTES + NONCE_BYTES;
    private static final int TAG_BITS = 128;

    private final byte[] keyId;
    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    public Secrets(MasterKey master) {
        keyId = HexFormat.of().parseHex(master.id());
        key = new SecretKeySpec(master.derive("secrets").getEncoded(), "AES");
    }

    /** Format, key id, nonce, then the encrypted text with its tag. */
    public byte[] encrypt(Secret secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] head = ByteBuffer.allocate(HEAD_BYTES)
                .put(FORMAT)
                .put(keyId)
                .put(nonce)
                .array();
        try {
            byte[] body = cipher(Cipher.ENCRYPT_MODE, nonce, head)
                    .doFinal(secret.reveal().getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.allocate(head.length + body.length)
                    .put(head)
                    .put(body)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java cannot do AES-256-GCM", e);
        }
    }

    /**
     * @throws UndecipherableSecret when it was encrypted with another key or has been changed since
     */
    public Secret decrypt(byte[] encrypted) {
        if (encrypted.length < HEAD_BYTES + TAG_BITS / 8 || encrypted[0] != FORMAT) {
            throw new UndecipherableSecret("The stored secret is not in the form that this version writes.");
        }
        ByteBuffer buffer = ByteBuffer.wrap(encrypted, 1, encrypted.length - 1);
        byte[] id = new byte[ID_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        byte[] head = new byte[HEAD_BYTES];
        byte[] body = new byte[encrypted.length - HEAD_BYTES];
        buffer.get(id).get(nonce).get(body);
        System.arraycopy(encrypted, 0, head, 0, HEAD_BYTES);
        if (!java.util.Arrays.equals(id, keyId)) {
            throw new UndecipherableSecret("The stored secret was encrypted with the master key "
                    + HexFormat.of().formatHex(id) + ", but this console has "
                    + HexFormat.of().formatHex(keyId) + ".");
        }
        try {
            return new Secret(
                    new String(cipher(Cipher.DECRYPT_MODE, nonce, head).doFinal(body), StandardCharsets.UTF_8));
        } catch (AEADBadTagException changed) {
            throw new UndecipherableSecret("The stored secret has been changed since it was encrypted.");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java cannot do AES-256-GCM", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] head) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(head);
        return cipher;
    }

    /** A stored secret that cannot be read; enter it again, or bring back the key that it was encrypted with. */
    public static final class UndecipherableSecret extends RuntimeException {
        UndecipherableSecret(String message) {
            super(message + " Enter the secret again, or bring back the key.");
        }
    }
}
