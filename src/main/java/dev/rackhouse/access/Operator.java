package dev.rackhouse.access;

/**
 * Who acts: a signed-in person, or the console itself.
 *
 * @param name as the provider calls the person; not blank
 */
public record Operator(String name, Role role) {

    public Operator {
        if (name.isBlank()) {
            throw new IllegalArgumentException("An operator has a name");
        }
    }

    /** The console acting by itself: scheduled work, the declared labs file. */
    public static Operator console() {
        return new Operator("rackhouse", Role.ADMIN);
    }

    public boolean may(Role needed) {
        return role.includes(needed);
    }
}
