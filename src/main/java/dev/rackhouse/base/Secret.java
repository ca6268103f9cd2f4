package dev.rackhouse.base;

/**
 * A text that must never be shown: passwords, token secrets, private keys. Prints as dots; {@link #reveal()} is called only where
 * the text leaves for the machine it belongs to, or is encrypted.
 */
public final class Secret {

    private final String text;

    public Secret(String text) {
        this.text = text;
    }

    public String reveal() {
        return text;
    }

    public boolean isBlank() {
        return text.isBlank();
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof Secret secret
                && java.security.MessageDigest.isEqual(
                        text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        secret.text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "••••••";
    }
}
