package dev.rackhouse.access;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/** Reads the operator from Spring Security's context. */
@Component
public class SecurityContextOperator implements CurrentOperator {

    @Override
    public Optional<Operator> find() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication == null ? Optional.empty() : of(authentication);
    }

    /** The highest role wins; a person without any role is nobody here. */
    public static Optional<Operator> of(Authentication authentication) {
        if (!authentication.isAuthenticated() || authentication instanceof AnonymousAuthenticationToken) {
            return Optional.empty();
        }
        return Arrays.stream(Role.values())
                .filter(role -> authentication.getAuthorities().stream()
                        .anyMatch(granted -> role.authority().equals(granted.getAuthority())))
                .max(Comparator.naturalOrder())
                .map(role -> new Operator(authentication.getName(), role));
    }
}
