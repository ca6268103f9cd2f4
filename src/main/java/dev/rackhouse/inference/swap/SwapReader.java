package dev.rackhouse.inference.swap;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.EngineCall;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.health.EngineMetrics;
import dev.rackhouse.inference.health.EngineSample;
import dev.rackhouse.inference.route.KeyedRouters;
import dev.rackhouse.inference.route.RouteController;
import dev.rackhouse.inference.route.RouterAt;
import dev.rackhouse.inference.route.RoutesNow;
import dev.rackhouse.inference.swap.SwapFacts.Load;
import dev.rackhouse.inference.swap.SwapFacts.SeenContainer;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Machines;
import dev.rackhouse.runbook.MetGuests;
import dev.rackhouse.runbook.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Looks at a place before a swap: its containers, images, cards, router and engines. Changes nothing. */
@Component
class SwapReader {

    private final Machines machines;
    private final KeyedRouters routers;

    SwapReader(Machines machines, KeyedRouters routers) {
        this.machines = machines;
        this.routers = routers;
    }

    /**
     * Blocks, usually some seconds. What cannot be read is among the troubles; nothing is thrown for it.
     *
     * @param members deployments that stand in modes of the place
     */
    SwapFacts read(
            Host host, List<Deployment> members, @Nullable RouterAt router, @Nullable RouteController controller) {
        Look look = new Look(new MetGuests(), new ArrayList<>());
        EngineCall docker = new EngineCall(host);
        List<SeenContainer> listed = look.ask(docker.docker("/containers/json?all=true"))
                .flatMap(SwapFacts::containers)
                .orElseGet(() -> {
                    look.trouble("Docker on " + host.label() + " did not tell its containers.");
                    return List.of();
                });
        if (listed.isEmpty() && !look.troubles.isEmpty()) {
            return new SwapFacts(Map.of(), Set.of(), null, null, Map.of(), Map.of(), look.troubles);
        }
        Map<String, SeenContainer> containers = new HashMap<>();
        listed.forEach(c -> containers.put(c.name(), c));
        Map<String, Boolean> sleeping = new HashMap<>();
        Map<String, Load> loads = new HashMap<>();
        for (Deployment member : members) {
            SeenContainer seen = containers.get(member.id().value());
            if (seen == null) {
                continue;
            }
            SeenContainer whole = look.ask(docker.inspect(seen.name()))
                    .filter(Answer::succeeded)
                    .map(answer -> SwapFacts.inspected(seen, answer))
                    .orElse(seen);
            containers.put(seen.name(), whole);
            if (seen.up()) {
                load(look, docker, member).ifPresent(load -> loads.put(seen.name(), load));
            }
            if (seen.up() && whole.maySleep()) {
                look.ask(docker.isSleeping(member.port(), ""))
                        .flatMap(SwapFacts::sleeping)
                        .ifPresent(asleep -> sleeping.put(seen.name(), asleep));
            }
        }
        CardsLook cards = look.ask(CardsLook.read(host))
                .flatMap(answer -> CardsLook.parse(answer.text()))
                .orElse(null);
        if (cards == null) {
            look.trouble("The GPUs of " + host.label() + " could not be read.");
        }
        return new SwapFacts(
                containers,
                images(look, docker, members),
                cards,
                routes(look, router, controller),
                sleeping,
                loads,
                look.troubles);
    }

    private static Set<String> images(Look look, EngineCall docker, List<Deployment> members) {
        Set<String> wanted = new TreeSet<>();
        members.forEach(m -> wanted.add(m.image()));
        Set<String> there = new HashSet<>();
        for (String image : wanted) {
            if (image.startsWith("/")) {
                continue; // a program of a Mac
            }
            look.ask(docker.docker("/images/" + image + "/json"))
                    .filter(Answer::succeeded)
                    .ifPresent(_ -> there.add(image));
        }
        return there;
    }

    /** An engine that loads or hangs does not answer; that is no trouble here. */
    private static Optional<Load> load(Look look, EngineCall docker, Deployment member) {
        if (member.engine() == EngineKind.OLLAMA) {
            return Optional.empty();
        }
        Optional<Answer> answer = look.ask(docker.get(member.port(), "", "/metrics"));
        Optional<EngineSample> sample = answer.filter(Answer::succeeded)
                .flatMap(a -> member.engine() == EngineKind.VLLM
                        ? EngineMetrics.vllm(a.text())
                        : EngineMetrics.llama(a.text(), null));
        return sample.map(s -> new Load(s.running(), s.waiting()));
    }

    private @Nullable RoutesNow routes(Look look, @Nullable RouterAt router, @Nullable RouteController controller) {
        if (router == null || controller == null) {
            return null;
        }
        return look.ask(routers.withKey(controller.look(router), router))
                .flatMap(controller::read)
                .orElse(null);
    }

    /** One look with its keys and what went wrong. */
    private final class Look {
        private final MetGuests met;
        private final List<String> troubles;

        Look(MetGuests met, List<String> troubles) {
            this.met = met;
            this.troubles = troubles;
        }

        void trouble(String sentence) {
            if (troubles.isEmpty()) {
                troubles.add(sentence);
            }
        }

        /** The answer; empty when the machine or the port was not reached. Only the machine itself is a trouble. */
        Optional<Answer> ask(Command command) {
            try {
                return Optional.of(
                        switch (command) {
                            case ServiceCall call -> machines.call(call, met);
                            case Shell shell -> machines.run(shell.host(), shell.script(), "", shell.timeout(), met);
                            case Command.ApiCall _,
                                    Command.FileEdit _,
                                    Command.SysfsWrite _,
                                    Command.Wait _,
                                    Command.Pause _ -> throw new IllegalStateException("A look only reads: " + command);
                        });
            } catch (RemoteFailure failure) {
                boolean port = command instanceof ServiceCall call && call.service() instanceof Service.LocalPort;
                if (!port) {
                    trouble(String.valueOf(failure.getMessage()));
                }
                return Optional.empty();
            }
        }
    }
}
