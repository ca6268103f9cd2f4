package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.LabSeed;
import dev.rackhouse.simulator.world.LabSeed.GuestSeed;
import dev.rackhouse.simulator.world.LabSeed.NodeSeed;
import dev.rackhouse.simulator.world.LabSeed.StorageSeed;
import dev.rackhouse.simulator.world.Machine;
import dev.rackhouse.simulator.world.MemoryMachine;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * A pretend Proxmox VE lab on loopback: one HTTPS port for each node of its cluster and one plain port for its control
 * interface. All methods may be called from any thread. Closing ends all connections and tasks.
 */
public final class PveSimulator implements AutoCloseable {
    /** What belongs to one life of the world; a reset makes a new one. */
    private record Core(World world, Engine engine, Exchange exchange) {}

    private final LabSeed seed;
    private final PveSettings settings;
    private final Certificates certificates;
    private final Counters counters = new Counters();
    private final Faults faults = new Faults();
    private final Map<String, NodeListener> listeners = new LinkedHashMap<>();
    private final ControlServer control;
    private volatile Map<String, Machine> machines;
    private volatile Core core;
    private volatile Supplier<Map<String, Machine>> fresh;

    private PveSimulator(LabSeed seed, Map<String, Machine> machines, PveSettings settings) throws IOException {
        this.seed = seed;
        this.settings = settings;
        this.machines = Map.copyOf(machines);
        this.fresh = () -> memoryMachines(seed);
        this.certificates = new Certificates(seed.name(), settings.keys());
        this.core = core(seed, this.machines, settings, counters, faults);
        int index = 0;
        for (Node node : core.world().nodes.values()) {
            var tls = certificates.tls(node.name(), node.seed.ip());
            int port = index < settings.ports().size() ? settings.ports().get(index) : 0;
            listeners.put(node.name(), new NodeListener(node.name(), tls, this::respond, port, node.online));
            index++;
        }
        certificates.save();
        attach(core.world());
        control = new ControlServer(this, settings.controlPort());
    }

    /**
     * Starts a lab.
     *
     * @param machines by node name, one for each node of the seed
     * @throws IOException when a port cannot be had
     */
    public static PveSimulator start(LabSeed seed, Map<String, Machine> machines, PveSettings settings)
            throws IOException {
        return new PveSimulator(seed, machines, settings);
    }

    /** Machines without files for all nodes of a seed. */
    public static Map<String, Machine> memoryMachines(LabSeed seed) {
        Map<String, Machine> made = new LinkedHashMap<>();
        for (NodeSeed node : seed.nodes()) {
            made.put(node.name(), new MemoryMachine(node, seed.guests()));
        }
        return made;
    }

    private static Core core(
            LabSeed seed, Map<String, Machine> machines, PveSettings settings, Counters counters, Faults faults) {
        World world = new World(seed, machines, settings.speed());
        Engine engine = new Engine(world, settings.requireCsrf());
        return new Core(world, engine, new Exchange(engine, world, counters, faults, settings.unauthorizedDelay()));
    }

    private void attach(World world) {
        for (Node node : world.nodes.values()) {
            node.fingerprint = certificates.fingerprint(node.name());
            node.certificate = certificates.pem(node.name());
        }
        world.powerWatcher = node -> {
            NodeListener listener = listeners.get(node.name());
            if (listener != null) {
                try {
                    listener.power(node.online);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException("Port of node " + node.name(), e);
                }
            }
        };
    }

    private @Nullable ClassicHttpResponse respond(String node, ClassicHttpRequest request) throws IOException {
        Core now = core;
        return now.exchange().handle(now.world().node(node), request);
    }

    /** Addresses and fingerprints of all nodes, in the order of the seed. */
    public List<NodeEndpoint> nodes() {
        List<NodeEndpoint> endpoints = new ArrayList<>();
        listeners.forEach((name, listener) -> endpoints.add(new NodeEndpoint(
                name, URI.create("https://127.0.0.1:" + listener.port()), certificates.fingerprint(name))));
        return endpoints;
    }

    /** Certificate of the cluster's own authority. */
    public String authorityPem() {
        return certificates.authorityPem();
    }

    /** Plain HTTP address of the control interface, {@code http://127.0.0.1:PORT}. */
    public URI control() {
        return control.uri();
    }

    /** The seed this lab began with. */
    public LabSeed seed() {
        return seed;
    }

    /**
     * Makes a call on a node as root@pam, without network and sign-in: what {@code pvesh} and {@code qm} do.
     *
     * @param path after {@code /api2/json}, {@code /nodes/thor/qemu/110/config}
     */
    public LocalAnswer local(String node, String method, String path, Map<String, List<String>> parameters) {
        Core now = core;
        Map<String, Object> params = new LinkedHashMap<>();
        parameters.forEach((name, values) -> params.put(name, values.size() == 1 ? values.getFirst() : values));
        try {
            Object data = now.engine()
                    .answer(
                            now.world().node(node),
                            new Engine.Request(method, path, params, null, null, null, null, Caller.ROOT));
            return new LocalAnswer(200, data instanceof Handler.Extra extra ? extra.data() : data, "", Map.of());
        } catch (ApiError e) {
            return new LocalAnswer(e.status(), null, e.text(), e.errors());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new LocalAnswer(599, null, "interrupted", Map.of());
        }
    }

    /** The machine of a node lost its power or was rebooted from inside: guests end, the port closes. */
    public void nodeWentDown(String node) {
        NodePower.down(world(), world().node(node));
    }

    /** The machine is there again: the port opens, guests with onboot start. */
    public void nodeCameUp(String node) {
        NodePower.up(world(), world().node(node));
    }

    /** Whether the node is switched on. */
    public boolean isUp(String node) {
        return world().node(node).online;
    }

    /** Everything as in the seed again, on these machines; counters and faults are cleared. */
    public void reset(Map<String, Machine> freshMachines) {
        Core old = core;
        old.world().nodes.keySet().forEach(old.world().tasks::abandon);
        machines = Map.copyOf(freshMachines);
        Core next = core(seed, machines, settings.withSpeed(old.world().clock.speed()), counters, faults);
        attach(next.world());
        core = next;
        counters.reset();
        faults.clear();
        next.world().nodes.values().forEach(next.world().powerWatcher::changed);
    }

    /** Everything as in the seed again, on machines from {@link #freshMachines}, else on machines in memory. */
    public void reset() {
        reset(fresh.get());
    }

    /** Says where {@link #reset()} (and the control interface) gets machines from. */
    public void freshMachines(Supplier<Map<String, Machine>> source) {
        fresh = source;
    }

    /** How much faster than real all waiting goes from now on. */
    public void speed(double faster) {
        world().clock.speed(faster);
    }

    /** Sets the lab's clock to a Unix time; it goes on from there. */
    public void clock(long seconds) {
        world().clock.set(seconds);
    }

    /** Adds a guest as a seed would have it, replacing one with the same number. */
    public void ensureGuest(GuestSeed guest) {
        World world = world();
        world.locked(() -> world.addGuest(guest));
    }

    /** Numbers of all guests. */
    public List<Integer> guests() {
        World world = world();
        return world.locked(() -> List.copyOf(world.guests.keySet()));
    }

    /** Switches a storage's faults: hanging (calls end with 596) and offline (not active). */
    public void storage(String id, boolean hanging, boolean offline) {
        World world = world();
        world.locked(() -> {
            Storage storage = world.storage(id);
            storage.hanging = hanging;
            storage.offline = offline;
        });
    }

    /** Adds the volumes of a storage that are not there yet. */
    public void ensureVolumes(StorageSeed volumes) {
        World world = world();
        world.locked(() -> {
            Storage storage = world.storage(volumes.storage());
            Storage read = new Storage(volumes);
            read.volumes.forEach(storage.volumes::putIfAbsent);
        });
    }

    /** A stable hash of guests, volumes, mappings, access, pools, jobs and network; the task history is not in it. */
    public String worldDigest() {
        return WorldDigest.of(world());
    }

    World world() {
        return core.world();
    }

    Counters counters() {
        return counters;
    }

    Faults faults() {
        return faults;
    }

    Map<String, Machine> machines() {
        return machines;
    }

    @Override
    public void close() {
        control.close();
        listeners.values().forEach(NodeListener::close);
        World world = world();
        world.nodes.keySet().forEach(world.tasks::abandon);
    }
}
