package dev.rackhouse.simulator.serving;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** All kinds of router that can stand on a pretend computer; one at most is set up at a time. Safe for many threads. */
public final class Routers implements AutoCloseable {
    private static final List<String> FAULTS = List.of("refuse", "slow", "none");

    private final List<RouterProgram> all;

    public Routers(Computer computer, Effects effects) {
        this.all = List.of(
                new Router(computer, effects),
                new LlamaSwap(computer, effects),
                new LiteLlm(computer, effects),
                new Traefik(computer, effects));
    }

    /** Starts what is set up; nothing happens where nothing is. */
    public void start() {
        all.forEach(RouterProgram::start);
    }

    /** Ends it; requests under way break. */
    @Override
    public void close() {
        all.forEach(RouterProgram::close);
    }

    /** Takes another kind instead of the one that runs, leading where the seed leads; as if it had been there from the beginning. */
    public void use(String kind, JsonNode seed) {
        RouterProgram wanted = all.stream()
                .filter(one -> one.kind().equals(kind))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no router " + kind + "; there are "
                        + all.stream().map(RouterProgram::kind).collect(Collectors.joining(", "))));
        if (running().isEmpty()) {
            throw new IllegalArgumentException("No router runs there");
        }
        close();
        all.forEach(RouterProgram::uninstall);
        wanted.install(seed);
        wanted.start();
    }

    /** {@code refuse} and {@code slow} meet what the console asks: it answers 500, or after ten simulated seconds; {@code none} ends that. */
    public void fault(String wanted) {
        if (!FAULTS.contains(wanted)) {
            throw new IllegalArgumentException("No such fault: " + wanted);
        }
        all.forEach(one -> one.fault(wanted));
    }

    /** Real address for clients; null: none runs. */
    public @Nullable String clientsUrl() {
        return running().map(RouterProgram::clientsUrl).orElse(null);
    }

    /** Real address of its control side; null: none runs. */
    public @Nullable String controlUrl() {
        return running().map(RouterProgram::controlUrl).orElse(null);
    }

    private Optional<RouterProgram> running() {
        return all.stream().filter(RouterProgram::running).findFirst();
    }
}
