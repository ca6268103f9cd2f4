package dev.rackhouse.inference;

import dev.rackhouse.base.Secret;
import java.util.Optional;

/** Keys with which routers are told and asked. */
@FunctionalInterface
public interface RouterKeys {

    /** @param router its name */
    Optional<Secret> routerKey(String router);
}
