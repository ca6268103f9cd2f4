package dev.rackhouse.database;

import dev.rackhouse.base.StartRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code initdb} and {@code pg_ctl}: as root inside a user namespace, since PostgreSQL refuses to run as root. */
final class PostgresPrograms {

    private final Path home;
    private final Path dataDirectory;

    PostgresPrograms(Path home, Path dataDirectory) {
        this.home = home;
        this.dataDirectory = dataDirectory;
    }

    /**
     * @param doing after "could not": {@code start the bundled PostgreSQL}
     * @throws StartRefused with what the program said, when it fails or takes longer than two minutes
     */
    void run(String doing, String program, String... arguments) throws IOException {
        boolean root = isRoot();
        List<String> command = new ArrayList<>();
        if (root) {
            command.addAll(List.of("unshare", "--user"));
        }
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        // into a file, not a pipe: the server would inherit the pipe and keep it open
        Path output = Files.createTempFile(dataDirectory, program, ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(dataDirectory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .redirectInput(new java.io.File("/dev/null"));
            builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
            builder.environment().put("LC_ALL", "C");
            Process process = start(builder, root);
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw failed(doing, program + " did not end within two minutes", root, output);
            }
            if (process.exitValue() != 0) {
                throw failed(doing, program + " ended with exit code " + process.exitValue(), root, output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefused("Interrupted while trying to " + doing + ".", "Start again.", e);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static Process start(ProcessBuilder builder, boolean root) throws IOException {
        try {
            return builder.start();
        } catch (IOException e) {
            if (!root) {
                throw e;
            }
            throw new StartRefused(
                    "PostgreSQL does not run as root, and the program unshare, which would help, is not there.",
                    AS_ROOT,
                    e);
        }
    }

    private static StartRefused failed(String doing, String what, boolean root, Path output) throws IOException {
        String said = Files.readString(output, StandardCharsets.UTF_8).strip();
        if (root && said.contains("unshare")) {
            return new StartRefused(
                    "PostgreSQL does not run as root, and this system forbids user namespaces (" + said + ").",
                    AS_ROOT);
        }
        String last = said.length() > 600 ? "… " + said.substring(said.length() - 600) : said;
        return new StartRefused(
                "Could not " + doing + ": " + what + (last.isEmpty() ? "." : ": " + last),
                "If the cause is not plain from this, name a PostgreSQL database in RACKHOUSE_DATABASE_URL instead.");
    }

    private static final String AS_ROOT =
            "Run the console as an ordinary user, or name a PostgreSQL database in RACKHOUSE_DATABASE_URL.";

    private static boolean isRoot() throws IOException {
        Path self = Path.of("/proc/self");
        return Files.exists(self)
                ? Integer.valueOf(0).equals(Files.getAttribute(self, "unix:uid"))
                : "root".equals(System.getProperty("user.name"));
    }
}
