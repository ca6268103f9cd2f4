package dev.rackhouse.inference.route;

import dev.rackhouse.base.Secret;
import dev.rackhouse.inference.Router;
import dev.rackhouse.inference.RouterKeys;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Service;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Routers with their keys: a run is given a key under a name, a look has it in its request. */
@Component
public class KeyedRouters {

    private final RouterKeys keys;

    public KeyedRouters(RouterKeys keys) {
        this.keys = keys;
    }

    /** A registered router as it is reached, with the name of its key where one is stored. */
    public RouterAt at(Router router, Host host) {
        boolean keyed = keys.routerKey(router.name()).isPresent();
        return new RouterAt(
                router.name(),
                router.kind(),
                host,
                router.port(),
                router.clients(),
                router.file(),
                keyed ? RouterAt.secretOf(router.name()) : null);
    }

    /** The keys that a run about these routers needs, by their names. */
    public Map<String, Secret> secrets(Collection<RouterAt> routers) {
        Map<String, Secret> secrets = new HashMap<>();
        for (RouterAt router : routers) {
            String name = router.secret();
            Optional<Secret> key = name == null ? Optional.empty() : keys.routerKey(router.name());
            key.ifPresent(k -> secrets.put(String.valueOf(name), k));
        }
        return secrets;
    }

    /** A request that is sent outside of a run, where nobody fills the placeholder of the key in. */
    public Command withKey(Command look, RouterAt router) {
        if (router.secret() == null
                || !(look instanceof ServiceCall call)
                || !(call.service() instanceof Service.LocalPort port)) {
            return look;
        }
        String key = keys.routerKey(router.name()).map(Secret::reveal).orElse("");
        return call.to(new Service.LocalPort(port.port(), key));
    }
}
