package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.LabSeed.AccessSeed;
import dev.rackhouse.simulator.world.LabSeed.AclSeed;
import dev.rackhouse.simulator.world.LabSeed.TokenSeed;
import dev.rackhouse.simulator.world.LabSeed.UserSeed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Users, tokens, roles and access entries, and what follows from them. Guarded by the world's lock. */
final class Access {
    static final class User {
        final String id;

        @Nullable
        String password;

        boolean enabled = true;
        long expire;

        @Nullable
        String comment;

        @Nullable
        String email;

        @Nullable
        String firstname;

        @Nullable
        String lastname;

        final Set<String> groups = new TreeSet<>();

        User(String id) {
            this.id = id;
        }
    }

    static final class Token {
        String secret;
        boolean separated;
        long expire;

        @Nullable
        String comment;

        Token(String secret, boolean separated) {
            this.secret = secret;
            this.separated = separated;
        }
    }

    /** One entry; {@code type} is user, group or token. */
    record Entry(String path, String type, String who, String role, boolean propagate) {}

    final Map<String, User> users = new TreeMap<>();
    final Map<String, Token> tokens = new TreeMap<>();
    final Map<String, Set<String>> roles = new TreeMap<>();
    final List<Entry> entries = new ArrayList<>();
    final Map<String, String> groups = new TreeMap<>();
    private final Map<String, Map<String, Integer>> cache = new HashMap<>();
    private final PoolPaths pools;

    /** Tells the pool of a guest or storage path. */
    interface PoolPaths {
        @Nullable
        String poolOf(String path);
    }

    Access(AccessSeed seed, PoolPaths pools) {
        this.pools = pools;
        Privileges.builtInRoles().forEach((name, list) -> roles.put(name, new LinkedHashSet<>(list)));
        seed.roles().forEach((name, list) -> roles.put(name, new TreeSet<>(list)));
        users.put("root@pam", new User("root@pam"));
        for (UserSeed user : seed.users()) {
            add(user);
        }
        seed.groups().forEach((name, members) -> {
            groups.put(name, "");
            members.forEach(member -> {
                User user = users.get(member);
                if (user != null) {
                    user.groups.add(name);
                }
            });
        });
        for (AclSeed acl : seed.acl()) {
            entries.add(new Entry(
                    acl.path(), acl.type(), acl.ugid(), acl.roleid(), !Boolean.FALSE.equals(acl.propagate())));
        }
    }

    private void add(UserSeed seed) {
        User user = users.computeIfAbsent(seed.userid(), User::new);
        user.password = seed.password();
        user.enabled = !Boolean.FALSE.equals(seed.enable());
        user.expire = seed.expire();
        user.comment = seed.comment();
        user.email = seed.email();
        for (TokenSeed token : seed.tokens()) {
            Token made = new Token(token.secret(), !Boolean.FALSE.equals(token.privsep()));
            made.expire = token.expire();
            made.comment = token.comment();
            tokens.put(seed.userid() + "!" + token.id(), made);
        }
    }

    /** Must be called after every change here and in pools. */
    void changed() {
        cache.clear();
    }

    boolean active(String userId, long now) {
        User user = users.get(userId);
        return user != null && user.enabled && (user.expire == 0 || user.expire > now);
    }

    /** Privileges on a path; the value is 1 when they flow further down. */
    Map<String, Integer> privileges(Caller caller, String path) {
        String key = caller.id() + " " + path;
        Map<String, Integer> known = cache.get(key);
        if (known == null) {
            known = compute(caller, path);
            cache.put(key, known);
        }
        return known;
    }

    private Map<String, Integer> compute(Caller caller, String path) {
        Map<String, Integer> own = new LinkedHashMap<>();
        if (caller.user().equals("root@pam") && (caller.token() == null || !separated(caller))) {
            Privileges.all().forEach(name -> own.put(name, 1));
            return own;
        }
        if (caller.token() != null) {
            Map<String, Integer> user = privileges(new Caller(caller.user(), null), path);
            if (!separated(caller)) {
                return user;
            }
            ofRoles(rolesOf(caller, path)).forEach((name, propagate) -> {
                if (user.containsKey(name)) {
                    own.put(name, Math.min(propagate, user.getOrDefault(name, 0)));
                }
            });
            addPool(caller, path, own);
            return own;
        }
        own.putAll(ofRoles(rolesOf(caller, path)));
        addPool(caller, path, own);
        return own;
    }

    private boolean separated(Caller caller) {
        Token token = tokens.get(caller.id());
        return token == null || token.separated;
    }

    private void addPool(Caller caller, String path, Map<String, Integer> own) {
        String pool = pools.poolOf(path);
        if (pool != null && !rolesOf(caller, path).containsKey("NoAccess")) {
            privileges(caller, "/pool/" + pool).forEach(own::putIfAbsent);
        }
    }

    private Map<String, Integer> ofRoles(Map<String, Boolean> held) {
        Map<String, Integer> result = new LinkedHashMap<>();
        held.forEach((role, propagate) -> {
            for (String name : roles.getOrDefault(role, Set.of())) {
                result.merge(name, propagate ? 1 : 0, Math::max);
            }
        });
        return result;
    }

    /** Roles on a path: the deepest level that says something about this user or token wins; users before groups. */
    private Map<String, Boolean> rolesOf(Caller caller, String path) {
        Map<String, Boolean> held = Map.of();
        if (caller.user().equals("root@pam") && caller.token() == null) {
            return Map.of("Administrator", true);
        }
        List<String> levels = levels(path);
        for (int i = 0; i < levels.size(); i++) {
            String level = levels.get(i);
            boolean last = i == levels.size() - 1;
            Map<String, Boolean> direct = at(level, last, caller.token() == null ? "user" : "token", caller.id());
            if (direct.isEmpty() && caller.token() == null) {
                User user = users.get(caller.user());
                direct = new LinkedHashMap<>();
                for (String group : user == null ? Set.<String>of() : user.groups) {
                    direct.putAll(at(level, last, "group", group));
                }
            }
            if (!direct.isEmpty()) {
                held = direct;
            }
        }
        return held.containsKey("NoAccess") ? Map.of("NoAccess", held.getOrDefault("NoAccess", false)) : held;
    }

    private Map<String, Boolean> at(String level, boolean last, String type, String who) {
        Map<String, Boolean> found = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (entry.path().equals(level)
                    && entry.type().equals(type)
                    && entry.who().equals(who)
                    && (last || entry.propagate())) {
                found.put(entry.role(), entry.propagate());
            }
        }
        return found;
    }

    private static List<String> levels(String path) {
        List<String> levels = new ArrayList<>(List.of("/"));
        int at = 1;
        while (at < path.length()) {
            int next = path.indexOf('/', at);
            int end = next < 0 ? path.length() : next;
            levels.add(path.substring(0, end));
            at = end + 1;
        }
        return levels;
    }
}
