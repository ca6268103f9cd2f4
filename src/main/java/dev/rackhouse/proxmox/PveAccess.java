package dev.rackhouse.proxmox;

import java.util.HashMap;
import java.util.Map;

/** What the token may do. */
public final class PveAccess {

    /**
     * Effective rights: path to privilege to whether it flows down to deeper paths.
     */
    public record Permissions(Map<String, Map<String, Boolean>> byPath) {

        /** Whether the privilege is there on this path: by an own entry of the deepest path named, else from above. */
        public boolean allow(String path, String privilege) {
            for (String at = path; ; at = parent(at)) {
                Map<String, Boolean> entry = byPath.get(at);
                if (entry != null) {
                    Boolean flowsDown = entry.get(privilege);
                    return flowsDown != null && (flowsDown || at.equals(path));
                }
                if (at.equals("/")) {
                    return false;
                }
            }
        }

        private static String parent(String path) {
            int slash = path.lastIndexOf('/');
            return slash <= 0 ? "/" : path.substring(0, slash);
        }
    }

    private final PveClient client;

    PveAccess(PveClient client) {
        this.client = client;
    }

    /** The caller's own rights, already the smaller of user's and token's. */
    public Permissions permissions() {
        PveFields fields = client.get("read the token's permissions", "/access/permissions")
                .fields();
        Map<String, Map<String, Boolean>> byPath = new HashMap<>();
        for (String path : fields.names()) {
            PveFields entry = fields.fields(path);
            Map<String, Boolean> privileges = new HashMap<>();
            for (String privilege : entry.names()) {
                privileges.put(privilege, entry.flag(privilege));
            }
            byPath.put(path, Map.copyOf(privileges));
        }
        return new Permissions(Map.copyOf(byPath));
    }
}
