package dev.rackhouse.inference;

import dev.rackhouse.inference.route.RouterKind;
import org.jspecify.annotations.Nullable;

/**
 * What stands between clients and the engines of a place. The console is never in the path of the data: it tells the router where to
 * forward and when to refuse.
 *
 * @param place on whose 127.0.0.1 it listens
 * @param port by which it is told
 * @param clients by which clients ask
 * @param file that Traefik reads; null for other kinds
 * @param declared it stands in the inference file
 */
public record Router(
        String name,
        RouterKind kind,
        PlaceRef place,
        int port,
        int clients,
        @Nullable String file,
        boolean declared) {

    public Router {
        if (!name.matches("[a-z0-9][a-z0-9-]{0,40}")) {
            throw new IllegalArgumentException("'" + name + "' is no name of a router, such as thor-router");
        }
        if (port < 1 || port > 65535 || clients < 1 || clients > 65535) {
            throw new IllegalArgumentException("a router has two ports between 1 and 65535");
        }
        if ((kind == RouterKind.TRAEFIK_FILE) != (file != null)) {
            throw new IllegalArgumentException("Traefik needs the file that it reads; other kinds have none");
        }
        if (file != null && (!file.matches("/[A-Za-z0-9._/-]{1,200}") || file.contains(".."))) {
            throw new IllegalArgumentException("'" + file + "' is no file");
        }
    }
}
