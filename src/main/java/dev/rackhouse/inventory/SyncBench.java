package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.Seen;
import dev.rackhouse.inventory.FactStore.Outcome;
import dev.rackhouse.inventory.Rows.GuestRow;
import dev.rackhouse.inventory.Rows.NodeRow;
import dev.rackhouse.inventory.Rows.StorageRow;
import dev.rackhouse.proxmox.PveCluster;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * {@code bench sync [GUESTS]}: how long it takes to bring the inventory up to date with a cluster where nothing changed, against the
 * time of fetching and parsing alone, and how many rows are written. Starts the pretend labs as a process of its own and the console
 * without its collectors in this one. Budget: at most twice the time, no fact row written.
 */
public final class SyncBench {

    private static final int WARM_UP = 8;
    private static final int ROUNDS = 15;

    private SyncBench() {}

    /** @param arguments how many guests; 5,000 if not said */
    public static void main(String[] arguments) throws Exception {
        int guests = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5000;
        Path folder = Files.createTempDirectory("rackhouse-bench-sync");
        Process labs = pretendLabs(folder.resolve("labs"), guests);
        int exit = 1;
        try (ConfigurableApplicationContext console = console(folder)) {
            exit = measure(console) ? 0 : 2;
        } finally {
            labs.destroy();
        }
        System.exit(exit);
    }

    private static Process pretendLabs(Path folder, int guests) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.rackhouse.simulator.SimulatorMain",
                        "--nodes",
                        "32",
                        "--guests",
                        Integer.toString(guests),
                        "--dir",
                        folder.toString(),
                        "--port-base",
                        "0",
                        "--with-parent")
                .redirectErrorStream(true)
                .start();
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        while (line != null && !line.startsWith("READY ")) {
            line = output.readLine();
        }
        if (line == null) {
            throw new IllegalStateException("The pretend labs did not start.");
        }
        Thread.ofVirtual().start(() -> drain(output));
        return process;
    }

    private static void drain(BufferedReader output) {
        try {
            while (output.readLine() != null) {
                // only so that the other side can go on writing
            }
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static ConfigurableApplicationContext console(Path folder) throws ClassNotFoundException {
        return new SpringApplicationBuilder(Class.forName("dev.rackhouse.Rackhouse"))
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "vaadin.productionMode=true",
                        "logging.level.root=warn",
                        "rackhouse.data-directory=" + folder.resolve("data"),
                        "rackhouse.labs.file=" + folder.resolve("labs").resolve("labs.yaml"),
                        "rackhouse.inventory.collect=false",
                        "rackhouse.sign-in.issuer=http://127.0.0.1:1",
                        "rackhouse.sign-in.client-id=bench",
                        "rackhouse.sign-in.client-secret=bench")
                .run();
    }

    private static boolean measure(ConfigurableApplicationContext console) {
        Connections connections = console.getBean(Connections.class);
        FactStore facts = console.getBean(FactStore.class);
        Clock clock = Clock.systemUTC();
        LabId lab = connections.labs().stream()
                .filter(Connections.Connected::proxmox)
                .findFirst()
                .orElseThrow()
                .id();
        PveCluster cluster = connections.proxmox(lab).cluster();
        int things = 0;
        for (int i = 0; i < WARM_UP; i++) {
            ClusterResources all = ClusterResources.of(cluster.resources());
            things = all.guests().size();
            sync(facts, lab, all, clock);
        }
        var alone = new long[ROUNDS];
        var whole = new long[ROUNDS];
        Outcome written = Outcome.NOTHING;
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            cluster.resources();
            alone[i] = System.nanoTime() - start;
            start = System.nanoTime();
            written = written.plus(sync(facts, lab, ClusterResources.of(cluster.resources()), clock));
            whole[i] = System.nanoTime() - start;
        }
        double fetch = median(alone);
        double all = median(whole);
        boolean met = all <= 2 * fetch && written.written() == 0;
        System.out.printf(
                "sync of %d guests, nothing changed, median of %d: fetch and parse %.1f ms, with sync %.1f ms, ratio %.2f (budget 2.00)%n",
                things, ROUNDS, fetch, all, all / fetch);
        System.out.printf(
                "fact rows written: %d (budget 0), changes told: %d%nbudget %s%n",
                written.written(), written.changes(), met ? "met" : "not met");
        return met;
    }

    private static Outcome sync(FactStore facts, LabId lab, ClusterResources all, Clock clock) {
        Seen seen = new Seen(Words.API, clock.instant());
        List<NodeRow> nodes = all.nodes();
        return facts.sync(NodeRow.KIND, lab, null, nodes, seen)
                .plus(facts.sync(GuestRow.KIND, lab, null, all.guests(), seen))
                .plus(facts.sync(StorageRow.KIND, lab, null, all.storages(), seen));
    }

    private static double median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length / 2] / 1e6;
    }
}
