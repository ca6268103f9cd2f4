package dev.rackhouse.database;

import dev.rackhouse.base.Secret;
import dev.rackhouse.base.StartRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL server that comes with the console: its data in {@code pg18} in the data directory, kept across restarts; durable
 * settings; on 127.0.0.1 only, no Unix socket, every connection with a password, from the first moment on (initdb gets the password,
 * so that there is no time with an open door). Runs as root too: PostgreSQL refuses root, so it then gets a user namespace in which
 * it is nobody.
 *
 * <p>After a {@code kill -9} of the console the server goes on alone; the next start finds it by its {@code postmaster.pid} and adopts
 * it. It is a daemon with a session of its own, so that Ctrl+C ends the console first and the database last.
 */
final class BundledPostgres implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BundledPostgres.class);
    private static final Duration START = Duration.ofSeconds(90);
    private static final String DATABASE = "rackhouse";

    private final Path dataDirectory;
    private final Path dataFolder;
    private final DataDirectoryLock lock;
    private final DatabaseAddress address;

    private BundledPostgres(Path dataDirectory, DataDirectoryLock lock, DatabaseAddress address) {
        this.dataDirectory = dataDirectory;
        this.dataFolder = dataFolder(dataDirectory);
        this.lock = lock;
        this.address = address;
    }

    /**
     * Starts the server, or adopts the one that an earlier console left running. Blocks until it answers: about 1 s, 4 s the first
     * time.
     *
     * @param port on 127.0.0.1; 0 takes a free one
     * @throws StartRefused when it cannot run here, or another console uses the data directory
     */
    static BundledPostgres start(Path dataDirectory, int port) {
        try {
            privateFolder(dataDirectory);
            DataDirectoryLock lock = DataDirectoryLock.take(dataDirectory);
            try {
                return new BundledPostgres(dataDirectory, lock, running(dataDirectory, port));
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StartRefused(
                    "The bundled PostgreSQL cannot use the data directory " + dataDirectory + " (" + e + ").",
                    "Make it writable for the user that runs the console, or name another one in RACKHOUSE_DATA_DIRECTORY.",
                    e);
        }
    }

    /** The server of a console that is running now, if there is one; does not start anything. */
    static Optional<DatabaseAddress> find(Path dataDirectory) {
        try {
            Optional<Postmaster> found = Postmaster.on(dataFolder(dataDirectory));
            return found.isEmpty()
                    ? Optional.empty()
                    : Optional.of(address(found.get().port(), Credentials.read(dataDirectory)));
        } catch (IOException e) {
            throw new StartRefused(
                    "The data directory " + dataDirectory + " cannot be read (" + e + ").",
                    "Run this as the user that runs the console.",
                    e);
        }
    }

    /** Whether a console has ever kept data there. */
    static boolean hasData(Path dataDirectory) {
        return Files.exists(dataFolder(dataDirectory).resolve("PG_VERSION"));
    }

    DatabaseAddress address() {
        return address;
    }

    /** Stops the server, at once for whoever is still connected. */
    @Override
    public void close() throws IOException {
        try {
            programs(dataDirectory)
                    .run(
                            "stop the bundled PostgreSQL",
                            "pg_ctl",
                            "-D",
                            dataFolder.toString(),
                            "stop",
                            "-m",
                            "fast",
                            "-w",
                            "-t",
                            "60");
        } catch (StartRefused e) {
            LOG.error("{} {}", e.reason(), e.remedy());
        } finally {
            lock.close();
        }
    }

    /** Lets go of the server without stopping it: what a {@code kill -9} does. For tests. */
    void abandon() throws IOException {
        lock.close();
    }

    private static DatabaseAddress running(Path dataDirectory, int port) throws IOException {
        Path dataFolder = dataFolder(dataDirectory);
        refuseOtherVersions(dataDirectory, dataFolder);
        PostgresPrograms programs = programs(dataDirectory);
        if (Files.notExists(dataFolder.resolve("PG_VERSION"))) {
            initialise(programs, dataDirectory, dataFolder);
        }
        Credentials credentials = Credentials.read(dataDirectory);
        Optional<Postmaster> orphan = Postmaster.on(dataFolder);
        if (orphan.isPresent()) {
            DatabaseAddress address = address(orphan.get().port(), credentials);
            if (answers(admin(address, credentials), dataFolder, Duration.ofSeconds(20))) {
                LOG.info(
                        "Adopted the PostgreSQL server (process {}) that an earlier console left running",
                        orphan.get().pid());
                prepare(address, credentials);
                return address;
            }
        }
        int chosen = port == 0 ? freePort() : port;
        begin(programs, dataDirectory, dataFolder, chosen);
        DatabaseAddress address = address(chosen, credentials);
        if (!answers(admin(address, credentials), dataFolder, START)) {
            throw new StartRefused(
                    "The bundled PostgreSQL started but does not answer on 127.0.0.1:" + chosen + ".",
                    "Its own words are in " + log(dataDirectory) + ".");
        }
        prepare(address, credentials);
        return address;
    }

    private static void initialise(PostgresPrograms programs, Path dataDirectory, Path dataFolder) throws IOException {
        if (Files.exists(dataFolder)) {
            throw new StartRefused(
                    dataFolder + " is there but holds no database; perhaps its first start was interrupted.",
                    "If it really holds nothing you need, delete that folder and start again.");
        }
        // initialised under another name first: what carries the right name is complete
        Path unfinished = dataDirectory.resolve("pg" + PostgresBinaries.MAJOR + "-unfinished");
        org.springframework.util.FileSystemUtils.deleteRecursively(unfinished);
        Credentials credentials = Credentials.create(dataDirectory);
        Path password = dataDirectory.resolve("initdb.password");
        Files.deleteIfExists(password);
        privateFile(password, credentials.admin().reveal() + "\n");
        try {
            programs.run(
                    "initialise the bundled PostgreSQL",
                    "initdb",
                    "-D",
                    unfinished.toString(),
                    "-U",
                    "postgres",
                    "-A",
                    "scram-sha-256",
                    "--pwfile",
                    password.toString(),
                    "-E",
                    "UTF-8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--data-checksums");
        } finally {
            Files.delete(password);
        }
        Files.writeString(
                unfinished.resolve("pg_hba.conf"),
                "# written by Rackhouse: this machine only, always with a password\nhost all all 127.0.0.1/32 scram-sha-256\n");
        Files.move(unfinished, dataFolder);
    }

    private static void begin(PostgresPrograms programs, Path dataDirectory, Path dataFolder, int port)
            throws IOException {
        Path log = log(dataDirectory);
        if (Files.exists(log) && Files.size(log) > 5_000_000) {
            Files.move(log, log.resolveSibling("postgres.log.1"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        if (Files.notExists(log)) {
            privateFile(log, "");
        }
        List<String> options = new ArrayList<>(List.of("-p", Integer.toString(port)));
        for (String setting : List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                "max_connections=60",
                "shared_buffers=64MB",
                "jit=off",
                "password_encryption=scram-sha-256",
                "log_checkpoints=off",
                "log_timezone=UTC",
                "timezone=UTC")) {
            options.addAll(List.of("-c", setting));
        }
        try {
            programs.run(
                    "start the bundled PostgreSQL",
                    "pg_ctl",
                    "-D",
                    dataFolder.toString(),
                    "-l",
                    log.toString(),
                    "-o",
                    String.join(" ", options),
                    "start",
                    "-w",
                    "-t",
                    Long.toString(START.toSeconds()));
        } catch (StartRefused e) {
            throw new StartRefused(e.reason(), tail(log) + e.remedy(), e);
        }
    }

    /** The console's own role and database: it does not work as superuser. */
    private static void prepare(DatabaseAddress address, Credentials credentials) {
        try (Connection admin = admin(address, credentials).connect();
                var statement = admin.createStatement()) {
            statement.execute("""
                    do $$ begin
                        if not exists (select from pg_roles where rolname = 'rackhouse') then
                            create role rackhouse login;
                        end if;
                    end $$""");
            // letters and digits only, made by us
            statement.execute(
                    "alter role rackhouse password '" + credentials.console().reveal() + "'");
            boolean there;
            try (var found = statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
                there = found.next();
            }
            if (!there) {
                statement.execute("create database " + DATABASE + " owner rackhouse");
            }
        } catch (SQLException e) {
            throw new StartRefused(
                    "The bundled PostgreSQL runs, but its database could not be prepared: " + e.getMessage(),
                    "If the folder was changed by hand, bring it back from a backup.",
                    e);
        }
    }

    private static boolean answers(DatabaseAddress admin, Path dataFolder, Duration within) throws IOException {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            try (Connection connection = admin.connect();
                    var statement = connection.createStatement();
                    var found = statement.executeQuery("show data_directory")) {
                return found.next() && Path.of(found.getString(1)).toRealPath().equals(dataFolder.toRealPath());
            } catch (SQLException e) {
                boolean notYet = e.getSQLState() == null
                        || e.getSQLState().startsWith("08")
                        || e.getSQLState().startsWith("57P");
                if (!notYet || System.nanoTime() > deadline) {
                    LOG.warn("The bundled PostgreSQL at {} refused: {}", admin.shown(), e.getMessage());
                    return false;
                }
                java.util.concurrent.locks.LockSupport.parkNanos(
                        Duration.ofMillis(100).toNanos());
            }
        }
    }

    private static void refuseOtherVersions(Path dataDirectory, Path dataFolder) throws IOException {
        if (Files.exists(dataFolder)) {
            return;
        }
        try (Stream<Path> entries = Files.list(dataDirectory)) {
            Optional<Path> other = entries.filter(
                            p -> String.valueOf(p.getFileName()).matches("pg\\d+"))
                    .findFirst();
            if (other.isPresent()) {
                throw new StartRefused(
                        other.get() + " was made by another major version of PostgreSQL; this console brings version "
                                + PostgresBinaries.MAJOR + ".",
                        "Make a backup with the Rackhouse that wrote it, then start this one with a new data directory and restore the backup there.");
            }
        }
    }

    private static PostgresPrograms programs(Path dataDirectory) throws IOException {
        return new PostgresPrograms(PostgresBinaries.in(dataDirectory), dataDirectory);
    }

    private static DatabaseAddress address(int port, Credentials credentials) {
        return new DatabaseAddress(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE, "rackhouse", credentials.console());
    }

    private static DatabaseAddress admin(DatabaseAddress address, Credentials credentials) {
        return new DatabaseAddress(address.url().replace("/" + DATABASE, "/postgres"), "postgres", credentials.admin());
    }

    private static Path dataFolder(Path dataDirectory) {
        return dataDirectory.resolve("pg" + PostgresBinaries.MAJOR);
    }

    private static Path log(Path dataDirectory) {
        return dataDirectory.resolve("postgres.log");
    }

    private static String tail(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        List<String> last = lines.subList(Math.max(0, lines.size() - 3), lines.size());
        return last.isEmpty() ? "" : "Its own last words: " + String.join(" / ", last) + ". ";
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void privateFolder(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static void privateFile(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text, StandardCharsets.US_ASCII, StandardOpenOption.SYNC);
    }

    /** The passwords of the server's superuser and of the console, in a file that only its owner may read. */
    private record Credentials(Secret admin, Secret console) {

        static Credentials create(Path dataDirectory) throws IOException {
            Path file = file(dataDirectory);
            Files.deleteIfExists(file);
            Credentials fresh = new Credentials(random(), random());
            privateFile(file, fresh.admin.reveal() + "\n" + fresh.console.reveal() + "\n");
            return fresh;
        }

        static Credentials read(Path dataDirectory) throws IOException {
            Path file = file(dataDirectory);
            List<String> lines = Files.notExists(file) ? List.of() : Files.readAllLines(file);
            if (lines.size() < 2) {
                throw new StartRefused(
                        "The password of the bundled PostgreSQL is missing: " + file + ".",
                        "Bring the file back from a copy of the data directory.");
            }
            return new Credentials(
                    new Secret(lines.get(0).strip()), new Secret(lines.get(1).strip()));
        }

        private static Path file(Path dataDirectory) {
            return dataDirectory.resolve("postgres.password");
        }

        private static Secret random() {
            byte[] bytes = new byte[24];
            new SecureRandom().nextBytes(bytes);
            return new Secret(HexFormat.of().formatHex(bytes));
        }
    }
}
