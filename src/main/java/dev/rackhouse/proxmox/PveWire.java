package dev.rackhouse.proxmox;

import java.util.List;
import java.util.Map;

/** What carries one call to a Proxmox server. {@link PveHttp} does it for real; tests and recorders put their own here. */
@FunctionalInterface
public interface PveWire {

    /**
     * Sends once and waits for the answer.
     *
     * @param doing what this is for, after "could not": {@code read the guests}
     * @param path below {@code /api2/json}, percent-encoded where needed ({@link PvePath})
     * @param parameters key to values; several values make a list
     * @throws dev.rackhouse.base.RemoteFailure whatever went wrong, as a sentence
     */
    PveAnswer call(String doing, PveMethod method, String path, Map<String, ? extends List<String>> parameters);
}
