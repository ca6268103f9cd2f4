package dev.rackhouse.runbook;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Makes texts from machines fit to be kept and shown: secrets become dots, control characters go, length is bounded. Hostile text
 * stays text: it is escaped where it is shown, never interpreted.
 */
final class Redaction {

    static final int EVIDENCE_LIMIT = 16 * 1024;
    static final int LINE_LIMIT = 2000;
    private static final String DOTS = "••••••";

    private static final List<Pattern> SECRETS = List.of(
            Pattern.compile("(PVEAPIToken=[^=\\s]{1,200}=)\\S+"),
            Pattern.compile("(PVEAuthCookie=)\\S+"),
            Pattern.compile(
                    "(?i)(\"(?:[a-z_-]*password|secret|ticket|csrfpreventiontoken|privatekey)\"\\s*:\\s*\")[^\"]*"),
            Pattern.compile("(?i)(\\b(?:[a-z_-]*password|cipassword|secret)=)[^\\s,&;]+"),
            Pattern.compile("(?i)(Authorization:\\s*\\S+\\s+)\\S+"),
            Pattern.compile("(?s)(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(?=-----END|\\z)"));

    private final List<String> known;

    /** @param known secrets of this run, replaced wherever they appear; shorter than four characters are not */
    Redaction(Collection<String> known) {
        this.known = known.stream().filter(secret -> secret.length() >= 4).toList();
    }

    /** For evidence: bounded, several lines. */
    String evidence(String text) {
        String clean = clean(secretless(text));
        return clean.length() > EVIDENCE_LIMIT
                ? clean.substring(0, EVIDENCE_LIMIT) + "\n[cut: " + (clean.length() - EVIDENCE_LIMIT)
                        + " characters more]"
                : clean;
    }

    /** For the log and for reasons: one line. */
    String line(String text) {
        String line = oneLine(secretless(text));
        return line.length() > LINE_LIMIT ? line.substring(0, LINE_LIMIT) + "..." : line;
    }

    String secretless(String text) {
        String result = text;
        for (String secret : known) {
            result = result.replace(secret, DOTS);
        }
        for (Pattern pattern : SECRETS) {
            result = pattern.matcher(result).replaceAll("$1" + DOTS);
        }
        return result;
    }

    static String oneLine(String text) {
        return clean(text).replaceAll("\\s+", " ").strip();
    }

    /** Without what moves cursors, reorders text or breaks PostgreSQL (NUL); line ends and tabs stay. */
    private static String clean(String text) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), 4 * EVIDENCE_LIMIT));
        text.codePoints().forEach(c -> {
            if (c == '\n' || c == '\t') {
                clean.appendCodePoint(c);
            } else if (Character.isISOControl(c) && c != '\r' || isReordering(c) || c >= 0xD800 && c <= 0xDFFF) {
                clean.append('\uFFFD');
            } else if (c != '\r') {
                clean.appendCodePoint(c);
            }
        });
        return clean.toString();
    }

    private static boolean isReordering(int c) {
        return c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069 || c == 0x200E || c == 0x200F;
    }
}
