package dev.rackhouse.inference.swap;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.Mode;
import dev.rackhouse.inference.Route;
import dev.rackhouse.inference.route.ClientRoute;
import dev.rackhouse.inference.route.ClientRoute.State;
import dev.rackhouse.inference.route.RouterAt;
import dev.rackhouse.inference.route.RoutesNow;
import dev.rackhouse.inference.swap.SwapReadiness.Finding;
import dev.rackhouse.runbook.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which names the router refuses meanwhile, and who answers afterwards.
 *
 * @param routing null when there is no router, or it did not answer
 * @param settled the router has nothing to be told
 */
record RouteDecision(SwapPlan.@Nullable Routing routing, List<Finding> findings, boolean settled) {

    RouteDecision {
        findings = List.copyOf(findings);
    }

    static RouteDecision of(SwapSite site, Mode mode, List<Deployment> target, List<Deployment> stop) {
        RouterAt at = site.router();
        if (at == null) {
            return new RouteDecision(
                    null,
                    List.of(Finding.warns(
                            "No router is registered for " + site.title() + ".",
                            "Clients are not told to wait: they find the old ports closed, and the new ones later.",
                            "Declare the router in the inference file.")),
                    true);
        }
        if (at.kind().needsKey() && at.secret() == null) {
            return new RouteDecision(
                    null,
                    List.of(
                            Finding.blocks(
                                    "The key of the router " + at.name() + " is not stored.",
                                    at.kind().title() + " tells and changes nothing without it.",
                                    "An administrator stores it at the end of the page Modes, or names its source in the inference file.")),
                    true);
        }
        RoutesNow now = site.facts().routes();
        if (now == null) {
            return new RouteDecision(
                    null,
                    List.of(Finding.blocks(
                            "The router " + at.name() + " does not tell its routes.",
                            "Without it clients would be sent to engines that are stopped.",
                            "See that it runs, and that the registered port"
                                    + (at.secret() == null ? " is right." : " and the stored key are right."))),
                    true);
        }
        List<Finding> findings = new ArrayList<>();
        site.doubts().forEach(doubt -> findings.add(Finding.informs(doubt, "")));
        List<ClientRoute> active = new ArrayList<>();
        for (Deployment deployment : target) {
            for (String name : names(site, deployment)) {
                active.add(leading(site, at, now, name, deployment));
            }
        }
        Set<String> answered = new TreeSet<>();
        active.forEach(r -> answered.add(r.name()));
        Set<String> off = new TreeSet<>();
        site.deployments().stream()
                .filter(d -> !target.contains(d) && inAnyMode(site, d))
                .forEach(d -> {
                    off.addAll(names(site, d));
                    now.routes().stream()
                            .filter(r -> r.state() != State.OFF && r.port() == d.port())
                            .forEach(r -> off.add(r.name()));
                });
        off.removeIf(name -> answered.contains(name) || now.find(name).isEmpty());
        Set<String> drain = new TreeSet<>(off);
        now.routes().stream()
                .filter(r -> stop.stream().anyMatch(d -> d.port() == r.port()))
                .forEach(r -> drain.add(r.name()));
        boolean settled = active.stream()
                        .allMatch(r -> now.find(r.name())
                                .filter(n -> n.state() == State.ACTIVE)
                                .isPresent())
                && off.stream()
                        .noneMatch(n -> now.find(n)
                                .filter(r -> r.state() == State.ACTIVE)
                                .isPresent());
        return new RouteDecision(
                new SwapPlan.Routing(at, now, drain, active, off, seconds(site, target)), findings, settled);
    }

    private static boolean inAnyMode(SwapSite site, Deployment deployment) {
        return site.modes().stream().anyMatch(m -> m.deployments().contains(deployment.id()));
    }

    /** Names by which clients ask for it first; its own when nobody has said. */
    private static List<String> names(SwapSite site, Deployment deployment) {
        List<String> names = site.routes().stream()
                .filter(r -> r.main().equals(deployment.id()))
                .map(Route::name)
                .toList();
        return names.isEmpty() ? List.of(deployment.servedName()) : names;
    }

    /** Where the router leads to this port already, its own words for the address are kept. */
    private static ClientRoute leading(SwapSite site, RouterAt at, RoutesNow now, String name, Deployment deployment) {
        ClientRoute there = now.find(name).orElse(null);
        String backend = there != null && there.port() == deployment.port()
                ? there.backend()
                : "http://" + address(site.host(), at.host()) + ":" + deployment.port();
        return new ClientRoute(
                name, backend, deployment.servedName(), State.ACTIVE, 0, "", there == null ? "" : there.id());
    }

    private static String address(Host engines, Host router) {
        return switch (engines) {
            case Host.GuestVia guest -> engines.equals(router) ? "127.0.0.1" : guest.address();
            case Host.Node node ->
                engines.equals(router) ? "127.0.0.1" : node.node().node();
        };
    }

    /** What stopping, starting and proving usually take together. */
    private static int seconds(SwapSite site, List<Deployment> target) {
        List<Deployment> starting = target.stream().filter(d -> !site.asleep(d)).toList();
        return starting.isEmpty() ? 30 : starting.stream().anyMatch(d -> d.engine() == EngineKind.VLLM) ? 150 : 60;
    }
}
