package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.Route;
import dev.rackhouse.inference.route.ClientRoute;
import dev.rackhouse.inference.route.ClientRoute.State;
import dev.rackhouse.inference.route.RouterAt;
import dev.rackhouse.inference.route.RouterKind;
import dev.rackhouse.inference.route.RoutesNow;
import dev.rackhouse.runbook.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which names of which routers a deployment is to answer, or why they are left alone. Pure. */
record RouteAssessment(List<Routing> routings, List<Finding> findings) {

    private static final String FIELD = "route";
    private static final String LOOPBACK = "127.0.0.1";

    RouteAssessment {
        routings = List.copyOf(routings);
        findings = List.copyOf(findings);
    }

    /** Names by which clients ask for it: those that are registered, else its own; where nobody else answers to them. */
    static RouteAssessment ofNew(DeployWish wish, DeployFacts facts) {
        List<Routing> routings = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (RouterSeen router : facts.routers()) {
            told(router, findings).ifPresent(now -> {
                List<ClientRoute> active = names(wish).stream()
                        .flatMap(name -> newName(wish, router, now, name, findings).stream())
                        .toList();
                if (!active.isEmpty()) {
                    routings.add(new Routing(router.at(), router.lock(), now, Set.of(), active));
                }
            });
        }
        return new RouteAssessment(routings, findings);
    }

    /**
     * Names that lead to what gives way lead to what takes its place.
     *
     * @param oldName by which it serves
     * @param runs whether clients are answered now, so that they must be told
     */
    static RouteAssessment ofReplaced(DeployWish wish, DeployFacts facts, int oldPort, String oldName, boolean runs) {
        List<Routing> routings = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (RouterSeen router : facts.routers()) {
            told(router, findings).ifPresent(now -> {
                List<ClientRoute> active = now.routes().stream()
                        .filter(r -> r.state() == State.ACTIVE && leads(r, router.at(), wish.host(), oldPort, oldName))
                        .map(r -> to(
                                r, wish.deployment().port(), wish.deployment().servedName()))
                        .toList();
                Set<String> drain = new TreeSet<>();
                active.forEach(r -> drain.add(r.name()));
                if (!active.isEmpty()) {
                    routings.add(new Routing(router.at(), router.lock(), now, runs ? drain : Set.of(), active));
                }
            });
        }
        return new RouteAssessment(routings, findings);
    }

    /** Empty where a router cannot be told anything about one name; of the place's own it is said why. */
    private static Optional<RoutesNow> told(RouterSeen router, List<Finding> findings) {
        RoutesNow now = router.now();
        RouterAt at = router.at();
        if (now == null) {
            if (router.here()) {
                findings.add(Finding.warns(
                        FIELD,
                        "The router " + at.name() + " does not tell its routes; it is left alone.",
                        "See that it runs and that the registered port is right."));
            }
            return Optional.empty();
        }
        if (at.kind() == RouterKind.LLAMA_SWAP) {
            if (router.here()) {
                findings.add(
                        Finding.informs(
                                FIELD,
                                "The router " + at.name()
                                        + " is a llama-swap, which changes all names at once with its profile: it is left alone."));
            }
            return Optional.empty();
        }
        return Optional.of(now);
    }

    private static List<String> names(DeployWish wish) {
        List<String> names = wish.routes().stream()
                .filter(r -> r.main().equals(wish.deployment().id()))
                .map(Route::name)
                .toList();
        return names.isEmpty() ? List.of(wish.deployment().servedName()) : names;
    }

    private static Optional<ClientRoute> newName(
            DeployWish wish, RouterSeen router, RoutesNow now, String name, List<Finding> findings) {
        Deployment deployment = wish.deployment();
        RouterAt at = router.at();
        ClientRoute there = now.find(name).orElse(null);
        if (there == null && !router.here()) {
            return Optional.empty();
        }
        if (there == null && at.kind() != RouterKind.RACKHOUSE) {
            findings.add(Finding.informs(
                    FIELD,
                    at.kind().title() + " takes no new names from the console: add " + name + " to " + at.name()
                            + " to let it lead here."));
            return Optional.empty();
        }
        if (there == null) {
            return Optional.of(new ClientRoute(
                    name,
                    "http://" + address(wish.host(), at.host()) + ":" + deployment.port(),
                    deployment.servedName(),
                    State.ACTIVE,
                    0,
                    "",
                    ""));
        }
        if (leads(there, at, wish.host(), deployment.port(), deployment.servedName())) {
            return Optional.of(to(there, deployment.port(), deployment.servedName()));
        }
        List<Deployment> others = wish.registered().stream()
                .filter(d -> !d.id().equals(deployment.id()) && d.port() == there.port())
                .toList();
        if (there.state() == State.ACTIVE || !others.isEmpty()) {
            String who = others.stream()
                    .filter(d -> d.place().equals(deployment.place())
                            && leads(there, at, wish.host(), d.port(), d.servedName()))
                    .map(d -> d.id().value())
                    .findFirst()
                    .orElse("Somebody else");
            findings.add(Finding.warns(
                    FIELD,
                    "%s answers to %s already at %s (%s); its route is left alone."
                            .formatted(who, name, at.name(), there.backend()),
                    "Serve another name, or ask port " + deployment.port() + " directly."));
            return Optional.empty();
        }
        return Optional.of(new ClientRoute(
                name,
                "http://" + address(wish.host(), at.host()) + ":" + deployment.port(),
                deployment.servedName(),
                State.ACTIVE,
                0,
                "",
                there.id()));
    }

    /** The same route to another port, with the router's own words for the machine. */
    static ClientRoute to(ClientRoute there, int port, String servedName) {
        String backend =
                there.port() == port ? there.backend() : there.backend().replaceFirst(":\\d{1,5}/?$", ":" + port);
        return new ClientRoute(there.name(), backend, servedName, State.ACTIVE, 0, "", there.id());
    }

    /** Whether it leads to this port of this machine. A name of a machine that is not known counts where the model is the right one. */
    private static boolean leads(ClientRoute route, RouterAt at, Host engines, int port, String servedName) {
        if (route.port() != port) {
            return false;
        }
        String machine = route.backend().replaceFirst("^https?://", "").replaceFirst(":\\d{1,5}/?$", "");
        boolean same = at.host().equals(engines);
        boolean loopback = machine.equals("localhost") || machine.startsWith("127.") || machine.equals("[::1]");
        if (loopback) {
            return same;
        }
        boolean number = machine.matches("[0-9.]+") || machine.startsWith("[");
        boolean mayBe = !number || same && engines instanceof Host.Node; // whose address is not known
        return machine.equals(known(engines)) || mayBe && route.model().equals(servedName);
    }

    private static String address(Host engines, Host router) {
        return engines.equals(router) ? LOOPBACK : known(engines);
    }

    private static String known(Host host) {
        return switch (host) {
            case Host.GuestVia guest -> guest.address();
            case Host.Node node -> node.node().node();
        };
    }
}
