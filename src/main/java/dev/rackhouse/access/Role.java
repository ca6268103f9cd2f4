package dev.rackhouse.access;

/** What a person may do. Each role may do all that the ones before it may. */
public enum Role {
    VIEWER("See everything except secrets and the audit"),
    OPERATOR("Also act: start, stop, create, undo; every action as a previewed run"),
    ADMIN("Also connect and change labs, accept changed keys, read the audit, change settings");

    /** For {@code @RolesAllowed}: everyone who may come in. */
    public static final String VIEWERS = "VIEWER";

    /** For {@code @RolesAllowed}: operators and admins. */
    public static final String OPERATORS = "OPERATOR";

    /** For {@code @RolesAllowed}: admins only. */
    public static final String ADMINS = "ADMIN";

    private final String mayDo;

    Role(String mayDo) {
        this.mayDo = mayDo;
    }

    /** Whether whoever has this role may do what the other one may. */
    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    /** A sentence for the page "my access". */
    public String mayDo() {
        return mayDo;
    }

    /** As shown: {@code operator}. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    String authority() {
        return "ROLE_" + name();
    }
}
