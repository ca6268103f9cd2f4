package dev.rackhouse.proxmox;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The value of {@code sshkeys}: public keys, percent-encoded inside the value, one per line. A form encodes it once more, as every
 * value.
 */
public final class CloudInitKeys {

    private CloudInitKeys() {}

    public static String encode(List<String> publicKeys) {
        String lines = String.join("\n", publicKeys.stream().map(String::strip).toList());
        return URLEncoder.encode(lines, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public static List<String> decode(String value) {
        return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
