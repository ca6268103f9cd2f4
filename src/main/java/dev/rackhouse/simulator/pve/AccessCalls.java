package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sign-in, users and tokens. */
final class AccessCalls {
    private static final Map<String, List<String>> AREAS = new LinkedHashMap<>();

    static {
        AREAS.put("vms", List.of("VM.", "Permissions.Modify"));
        AREAS.put("storage", List.of("Datastore.", "Permissions.Modify"));
        AREAS.put("nodes", List.of("Sys.", "Permissions.Modify"));
        AREAS.put("access", List.of("User.", "Group.", "Permissions.Modify"));
        AREAS.put("sdn", List.of("SDN.", "Permissions.Modify"));
        AREAS.put("mapping", List.of("Mapping.", "Permissions.Modify"));
        AREAS.put("dc", List.of("Sys.Audit", "Sys.Modify", "SDN."));
    }

    private AccessCalls() {}

    static void register(Calls calls) {
        calls.on("POST /access/ticket", AccessCalls::ticket);
        calls.on(
                "GET /access/domains",
                req -> List.of(
                        Map.of("realm", "pam", "type", "pam", "comment", "Linux PAM standard authentication"),
                        Map.of("realm", "pve", "type", "pve", "comment", "Proxmox VE authentication server")));
        calls.on("PUT /access/password", AccessCalls::password);
        calls.on("GET /access/users", AccessCalls::users);
        calls.on("POST /access/users", AccessCalls::createUser);
        calls.on("GET /access/users/{userid}", req -> user(req.world, known(req), true));
        calls.on("PUT /access/users/{userid}", AccessCalls::changeUser);
        calls.on("DELETE /access/users/{userid}", AccessCalls::deleteUser);
        calls.on("GET /access/users/{userid}/token", AccessCalls::tokens);
        calls.on("GET /access/users/{userid}/token/{tokenid}", req -> token(knownToken(req)));
        calls.on("POST /access/users/{userid}/token/{tokenid}", AccessCalls::createToken);
        calls.on("PUT /access/users/{userid}/token/{tokenid}", AccessCalls::changeToken);
        calls.on("DELETE /access/users/{userid}/token/{tokenid}", AccessCalls::deleteToken);
    }

    private static Object ticket(Req req) {
        World world = req.world;
        String name = req.get("username");
        String realm = req.opt("realm");
        String user = realm != null && !name.endsWith("@" + realm) ? name + "@" + realm : name;
        String password = req.get("password");
        long now = world.now();
        Access.User known = world.access.users.get(user);
        String renewed = world.tickets.user(password, now);
        boolean signedIn = known != null
                && world.access.active(user, now)
                && (password.equals(known.password) || user.equals(renewed) || "root@pam".equals(renewed));
        if (!signedIn) {
            throw ApiError.of(401, "authentication failure");
        }
        Caller caller = new Caller(user, null);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("username", user);
        answer.put("ticket", world.tickets.ticket(user, now));
        answer.put("CSRFPreventionToken", world.tickets.csrf(user, now));
        answer.put("cap", capabilities(world, caller));
        String cluster = world.seed.cluster();
        if (cluster != null && world.rights.has(caller, "/", "Sys.Audit")) {
            answer.put("clustername", cluster);
        }
        return answer;
    }

    private static Map<String, Object> capabilities(World world, Caller caller) {
        Map<String, Object> cap = new LinkedHashMap<>();
        AREAS.forEach((area, prefixes) -> {
            Map<String, Object> own = new LinkedHashMap<>();
            String path = area.equals("dc") ? "/" : "/" + area;
            for (String name : world.access.privileges(caller, path).keySet()) {
                if (prefixes.stream()
                                .anyMatch(
                                        prefix -> prefix.endsWith(".") ? name.startsWith(prefix) : name.equals(prefix))
                        && !(area.equals("dc")
                                && name.startsWith("Sys.")
                                && !name.equals("Sys.Audit")
                                && !name.equals("Sys.Modify"))) {
                    own.put(name, 1);
                }
            }
            cap.put(area, own);
        });
        return cap;
    }

    private static @Nullable Object password(Req req) {
        Access.User user = known(req);
        user.password = req.get("password");
        return null;
    }

    private static Access.User known(Req req) {
        Access.User user = req.world.access.users.get(req.get("userid"));
        if (user == null) {
            throw ApiError.died("no such user ('" + req.get("userid") + "')");
        }
        return user;
    }

    private static Map<String, @Nullable Object> user(World world, Access.User user, boolean detail) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("enable", user.enabled ? 1 : 0);
        row.put("expire", user.expire);
        put(row, "comment", user.comment);
        put(row, "email", user.email);
        put(row, "firstname", user.firstname);
        put(row, "lastname", user.lastname);
        if (detail) {
            row.put("groups", new ArrayList<>(user.groups));
            Map<String, Object> tokens = new LinkedHashMap<>();
            tokensOf(world, user.id).forEach((name, token) -> tokens.put(name, token(token)));
            row.put("tokens", tokens);
        } else {
            row.put("userid", user.id);
            row.put("realm-type", user.id.substring(user.id.lastIndexOf('@') + 1));
        }
        return row;
    }

    private static void put(Map<String, @Nullable Object> row, String key, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            row.put(key, value);
        }
    }

    private static Object users(Req req) {
        List<Object> rows = new ArrayList<>();
        boolean all = req.may("/access/groups", "User.Modify", "Sys.Audit");
        for (Access.User user : req.world.access.users.values()) {
            if (!all && !user.id.equals(req.caller.user())
                    || req.has("enabled") && req.flag("enabled") != user.enabled) {
                continue;
            }
            Map<String, @Nullable Object> row = user(req.world, user, false);
            if (req.flag("full")) {
                row.put("groups", String.join(",", user.groups));
                List<Object> tokens = new ArrayList<>();
                tokensOf(req.world, user.id).forEach((name, token) -> {
                    Map<String, @Nullable Object> one = token(token);
                    one.put("tokenid", name);
                    tokens.add(one);
                });
                row.put("tokens", tokens);
            }
            rows.add(row);
        }
        return rows;
    }

    private static void fill(Req req, Access.User user) {
        if (req.has("enable")) {
            user.enabled = req.flag("enable");
        }
        if (req.has("expire")) {
            user.expire = req.number("expire", 0L);
        }
        user.comment = req.has("comment") ? req.opt("comment") : user.comment;
        user.email = req.has("email") ? req.opt("email") : user.email;
        user.firstname = req.has("firstname") ? req.opt("firstname") : user.firstname;
        user.lastname = req.has("lastname") ? req.opt("lastname") : user.lastname;
        if (req.has("groups")) {
            if (!req.flag("append")) {
                user.groups.clear();
            }
            for (String group : Formats.split(req.get("groups"))) {
                if (!req.world.access.groups.containsKey(group)) {
                    throw ApiError.died("no such group '" + group + "'");
                }
                user.groups.add(group);
            }
        }
        req.world.access.changed();
    }

    private static @Nullable Object createUser(Req req) {
        String id = req.get("userid");
        String realm = id.substring(id.lastIndexOf('@') + 1);
        if (req.world.access.users.containsKey(id)) {
            throw ApiError.died("create user failed: user '" + id + "' already exists");
        }
        if (!Set.of("pam", "pve").contains(realm)) {
            throw ApiError.died("create user failed: domain '" + realm + "' does not exist");
        }
        Access.User user = new Access.User(id);
        user.password = req.opt("password");
        req.world.access.users.put(id, user);
        fill(req, user);
        return null;
    }

    private static @Nullable Object changeUser(Req req) {
        fill(req, known(req));
        return null;
    }

    private static @Nullable Object deleteUser(Req req) {
        Access.User user = known(req);
        Access access = req.world.access;
        access.users.remove(user.id);
        access.tokens.keySet().removeIf(id -> id.startsWith(user.id + "!"));
        access.entries.removeIf(
                entry -> entry.who().equals(user.id) || entry.who().startsWith(user.id + "!"));
        access.changed();
        return null;
    }

    private static Map<String, Access.Token> tokensOf(World world, String user) {
        Map<String, Access.Token> own = new LinkedHashMap<>();
        world.access.tokens.forEach((id, token) -> {
            if (id.startsWith(user + "!")) {
                own.put(id.substring(user.length() + 1), token);
            }
        });
        return own;
    }

    private static Map<String, @Nullable Object> token(Access.Token token) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("privsep", token.separated ? 1 : 0);
        row.put("expire", token.expire);
        put(row, "comment", token.comment);
        return row;
    }

    private static Object tokens(Req req) {
        known(req);
        List<Object> rows = new ArrayList<>();
        tokensOf(req.world, req.get("userid")).forEach((name, token) -> {
            Map<String, @Nullable Object> row = token(token);
            row.put("tokenid", name);
            rows.add(row);
        });
        return rows;
    }

    private static Access.Token knownToken(Req req) {
        known(req);
        Access.Token token = req.world.access.tokens.get(req.get("userid") + "!" + req.get("tokenid"));
        if (token == null) {
            throw ApiError.died("no such token '" + req.get("tokenid") + "' for user '" + req.get("userid") + "'");
        }
        return token;
    }

    private static Object createToken(Req req) {
        known(req);
        String id = req.get("userid") + "!" + req.get("tokenid");
        if (req.world.access.tokens.containsKey(id)) {
            throw ApiError.parameter("tokenid", "Token already exists.");
        }
        Access.Token token = new Access.Token(GuestConfig.uuid(), !req.has("privsep") || req.flag("privsep"));
        token.expire = req.number("expire", 0L);
        token.comment = req.opt("comment");
        req.world.access.tokens.put(id, token);
        req.world.access.changed();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("full-tokenid", id);
        answer.put("value", token.secret);
        Map<String, @Nullable Object> info = new LinkedHashMap<>();
        info.put("privsep", token.separated ? 1 : 0);
        if (req.has("expire")) {
            info.put("expire", token.expire);
        }
        put(info, "comment", token.comment);
        answer.put("info", info);
        return answer;
    }

    private static Object changeToken(Req req) {
        Access.Token token = knownToken(req);
        if (req.has("privsep")) {
            token.separated = req.flag("privsep");
        }
        if (req.has("expire")) {
            token.expire = req.number("expire", 0L);
        }
        if (req.has("comment")) {
            token.comment = req.opt("comment");
        }
        Map<String, @Nullable Object> answer = token(token);
        if (req.flag("regenerate")) {
            token.secret = GuestConfig.uuid();
            answer.put("value", token.secret);
            answer.put("full-tokenid", req.get("userid") + "!" + req.get("tokenid"));
        }
        req.world.access.changed();
        return answer;
    }

    private static @Nullable Object deleteToken(Req req) {
        knownToken(req);
        String id = req.get("userid") + "!" + req.get("tokenid");
        req.world.access.tokens.remove(id);
        req.world.access.entries.removeIf(
                entry -> entry.type().equals("token") && entry.who().equals(id));
        req.world.access.changed();
        return null;
    }
}
