package dev.rackhouse.simulator.host;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Proxmox side of a node as its own command line tools reach it: as {@code root@pam}, without HTTP. */
public interface NodeApi {
    /**
     * An answer of the API.
     *
     * @param status HTTP status
     * @param message reason, {@code OK} or the error
     * @param errors texts by parameter, empty when there are none
     * @param data the value of {@code data}
     */
    record Reply(
            int status,
            String message,
            Map<String, String> errors,
            @Nullable Object data) {
        public boolean ok() {
            return status < 400;
        }
    }

    /**
     * Makes a call on one node.
     *
     * @param path below {@code /api2/json}, {@code /nodes/thor/qemu/110/config}
     */
    Reply call(String node, String method, String path, Map<String, List<String>> parameters);

    /** The node goes down now, by its own {@code reboot}. */
    void rebootRequested(String node, boolean powerOff);

    /** The node, which was off, can be reached again. */
    void cameUp(String node);
}
