package dev.rackhouse.simulator.pve;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Makes and checks tickets and their CSRF tokens; both are signed with a key of this process. */
final class Tickets {
    private static final Pattern TICKET = Pattern.compile("PVE:([^:\\s]+):([0-9A-F]{8})::(.+)");
    private static final long LIFETIME = 7200;
    private static final long SKEW = 300;

    private final byte[] key = new byte[32];

    Tickets() {
        new SecureRandom().nextBytes(key);
    }

    String ticket(String user, long now) {
        String head = String.format("PVE:%s:%08X", user, now);
        return head + "::" + sign(head);
    }

    /** The user of a valid ticket, else null. */
    @Nullable
    String user(String ticket, long now) {
        Matcher m = TICKET.matcher(ticket);
        if (!m.matches() || !sign("PVE:" + m.group(1) + ":" + m.group(2)).equals(m.group(3))) {
            return null;
        }
        long age = now - Long.parseLong(m.group(2), 16);
        return age < -SKEW || age > LIFETIME ? null : m.group(1);
    }

    String csrf(String user, long now) {
        String time = String.format("%08X", now);
        return time + ":" + sign("csrf " + time + user);
    }

    boolean csrfFits(@Nullable String token, String user, long now) {
        if (token == null || token.indexOf(':') != 8) {
            return false;
        }
        String time = token.substring(0, 8);
        if (!time.matches("[0-9A-F]{8}")) {
            return false;
        }
        long age = now - Long.parseLong(time, 16);
        return age >= -SKEW && age <= LIFETIME && token.substring(9).equals(sign("csrf " + time + user));
    }

    private String sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
