package dev.rackhouse.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The server that runs on a data folder, as {@code postmaster.pid} there tells (lines: pid, folder, start time, port, ...; the
 * PostgreSQL manual, "Database File Layout"). The file stays behind after a crash, so the process is looked up too.
 */
record Postmaster(long pid, int port) {

    static Optional<Postmaster> on(Path dataFolder) throws IOException {
        Path file = dataFolder.resolve("postmaster.pid");
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.size() < 4
                || !lines.get(0).strip().matches("\\d+")
                || !lines.get(3).strip().matches("\\d+")) {
            return Optional.empty();
        }
        long pid = Long.parseLong(lines.get(0).strip());
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()
                ? Optional.of(new Postmaster(pid, Integer.parseInt(lines.get(3).strip())))
                : Optional.empty();
    }
}
