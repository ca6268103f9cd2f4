package dev.rackhouse.access;

import java.util.Optional;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;

/**
 * Who is acting on this thread. Known on request threads and inside {@code UI.access}; background work has nobody and must be
 * given its {@link Operator} as a value.
 */
@FunctionalInterface
public interface CurrentOperator {

    /** The signed-in person, or nobody. */
    Optional<Operator> find();

    /**
     * The signed-in person.
     *
     * @throws AuthenticationCredentialsNotFoundException when nobody is signed in
     */
    default Operator get() {
        return find().orElseThrow(() -> new AuthenticationCredentialsNotFoundException("Nobody is signed in."));
    }

    /**
     * The signed-in person, who may do what the role may.
     *
     * @throws AccessDeniedException when the person may not
     */
    default Operator require(Role needed) {
        Operator operator = get();
        if (!operator.may(needed)) {
            throw new AccessDeniedException("%s has the role %s; this needs the role %s."
                    .formatted(operator.name(), operator.role().word(), needed.word()));
        }
        return operator;
    }
}
