package dev.rackhouse.simulator.pve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All privileges and the built-in roles ({@code roles.json}: facts of 9.2), and what 8.x has instead. */
final class Privileges {
    private static final Set<String> ALL = new TreeSet<>();
    private static final Map<String, List<String>> ROLES = new LinkedHashMap<>();

    static {
        try (InputStream in = Privileges.class.getResourceAsStream("/dev/rackhouse/simulator/pve/roles.json")) {
            JsonNode root = JsonMapper.shared().readTree(in);
            root.get("privileges").forEach(name -> ALL.add(name.asString()));
            root.get("roles").forEachEntry((name, list) -> {
                List<String> privileges = new java.util.ArrayList<>();
                list.forEach(item -> privileges.add(item.asString()));
                ROLES.put(name, List.copyOf(privileges));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Privileges() {}

    static boolean known(String privilege) {
        return ALL.contains(privilege);
    }

    static Set<String> all() {
        return ALL;
    }

    static Map<String, List<String>> builtInRoles() {
        return ROLES;
    }

    /** Privileges of a node's version: before 9.0 VM.Monitor stands for all agent rights. */
    static Set<String> forVersion(Set<String> privileges, int version) {
        if (version >= 9) {
            return privileges;
        }
        Set<String> older = new LinkedHashSet<>();
        for (String name : privileges) {
            older.add(name.startsWith("VM.GuestAgent.") ? "VM.Monitor" : name);
        }
        older.remove("VM.Replicate");
        return older;
    }
}
