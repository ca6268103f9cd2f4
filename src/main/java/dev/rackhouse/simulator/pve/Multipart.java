package dev.rackhouse.simulator.pve;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Fields of an upload; the file itself is only measured. */
final class Multipart {
    private Multipart() {}

    /** Text fields by name, {@code filename} for the file part, {@code :size} for its length in bytes. */
    static Map<String, Object> fields(String contentType, byte[] body) {
        Map<String, Object> fields = new LinkedHashMap<>();
        int at = contentType.indexOf("boundary=");
        if (at < 0) {
            return fields;
        }
        String boundary = contentType.substring(at + 9).replaceFirst(";.*", "").replace("\"", "");
        String text = new String(body, StandardCharsets.ISO_8859_1);
        for (String part : text.split("--" + java.util.regex.Pattern.quote(boundary))) {
            int blank = part.indexOf("\r\n\r\n");
            if (blank < 0) {
                continue;
            }
            String head = part.substring(0, blank);
            String value = part.substring(blank + 4);
            value = value.endsWith("\r\n") ? value.substring(0, value.length() - 2) : value;
            String name = quoted(head, "name=\"");
            String file = quoted(head, "filename=\"");
            if (!file.isEmpty()) {
                fields.put("filename", file);
                fields.put(":size", Integer.toString(value.length()));
            } else if (!name.isEmpty()) {
                fields.put(name, new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
            }
        }
        return fields;
    }

    private static String quoted(String head, String key) {
        int at = 0;
        while ((at = head.indexOf(key, at)) >= 0) {
            if (at == 0 || " ;".indexOf(head.charAt(at - 1)) >= 0) {
                int end = head.indexOf('"', at + key.length());
                return end < 0 ? "" : head.substring(at + key.length(), end);
            }
            at++;
        }
        return "";
    }
}
