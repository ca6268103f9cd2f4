package dev.rackhouse.inference.live;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuReadings;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.ModelId;
import dev.rackhouse.inference.Models;
import dev.rackhouse.inference.PlaceHosts;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.ServingEngine;
import dev.rackhouse.inference.UnifiedMachine;
import dev.rackhouse.inference.live.PlaceCollector.Duty;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Machines;
import dev.rackhouse.runbook.MetGuests;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Looks at every place that has deployments: one collector a place, however many people look; every five seconds while something
 * happens or somebody looks, every thirty else. Places are looked at side by side, so one that hangs holds up no other.
 */
@Component
@EnableConfigurationProperties(LiveSettings.class)
class LiveCollectors implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LiveCollectors.class);
    private static final Duration REGISTRY = Duration.ofSeconds(5);

    private static final class Round {
        private final PlaceCollector collector;
        private final AtomicBoolean looking = new AtomicBoolean();
        private volatile Instant lookedAt = Instant.EPOCH;

        Round(PlaceCollector collector) {
            this.collector = collector;
        }
    }

    private final Deployments deployments;
    private final Models models;
    private final List<ServingEngine> engines;
    private final PlaceHosts hosts;
    private final Inventory inventory;
    private final Machines machines;
    private final GpuReadings readings;
    private final Standings standings;
    private final LiveStore store;
    private final LiveSettings settings;
    private final Clock clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<PlaceRef, Round> rounds = new ConcurrentHashMap<>();
    private final MetGuests keys = new MetGuests();
    private Map<PlaceRef, Duty> duties = Map.of();
    private Instant registryReadAt = Instant.EPOCH;
    private volatile boolean running;
    private volatile @Nullable Thread ticker;

    LiveCollectors(
            Deployments deployments,
            Models models,
            List<ServingEngine> engines,
            PlaceHosts hosts,
            Inventory inventory,
            Machines machines,
            GpuReadings readings,
            Standings standings,
            LiveStore store,
            LiveSettings settings,
            Clock clock) {
        this.deployments = deployments;
        this.models = models;
        this.engines = engines;
        this.hosts = hosts;
        this.inventory = inventory;
        this.machines = machines;
        this.readings = readings;
        this.standings = standings;
        this.store = store;
        this.settings = settings;
        this.clock = clock;
    }

    /** Starts what is due and returns at once. */
    void tick() {
        Instant now = clock.instant();
        if (!registryReadAt.plus(REGISTRY).isAfter(now)) {
            registryReadAt = now;
            duties = duties();
            rounds.keySet().retainAll(duties.keySet());
            standings.keep(duties.keySet());
        }
        duties.forEach((place, duty) -> {
            Round round = rounds.computeIfAbsent(place, p -> new Round(new PlaceCollector(p, store, threads)));
            Duration pause = round.collector.pause(standings.watched(now));
            boolean due = !round.lookedAt.plus(pause).isAfter(now);
            if ((due || standings.takeSoon(place)) && round.looking.compareAndSet(false, true)) {
                round.lookedAt = now;
                threads.execute(() -> look(round, duty));
            }
        });
    }

    private void look(Round round, Duty duty) {
        try {
            Optional<Host> host = hosts.host(duty.place());
            if (host.isEmpty()) {
                if (duty.place() instanceof PlaceRef.InGuest in) {
                    inventory.opened(in.guest());
                }
                lost(
                        round,
                        duty,
                        "It is not known how to reach this place yet: its configuration is read for an address.");
                return;
            }
            PlaceCollector.Looked looked =
                    round.collector.look(duty, new PlaceDoor(machines, host.get(), keys), clock.instant());
            if (!looked.place().cards().isEmpty()
                    && looked.place().cardTrouble().isEmpty()) {
                readings.put(duty.place(), looked.place().cards());
            }
            standings.put(looked, round.collector.points(), true);
        } catch (RemoteFailure failure) {
            lost(round, duty, failure.getMessage());
        } catch (CancellationException stopping) {
            LOG.debug("looking at {} was given up, since the console stops", duty.place());
        } catch (RuntimeException broken) {
            LOG.error("looking at {} broke", duty.place(), broken);
            lost(round, duty, "The console could not read what it saw there; its log tells more.");
        } finally {
            round.lookedAt = clock.instant();
            round.looking.set(false);
        }
    }

    private void lost(Round round, Duty duty, @Nullable String sentence) {
        standings.put(
                round.collector.lost(duty, sentence == null ? "It was not reached." : sentence, clock.instant()),
                Map.of(),
                false);
    }

    private Map<PlaceRef, Duty> duties() {
        List<DeploymentId> wanted =
                deployments.wanted().stream().map(Deployment::id).toList();
        Set<PlaceRef> unified =
                deployments.machines().stream().map(UnifiedMachine::place).collect(Collectors.toSet());
        Map<ModelId, Model.Purpose> purposes =
                models.list().stream().collect(Collectors.toMap(Model::id, Model::purpose, (a, b) -> a));
        Map<EngineKind, ServingEngine> byKind =
                new EnumMap<>(engines.stream().collect(Collectors.toMap(ServingEngine::kind, Function.identity())));
        Map<PlaceRef, List<Deployment>> byPlace = deployments.list().stream()
                .collect(Collectors.groupingBy(Deployment::place, LinkedHashMap::new, Collectors.toList()));
        Map<PlaceRef, Duty> all = new LinkedHashMap<>();
        byPlace.forEach((place, its) -> {
            Map<DeploymentId, Model.Purpose> purpose = new HashMap<>();
            its.forEach(d -> purpose.put(d.id(), purposes.getOrDefault(d.model(), Model.Purpose.CHAT)));
            all.put(place, new Duty(place, unified.contains(place), its, wanted, byKind, purpose));
        });
        return all;
    }

    @Override
    public void start() {
        if (!settings.collects()) {
            LOG.info("This replica does not look at engines (rackhouse.inference.live.collect=false).");
            return;
        }
        running = true;
        ticker = Thread.ofVirtual().name("engines").start(() -> {
            while (running) {
                try {
                    tick();
                } catch (RuntimeException broken) {
                    LOG.error("looking which places are due failed", broken);
                }
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
        });
    }

    @Override
    public void stop() {
        running = false;
        Thread last = ticker;
        if (last != null) {
            LockSupport.unpark(last);
        }
        threads.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
