package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Roles, access entries, groups and effective permissions. */
final class AclCalls {
    private AclCalls() {}

    static void register(Calls calls) {
        calls.on("GET /access/permissions", AclCalls::permissions);
        calls.on("GET /access/acl", AclCalls::list);
        calls.on("PUT /access/acl", AclCalls::change);
        calls.on("GET /access/roles", AclCalls::roles);
        calls.on("GET /access/roles/{roleid}", AclCalls::role);
        calls.on("POST /access/roles", AclCalls::createRole);
        calls.on("PUT /access/roles/{roleid}", AclCalls::changeRole);
        calls.on("DELETE /access/roles/{roleid}", AclCalls::deleteRole);
        calls.on("GET /access/groups", AclCalls::groups);
        calls.on("POST /access/groups", AclCalls::createGroup);
        calls.on("GET /access/groups/{groupid}", req -> group(req, knownGroup(req)));
        calls.on("PUT /access/groups/{groupid}", req -> {
            req.world.access.groups.put(knownGroup(req), req.get("comment", ""));
            return null;
        });
        calls.on("DELETE /access/groups/{groupid}", AclCalls::deleteGroup);
    }

    private static Object permissions(Req req) {
        String user = req.get("userid", req.caller.id());
        int bang = user.indexOf('!');
        Caller asked =
                bang < 0 ? new Caller(user, null) : new Caller(user.substring(0, bang), user.substring(bang + 1));
        if (!asked.equals(req.caller) && !req.may("/access", "Sys.Audit")) {
            throw ApiError.forbidden("");
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        req.world.rights.overview(asked, req.opt("path")).forEach((path, own) -> {
            Map<String, Object> named = new LinkedHashMap<>();
            own.forEach((name, propagate) -> named.put(
                    Privileges.forVersion(Set.of(name), req.arrived.major()).stream()
                            .findFirst()
                            .orElse(name),
                    propagate));
            shown.put(path, named);
        });
        return shown;
    }

    private static Object list(Req req) {
        List<Object> rows = new ArrayList<>();
        boolean all = req.may("/access", "Sys.Audit", "Permissions.Modify");
        for (Access.Entry entry : req.world.access.entries) {
            if (all || req.may(entry.path(), "Permissions.Modify")) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("path", entry.path());
                row.put("type", entry.type());
                row.put("ugid", entry.who());
                row.put("roleid", entry.role());
                row.put("propagate", entry.propagate() ? 1 : 0);
                rows.add(row);
            }
        }
        return rows;
    }

    private static @Nullable Object change(Req req) {
        Access access = req.world.access;
        if (!req.has("users") && !req.has("groups") && !req.has("tokens")) {
            throw ApiError.parameter("users", "either 'users', 'groups' or 'tokens' is required.");
        }
        String raw = req.get("path");
        String path = raw.length() > 1 && raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
        if (!path.startsWith("/")) {
            throw ApiError.parameter("path", "invalid ACL path '" + raw + "'");
        }
        boolean propagate = !req.has("propagate") || req.flag("propagate");
        for (String role : Formats.split(req.get("roles"))) {
            if (!access.roles.containsKey(role)) {
                throw ApiError.died("role '" + role + "' does not exist");
            }
            for (String kind : List.of("user", "group", "token")) {
                for (String who : Formats.split(req.get(kind + "s", ""))) {
                    exists(access, kind, who);
                    access.entries.removeIf(entry -> entry.path().equals(path)
                            && entry.type().equals(kind)
                            && entry.who().equals(who)
                            && entry.role().equals(role));
                    if (!req.flag("delete")) {
                        access.entries.add(new Access.Entry(path, kind, who, role, propagate));
                    }
                }
            }
        }
        access.changed();
        return null;
    }

    private static void exists(Access access, String kind, String who) {
        boolean known = switch (kind) {
            case "user" -> access.users.containsKey(who);
            case "group" -> access.groups.containsKey(who);
            default -> access.tokens.containsKey(who);
        };
        if (!known) {
            throw ApiError.died(
                    switch (kind) {
                        case "user" -> "no such user ('" + who + "')";
                        case "group" -> "no such group '" + who + "'";
                        default ->
                            "no such token '" + who.substring(who.indexOf('!') + 1) + "' for user '"
                                    + who.substring(0, who.indexOf('!')) + "'";
                    });
        }
    }

    private static Set<String> shown(Req req, String role) {
        return new TreeSet<>(
                Privileges.forVersion(req.world.access.roles.getOrDefault(role, Set.of()), req.arrived.major()));
    }

    private static Object roles(Req req) {
        List<Object> rows = new ArrayList<>();
        req.world.access.roles.keySet().forEach(name -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("roleid", name);
            row.put("privs", String.join(",", shown(req, name)));
            row.put("special", Privileges.builtInRoles().containsKey(name) ? 1 : 0);
            rows.add(row);
        });
        return rows;
    }

    private static Object role(Req req) {
        if (!req.world.access.roles.containsKey(req.get("roleid"))) {
            throw ApiError.died("role '" + req.get("roleid") + "' does not exist");
        }
        Map<String, Object> row = new LinkedHashMap<>();
        shown(req, req.get("roleid")).forEach(name -> row.put(name, 1));
        return row;
    }

    private static @Nullable Object createRole(Req req) {
        String role = req.get("roleid");
        if (req.world.access.roles.containsKey(role)) {
            throw ApiError.died("create role failed: role '" + role + "' already exists");
        }
        if (role.startsWith("PVE")) {
            throw ApiError.died("create role failed: role names starting with 'PVE' are reserved");
        }
        req.world.access.roles.put(role, new LinkedHashSet<>(Formats.split(req.get("privs", ""))));
        req.world.access.changed();
        return null;
    }

    private static @Nullable Object changeRole(Req req) {
        String role = req.get("roleid");
        special(role, "modified");
        Set<String> known = req.world.access.roles.get(role);
        if (known == null) {
            throw ApiError.died("modify role failed: role '" + role + "' does not exist");
        }
        if (!req.flag("append")) {
            known.clear();
        }
        known.addAll(Formats.split(req.get("privs", "")));
        req.world.access.changed();
        return null;
    }

    private static void special(String role, String what) {
        if (Privileges.builtInRoles().containsKey(role)) {
            throw ApiError.died("auto-generated role '" + role + "' cannot be " + what);
        }
    }

    private static @Nullable Object deleteRole(Req req) {
        String role = req.get("roleid");
        special(role, "deleted");
        if (req.world.access.roles.remove(role) == null) {
            throw ApiError.died("delete role failed: role '" + role + "' does not exist");
        }
        req.world.access.entries.removeIf(entry -> entry.role().equals(role));
        req.world.access.changed();
        return null;
    }

    private static Object groups(Req req) {
        List<Object> rows = new ArrayList<>();
        req.world.access.groups.forEach((name, comment) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("groupid", name);
            if (!comment.isEmpty()) {
                row.put("comment", comment);
            }
            row.put("users", String.join(",", members(req, name)));
            rows.add(row);
        });
        return rows;
    }

    private static List<String> members(Req req, String group) {
        return req.world.access.users.values().stream()
                .filter(user -> user.groups.contains(group))
                .map(user -> user.id)
                .toList();
    }

    private static String knownGroup(Req req) {
        String name = req.get("groupid");
        if (!req.world.access.groups.containsKey(name)) {
            throw ApiError.died("group '" + name + "' does not exist");
        }
        return name;
    }

    private static Object group(Req req, String name) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("members", members(req, name));
        String comment = req.world.access.groups.getOrDefault(name, "");
        if (!comment.isEmpty()) {
            view.put("comment", comment);
        }
        return view;
    }

    private static @Nullable Object createGroup(Req req) {
        String name = req.get("groupid");
        if (req.world.access.groups.putIfAbsent(name, req.get("comment", "")) != null) {
            throw ApiError.died("create group failed: group '" + name + "' already exists");
        }
        return null;
    }

    private static @Nullable Object deleteGroup(Req req) {
        String name = knownGroup(req);
        req.world.access.groups.remove(name);
        req.world.access.users.values().forEach(user -> user.groups.remove(name));
        req.world.access.entries.removeIf(
                entry -> entry.type().equals("group") && entry.who().equals(name));
        req.world.access.changed();
        return null;
    }
}
