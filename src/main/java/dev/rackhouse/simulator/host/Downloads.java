package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * {@code wget} and {@code curl} of a pretend machine, which has no way out: addresses on loopback are really asked, any other name is
 * not resolved.
 */
final class Downloads {
    private Downloads() {}

    static Answer run(HostTree tree, String program, List<String> words) {
        boolean curl = program.equals("curl");
        String output = "";
        String url = "";
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (List.of("-o", "-O", "--output", "--output-document").contains(word) && i + 1 < words.size()) {
                output = words.get(++i);
            } else if (List.of("--retry", "--connect-timeout", "-T", "-t").contains(word)) {
                i++;
            } else if (!word.startsWith("-")) {
                url = word;
            }
        }
        URI address;
        try {
            address = URI.create(url);
        } catch (IllegalArgumentException wrong) {
            return Answer.failed(curl ? 3 : 1, program + ": bad address\n");
        }
        String host = String.valueOf(address.getHost());
        if (!List.of("127.0.0.1", "localhost").contains(host)) {
            return curl
                    ? Answer.failed(6, "curl: (6) Could not resolve host: " + host + "\n")
                    : Answer.failed(4, "wget: unable to resolve host address '" + host + "'\n");
        }
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
            HttpResponse<byte[]> response = client.send(
                    HttpRequest.newBuilder(address)
                            .timeout(Duration.ofMinutes(5))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                return curl
                        ? Answer.failed(
                                22, "curl: (22) The requested URL returned error: " + response.statusCode() + "\n")
                        : Answer.failed(8, url + ":\nERROR " + response.statusCode() + ".\n");
            }
            if (output.isEmpty() || output.equals("-")) {
                return Answer.ok(new String(response.body(), java.nio.charset.StandardCharsets.UTF_8));
            }
            String prefix = tree.root().toString();
            tree.write(output.startsWith(prefix + "/") ? output.substring(prefix.length()) : output, response.body());
            return Answer.ok("");
        } catch (IOException refused) {
            return Answer.failed(curl ? 7 : 4, program + ": cannot connect to " + address.getAuthority() + "\n");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Answer.failed(130, "");
        }
    }

    /** Size of the disk in an image file; negative when there is no such file. */
    static long imageBytes(HostTree tree, String path) {
        Path file = tree.at(path);
        if (!Files.isRegularFile(file)) {
            return -1;
        }
        try {
            byte[] head = Files.readAllBytes(file);
            boolean qcow = head.length >= 32 && head[0] == 'Q' && head[1] == 'F' && head[2] == 'I';
            return qcow ? ByteBuffer.wrap(head).getLong(24) : head.length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
