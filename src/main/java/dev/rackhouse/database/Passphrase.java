package dev.rackhouse.database;

import dev.rackhouse.access.MasterKey;
import dev.rackhouse.base.Secret;
import dev.rackhouse.base.StartRefused;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** Closes the master key for a backup: PBKDF2 (OWASP's count for HMAC-SHA-256 of 2023), then AES-256-GCM. */
final class Passphrase {

    private static final String DERIVATION = "PBKDF2WithHmacSHA256";
    private static final int ITERATIONS = 600_000;

    private Passphrase() {}

    static BackupManifest.Sealed seal(MasterKey key, Secret passphrase) {
        byte[] salt = random(16);
        byte[] nonce = random(12);
        try {
            byte[] text = cipher(Cipher.ENCRYPT_MODE, passphrase, salt, ITERATIONS, nonce)
                    .doFinal(key.reveal().getBytes(StandardCharsets.US_ASCII));
            return new BackupManifest.Sealed(DERIVATION, ITERATIONS, base64(salt), base64(nonce), base64(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static MasterKey open(BackupManifest.Sealed sealed, Secret passphrase) {
        if (!sealed.derivation().equals(DERIVATION) || sealed.iterations() < 1 || sealed.iterations() > 10_000_000) {
            throw new StartRefused(
                    "The master key in this backup is encrypted in a way that this version does not know.",
                    "Restore it with the version that made it.");
        }
        Base64.Decoder decoder = Base64.getDecoder();
        try {
            byte[] text = cipher(
                            Cipher.DECRYPT_MODE,
                            passphrase,
                            decoder.decode(sealed.salt()),
                            sealed.iterations(),
                            decoder.decode(sealed.nonce()))
                    .doFinal(decoder.decode(sealed.text()));
            return MasterKey.parse(new String(text, StandardCharsets.US_ASCII));
        } catch (AEADBadTagException e) {
            throw new StartRefused(
                    "The passphrase does not open the master key in this backup.",
                    "Give the one that the backup was made with in RACKHOUSE_BACKUP_PASSPHRASE.",
                    e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Cipher cipher(int mode, Secret passphrase, byte[] salt, int iterations, byte[] nonce)
            throws GeneralSecurityException {
        var spec = new PBEKeySpec(passphrase.reveal().toCharArray(), salt, iterations, 256);
        byte[] key =
                SecretKeyFactory.getInstance(DERIVATION).generateSecret(spec).getEncoded();
        spec.clearPassword();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        return cipher;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
