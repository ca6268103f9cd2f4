package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.serving.Computer;
import dev.rackhouse.simulator.serving.GpuRack;
import dev.rackhouse.simulator.serving.MainMemory;
import dev.rackhouse.simulator.serving.Ports;
import dev.rackhouse.simulator.serving.Tempo;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A box as the programs that serve models see it. They work beside the box's commands, so they never wait for its lock. */
final class ServingComputer implements Computer {
    private final Box box;
    private final Pace pace;
    private final GpuRack rack;
    private final SoftwareFaults faults;
    private final Ports ports = new Ports();
    private final MainMemory memory = new MainMemory(this);
    private volatile SshDoor.Reachable network = (host, port) -> null;

    ServingComputer(Box box, Pace pace, GpuRack rack, SoftwareFaults faults) {
        this.box = box;
        this.pace = pace;
        this.rack = rack;
        this.faults = faults;
    }

    /** What the computer reaches besides itself. */
    void network(SshDoor.Reachable reachable) {
        network = reachable;
    }

    @Override
    public String name() {
        return box.name();
    }

    @Override
    public Tempo tempo() {
        return new Tempo(pace.speed());
    }

    @Override
    public GpuRack gpus() {
        return rack;
    }

    @Override
    public Ports ports() {
        return ports;
    }

    @Override
    public Optional<String> read(String path) {
        return box.standing().read(path);
    }

    @Override
    public void write(String path, String text) {
        box.standing().write(path, text);
    }

    @Override
    public void delete(String path) {
        Box.erase(box.standing().at(path));
    }

    @Override
    public List<String> names(String folder) {
        return box.standing().names(folder);
    }

    @Override
    public boolean noNetwork() {
        return faults.noNetwork();
    }

    @Override
    public boolean noSpace() {
        return faults.noSpace();
    }

    @Override
    public long memoryBytes() {
        return read("/proc/meminfo")
                        .orElse("")
                        .lines()
                        .filter(line -> line.startsWith("MemTotal:"))
                        .map(line -> line.replaceAll("\\D", ""))
                        .filter(digits -> !digits.isEmpty())
                        .mapToLong(Long::parseLong)
                        .findFirst()
                        .orElse(16L << 20)
                * 1024;
    }

    @Override
    public MainMemory memory() {
        return memory;
    }

    @Override
    public int cpus() {
        long count = read("/proc/cpuinfo")
                .orElse("")
                .lines()
                .filter(line -> line.startsWith("processor"))
                .count();
        return (int) Math.max(1, count);
    }

    @Override
    public @Nullable InetSocketAddress reach(String host, int port) {
        return host.equals("127.0.0.1") || host.equals("localhost") || host.equals("::1")
                ? ports.real(port)
                : network.real(host, port);
    }
}
