package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rule that says who may enter a call; what more is needed is checked by the call itself. */
sealed interface Right {
    /** No login needed. */
    record World() implements Right {}

    /** Any login. */
    record AnyUser() implements Right {}

    /** Only root@pam by ticket. */
    record RootOnly() implements Right {}

    /** Privileges on a path template; all of them, or any of them. */
    record On(
            String path,
            List<String> privileges,
            boolean any,
            @Nullable String onlyWith) implements Right {}

    /** All of the parts. */
    record And(List<Right> parts) implements Right {}

    /** One of the parts. */
    record Or(List<Right> parts) implements Right {}

    /** Permissions.Modify on the path in a parameter, or what it owns there. */
    record ModifyPermissions(String path) implements Right {}

    /** The user in the parameter {@code userid}: {@code self}, or a privilege on its realm. */
    record OfUser(String what) implements Right {}

    /** A privilege on the groups of the user in the parameter. */
    record OfGroups(List<String> privileges) implements Right {}

    /** Reads the rule after {@code perm} in the table. */
    static Right parse(String text) {
        return switch (text) {
            case "world" -> new World();
            case "all" -> new AnyUser();
            case "root" -> new RootOnly();
            default -> new Reader(text).read();
        };
    }

    /** Reader of {@code (and (...) (...))} and {@code (/path Priv|Priv)}. */
    final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        Right read() {
            at++;
            int end = at;
            while (" )".indexOf(text.charAt(end)) < 0) {
                end++;
            }
            String head = text.substring(at, end);
            at = end;
            if (head.equals("and") || head.equals("or")) {
                List<Right> parts = new ArrayList<>();
                while (text.charAt(at) == ' ') {
                    at++;
                    parts.add(read());
                }
                at++;
                return head.equals("and") ? new And(parts) : new Or(parts);
            }
            int close = text.indexOf(')', at);
            String[] rest = text.substring(at, close).strip().split(" ");
            at = close + 1;
            return switch (head) {
                case "perm-modify" -> new ModifyPermissions(rest[0]);
                case "userid-param" -> new OfUser(rest[0]);
                case "userid-group" -> new OfGroups(List.of(rest[0].split(",")));
                default ->
                    new On(
                            head,
                            List.of(rest[0].split("[|,]")),
                            rest[0].contains("|"),
                            rest.length > 1 ? rest[1].substring("if=".length()) : null);
            };
        }
    }
}
