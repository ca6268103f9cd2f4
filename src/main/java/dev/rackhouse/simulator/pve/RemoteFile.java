package dev.rackhouse.simulator.pve;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A file that a node downloads. Loopback addresses are really asked; everything else is pretended, because a pretend lab
 * has no way out: telling names ({@code 404}, {@code nosuch}) are not found, others have a size that belongs to their URL.
 *
 * @param status HTTP status of the server
 * @param size length in bytes
 * @param content what was loaded; empty when it is only pretended or only asked for
 */
record RemoteFile(int status, String reason, long size, String type, byte[] content) {

    /** Size and type without loading. */
    static RemoteFile head(String url) throws InterruptedException {
        return real(url) ? ask(url, "HEAD") : pretended(url);
    }

    static RemoteFile load(String url) throws InterruptedException {
        return real(url) ? ask(url, "GET") : pretended(url);
    }

    private static boolean real(String url) {
        try {
            String host = URI.create(url).getHost();
            return host != null && List.of("127.0.0.1", "localhost", "[::1]").contains(host);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static RemoteFile pretended(String url) {
        boolean missing = url.contains("404") || url.contains("nosuch");
        return new RemoteFile(
                missing ? 404 : 200,
                missing ? "Not Found" : "OK",
                600_000_000L + Math.abs((long) url.hashCode()) % 400_000_000L,
                url.endsWith(".iso") ? "application/x-iso9660-image" : "application/octet-stream",
                new byte[0]);
    }

    private static RemoteFile ask(String url, String method) throws InterruptedException {
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(5))
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            HttpResponse<byte[]> response = client.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .timeout(Duration.ofMinutes(5))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            byte[] body = response.body();
            return new RemoteFile(
                    response.statusCode(),
                    response.statusCode() == 404 ? "Not Found" : "Error",
                    response.headers().firstValueAsLong("Content-Length").orElse(body.length),
                    response.headers().firstValue("Content-Type").orElse("application/octet-stream"),
                    body);
        } catch (IOException e) {
            return new RemoteFile(599, "Can't connect to " + URI.create(url).getAuthority(), 0, "", new byte[0]);
        }
    }

    boolean found() {
        return status >= 200 && status < 300;
    }

    /** Checksum in lower case; algorithm as in the API ({@code sha256}). Of a pretended file it is the one asked for. */
    String checksum(String algorithm, String asked) {
        if (content.length == 0) {
            return asked.startsWith("0000") ? "f".repeat(asked.length()) : asked.toLowerCase(Locale.ROOT);
        }
        String name = algorithm.equals("md5")
                ? "MD5"
                : algorithm.toUpperCase(Locale.ROOT).replaceFirst("SHA", "SHA-");
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(name).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw ApiError.died("unknown checksum algorithm '" + algorithm + "'");
        }
    }

    /** Size of the disk inside a qcow2 file, 0 when the file tells none. */
    long virtualSize() {
        boolean qcow = content.length >= 32 && content[0] == 'Q' && content[1] == 'F' && content[2] == 'I';
        return qcow ? ByteBuffer.wrap(content).getLong(24) : 0;
    }
}
