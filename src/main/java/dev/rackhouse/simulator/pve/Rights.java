package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks privileges in the words of the server. Guarded by the world's lock. */
final class Rights {
    private final World world;

    Rights(World world) {
        this.world = world;
    }

    boolean has(Caller caller, String path, String privilege) {
        return world.access.privileges(caller, path).containsKey(privilege);
    }

    boolean any(Caller caller, String path, String... privileges) {
        Map<String, Integer> own = world.access.privileges(caller, path);
        for (String privilege : privileges) {
            if (own.containsKey(privilege)) {
                return true;
            }
        }
        return false;
    }

    /** All privileges on the path, else 403 with the path and the privileges. */
    void need(Caller caller, String path, String... privileges) {
        for (String privilege : privileges) {
            if (!has(caller, path, privilege)) {
                throw ApiError.forbidden(path + ", " + String.join(", ", privileges));
            }
        }
    }

    void needAny(Caller caller, String path, String... privileges) {
        if (!any(caller, path, privileges)) {
            throw ApiError.forbidden(path + ", " + String.join("|", privileges));
        }
    }

    /** Checks the rule that stands before a call. */
    void enter(Right right, Caller caller, Map<String, Object> parameters, int version) {
        switch (right) {
            case Right.World w -> {}
            case Right.AnyUser a -> {}
            case Right.RootOnly r -> {
                if (!caller.isRoot()) {
                    throw ApiError.forbidden("user != root@pam");
                }
            }
            case Right.On on -> on(on, caller, parameters, version);
            case Right.And and -> and.parts().forEach(part -> enter(part, caller, parameters, version));
            case Right.Or or -> {
                if (or.parts().stream().noneMatch(part -> allowed(part, caller, parameters, version))) {
                    throw ApiError.forbidden("");
                }
            }
            case Right.ModifyPermissions modify -> modify(caller, fill(modify.path(), parameters));
            case Right.OfUser of -> {
                if (!ofUser(of, caller, parameters)) {
                    throw ApiError.forbidden("");
                }
            }
            case Right.OfGroups of -> ofGroups(of, caller, parameters);
        }
    }

    private boolean allowed(Right right, Caller caller, Map<String, Object> parameters, int version) {
        try {
            enter(right, caller, parameters, version);
            return true;
        } catch (ApiError e) {
            return false;
        }
    }

    private void on(Right.On on, Caller caller, Map<String, Object> parameters, int version) {
        String needed = on.onlyWith();
        if (needed != null && !parameters.containsKey(needed)) {
            throw ApiError.forbidden("");
        }
        String path = fill(on.path(), parameters);
        Set<String> privileges = Privileges.forVersion(Set.copyOf(on.privileges()), version);
        List<String> words = new ArrayList<>();
        for (String name : on.privileges()) {
            String own = version < 9 && name.startsWith("VM.GuestAgent.") ? "VM.Monitor" : name;
            if (privileges.contains(own) && (version >= 9 || !words.contains(own))) {
                words.add(own);
            }
        }
        String[] all = words.toArray(new String[0]);
        if (on.any()) {
            needAny(caller, path, all);
        } else {
            need(caller, path, all);
        }
    }

    static String fill(String template, Map<String, Object> parameters) {
        String path = template;
        for (Map.Entry<String, Object> entry : parameters.entrySet()) {
            path = path.replace("{" + entry.getKey() + "}", String.valueOf(entry.getValue()));
        }
        return path;
    }

    private void modify(Caller caller, String path) {
        String need = path.startsWith("/storage/")
                ? "Datastore.Allocate"
                : path.startsWith("/vms/")
                        ? "VM.Allocate"
                        : path.startsWith("/pool/") ? "Pool.Allocate" : "Permissions.Modify";
        if (!any(caller, path, "Permissions.Modify", need)) {
            throw ApiError.forbidden(path + ", Permissions.Modify");
        }
    }

    private boolean ofUser(Right.OfUser of, Caller caller, Map<String, Object> parameters) {
        String user = String.valueOf(parameters.get("userid"));
        if (of.what().equals("self")) {
            return caller.user().equals(user);
        }
        String realm = user.substring(user.lastIndexOf('@') + 1);
        return has(caller, "/access/realm/" + realm, of.what());
    }

    private void ofGroups(Right.OfGroups of, Caller caller, Map<String, Object> parameters) {
        Access.User user = world.access.users.get(String.valueOf(parameters.get("userid")));
        String[] privileges = of.privileges().toArray(new String[0]);
        if (any(caller, "/access/groups", privileges)) {
            return;
        }
        boolean granted = user != null
                && user.groups.stream().anyMatch(group -> any(caller, "/access/groups/" + group, privileges));
        if (!granted) {
            throw ApiError.forbidden("");
        }
    }

    /** Effective privileges as GET /access/permissions shows them. */
    Map<String, Map<String, Integer>> overview(Caller caller, @Nullable String only) {
        List<String> paths = new ArrayList<>();
        if (only != null) {
            paths.add(only);
        } else {
            paths.addAll(List.of("/", "/access", "/access/groups", "/nodes", "/pool", "/sdn", "/storage", "/vms"));
            for (Access.Entry entry : world.access.entries) {
                if (!paths.contains(entry.path())) {
                    paths.add(entry.path());
                }
            }
            world.pools.forEach((id, pool) -> {
                paths.add("/pool/" + id);
                pool.guests.forEach(vmid -> paths.add("/vms/" + vmid));
                pool.storages.forEach(storage -> paths.add("/storage/" + storage));
            });
        }
        Map<String, Map<String, Integer>> result = new LinkedHashMap<>();
        for (String path : paths) {
            Map<String, Integer> own = world.access.privileges(caller, path);
            if (!own.isEmpty()) {
                result.put(path, own);
            }
        }
        return result;
    }
}
