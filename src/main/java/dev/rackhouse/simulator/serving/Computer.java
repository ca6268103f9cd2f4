package dev.rackhouse.simulator.serving;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What programs that serve models need of the pretend computer that they run on. Safe for many threads. */
public interface Computer {
    /** What the computer calls itself. */
    String name();

    /** How fast time passes there. */
    Tempo tempo();

    /** Its cards and who uses them. */
    GpuRack gpus();

    /** Who listens on which port. */
    Ports ports();

    /** Content of a file without its last line end. */
    Optional<String> read(String path);

    void write(String path, String text);

    /** Removes a file, or a folder with all in it; nothing there is fine. */
    void delete(String path);

    /** Names in a folder, sorted; none when there is no such folder. */
    List<String> names(String folder);

    /** Whether nothing outside the lab can be reached. */
    boolean noNetwork();

    /** Whether the disk is full. */
    boolean noSpace();

    /** Bytes of main memory. */
    long memoryBytes();

    /** Who holds much of it. */
    MainMemory memory();

    int cpus();

    /** Where something that listens in the lab really is, as seen from this computer; null: nothing answers. */
    @Nullable
    InetSocketAddress reach(String host, int port);
}
