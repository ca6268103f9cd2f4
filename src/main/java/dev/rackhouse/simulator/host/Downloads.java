package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import dev.rackhouse.simulator.serving.Computer;
import dev.rackhouse.simulator.serving.ModelHub;
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
 * {@code wget} and {@code curl} of a pretend machine, which has no way out: addresses on loopback are really asked, the hub of models is
 * pretended, any other name is not resolved.
 */
final class Downloads {
    private Downloads() {}

    static Answer run(HostTree tree, Computer computer, String program, List<String> words) {
        boolean curl = program.equals("curl");
        String output = "";
        String url = "";
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (List.of("-o", "-O", "--output", "--output-document").contains(word) && i + 1 < words.size()) {
                output = words.get(++i);
            } else if (List.of("--retry", "--retry-delay", "--connect-timeout", "-C", "-T", "-t")
                    .contains(word)) {
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
        if (curl && host.equals(ModelHub.HOST)) {
            return fromHub(tree, computer, address.getPath(), output);
        }
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
            tree.write(inside(tree, output), response.body());
            return Answer.ok("");
        } catch (IOException refused) {
            return Answer.failed(curl ? 7 : 4, program + ": cannot connect to " + address.getAuthority() + "\n");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Answer.failed(130, "");
        }
    }

    private static Answer fromHub(HostTree tree, Computer computer, String path, String output) {
        try {
            ModelHub.Loaded file = ModelHub.load(computer, path);
            return switch (file.status()) {
                case 200 -> {
                    tree.write(inside(tree, output), file.content());
                    yield Answer.ok("");
                }
                case 0 -> Answer.failed(6, "curl: (6) Could not resolve host: " + ModelHub.HOST + "\n");
                case 507 -> Answer.failed(23, "curl: (23) Failure writing output to destination\n");
                default -> Answer.failed(22, "curl: (22) The requested URL returned error: " + file.status() + "\n");
            };
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Answer.failed(130, "");
        }
    }

    private static String inside(HostTree tree, String path) {
        String prefix = tree.root().toString();
        return path.startsWith(prefix + "/") ? path.substring(prefix.length()) : path;
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
