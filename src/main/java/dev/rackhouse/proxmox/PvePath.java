package dev.rackhouse.proxmox;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Paths and forms as the server reads them: everything that could split or end a value is percent-encoded. */
public final class PvePath {

    private PvePath() {}

    /** {@code /nodes/caraxes/storage/local/content/local%3Aiso%2Fx.iso}: each part is encoded, so it may hold anything. */
    public static String of(Object... segments) {
        StringBuilder path = new StringBuilder();
        for (Object segment : segments) {
            path.append('/').append(segment(String.valueOf(segment)));
        }
        return path.toString();
    }

    /** One part of a path. Unreserved characters, {@code @ ! : } stay readable except where they would be ambiguous. */
    static String segment(String text) {
        return encode(text).replace("%40", "@").replace("%21", "!").replace("%3A", ":");
    }

    /**
     * A form or query string. A key with several values is repeated, which the server reads as a list; the order is kept. The
     * server's parser splits at {@code &} and {@code ;} and drops what follows a second {@code =}, so all are encoded (pve-api
     * notes, section 1).
     */
    public static String form(Map<String, ? extends List<String>> parameters) {
        StringBuilder form = new StringBuilder();
        parameters.forEach((key, values) -> {
            for (String value : values) {
                form.append(form.isEmpty() ? "" : "&")
                        .append(encode(key))
                        .append('=')
                        .append(encode(value));
            }
        });
        return form.toString();
    }

    /** A path that came as text: what is not allowed in a URL is encoded, escapes and slashes stay. */
    static String escaped(String path) {
        StringBuilder escaped = new StringBuilder(path.length() + 8);
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || "-._~!$'()*,:@/%".indexOf(c) >= 0;
            if (plain) {
                escaped.append(c);
            } else {
                escaped.append('%').append("%02X".formatted((int) c));
            }
        }
        return escaped.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }
}
