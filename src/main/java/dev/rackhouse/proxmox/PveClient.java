package dev.rackhouse.proxmox;

import dev.rackhouse.base.RemoteFailure;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One Proxmox server or cluster, spoken to in its own words. Blocks the caller; safe for many threads; keeps at most eight
 * connections. Every failure is a {@link dev.rackhouse.base.RemoteFailure} whose message is a sentence for a person.
 */
public final class PveClient implements AutoCloseable {

    private final PveWire wire;
    private final AutoCloseable closing;

    public PveClient(PveEndpoint endpoint, CallMeter meter) {
        PveHttp http = new PveHttp(endpoint, meter);
        this.wire = http;
        this.closing = http;
    }

    /**
     * @param heard told how each call went: null for an answer, refusals of the API included only where they are about the
     *     credentials; must not block
     */
    public PveClient(PveEndpoint endpoint, CallMeter meter, Consumer<@Nullable RemoteFailure> heard) {
        PveHttp http = new PveHttp(endpoint, meter);
        this.closing = http;
        this.wire = (doing, method, path, parameters) -> {
            try {
                PveAnswer answer = http.call(doing, method, path, parameters);
                heard.accept(null);
                return answer;
            } catch (RemoteFailure.Refused refused) {
                heard.accept(refused.status() == 401 ? refused : null);
                throw refused;
            } catch (RemoteFailure failure) {
                heard.accept(failure);
                throw failure;
            }
        };
    }

    private PveClient(PveWire wire) {
        this.wire = wire;
        this.closing = () -> {};
    }

    /** A client over a wire of your own: a recorder, a hand-written server without network. */
    public static PveClient over(PveWire wire) {
        return new PveClient(wire);
    }

    /**
     * Any call, by its own words.
     *
     * @param path below {@code /api2/json}: {@code /nodes/caraxes/qemu}
     * @param parameters query string of GET and DELETE, form of POST and PUT; several values make a list
     */
    public PveAnswer call(PveMethod method, String path, Map<String, ? extends List<String>> parameters) {
        return call((method == PveMethod.GET ? "read " : "do " + method + " ") + path, method, path, parameters);
    }

    /** The same, saying in a person's words what it is for, after "could not". */
    public PveAnswer call(String doing, PveMethod method, String path, Map<String, ? extends List<String>> parameters) {
        return wire.call(doing, method, path, parameters);
    }

    PveAnswer get(String doing, String path) {
        return call(doing, PveMethod.GET, path, Map.of());
    }

    /** The server's version; the first thing to ask. */
    public PveVersion version() {
        return PveVersion.parse(get("read the version", "/version").fields().text("version", "0"));
    }

    public PveCluster cluster() {
        return new PveCluster(this);
    }

    public PveNodes nodes() {
        return new PveNodes(this);
    }

    public PveGuests guests() {
        return new PveGuests(this);
    }

    public PveTasks tasks() {
        return new PveTasks(this);
    }

    public PveStorages storages() {
        return new PveStorages(this);
    }

    public PveMappings mappings() {
        return new PveMappings(this);
    }

    public PveAccess access() {
        return new PveAccess(this);
    }

    /** Drops all connections. */
    @Override
    public void close() {
        try {
            closing.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
