package dev.rackhouse.inference.live;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inventory.PciDeviceView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * How all engines and their cards stand, as last seen: read from memory, at any time, by any number of readers. Asks no machine; who
 * wants to see something newer says so with {@link #watched} or {@link #soon}. Safe for many threads.
 */
@Service("engineStandings")
public class Standings {

    private static final Logger LOG = LoggerFactory.getLogger(Standings.class);
    private static final Duration WATCHED_FOR = Duration.ofSeconds(30);

    /** Ends a listening. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    private record CardKey(PlaceRef place, String uuid) {}

    private final Deployments deployments;
    private final LiveStore store;
    private final Clock clock;
    private final Map<PlaceRef, PlaceNow> places = new ConcurrentHashMap<>();
    private final Map<DeploymentId, DeploymentNow> engines = new ConcurrentHashMap<>();
    private final Map<DeploymentId, Trail<EnginePoint>> engineTrails = new ConcurrentHashMap<>();
    private final Map<CardKey, Trail<CardPoint>> cardTrails = new ConcurrentHashMap<>();
    private final Set<PlaceRef> soon = ConcurrentHashMap.newKeySet();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Instant watchedAt = Instant.EPOCH;

    Standings(Deployments deployments, LiveStore store, Clock clock) {
        this.deployments = deployments;
        this.store = store;
        this.clock = clock;
    }

    /** Every registered deployment, by place and port; those that nobody has looked at yet are unknown. */
    public List<DeploymentNow> all() {
        List<Deployment> registered = deployments.list();
        Set<DeploymentId> wanted = new HashSet<>();
        deployments.wanted().forEach(d -> wanted.add(d.id()));
        return registered.stream().map(d -> now(d, wanted.contains(d.id()))).toList();
    }

    /** Empty when there is no such deployment. */
    public Optional<DeploymentNow> of(DeploymentId id) {
        return all().stream().filter(d -> d.id().equals(id)).findFirst();
    }

    /** What is known changes with the registry at once, and with machines when somebody has looked. */
    private DeploymentNow now(Deployment registered, boolean wanted) {
        DeploymentNow seen = engines.get(registered.id());
        if (seen == null || !seen.deployment().place().equals(registered.place())) {
            PlaceNow place = places.get(registered.place());
            return DeploymentNow.unseen(registered, wanted, place == null ? "" : place.trouble(), clock.instant());
        }
        return new DeploymentNow(
                registered,
                wanted,
                seen.process(),
                seen.judged(),
                seen.since(),
                seen.figures(),
                seen.start(),
                seen.lastLines(),
                seen.seen(),
                seen.trouble());
    }

    /** The places that somebody has tried to look at. */
    public List<PlaceNow> places() {
        return List.copyOf(places.values());
    }

    public Optional<PlaceNow> place(PlaceRef place) {
        return Optional.ofNullable(places.get(place));
    }

    /** The figures of an engine, oldest first: minutes from the database, then the newest looks. */
    public List<EnginePoint> history(DeploymentId id, Duration back) {
        Instant from = clock.instant().minus(back);
        Trail<EnginePoint> trail = engineTrails.get(id);
        List<EnginePoint> fresh = trail == null ? List.of() : trail.after(from);
        List<EnginePoint> all = new ArrayList<>(store.engine(id, from));
        if (!fresh.isEmpty()) {
            Instant begins = fresh.getFirst().at();
            all.removeIf(p -> !p.at().isBefore(begins));
        }
        all.addAll(fresh);
        return all;
    }

    /** The figures of an engine over the last minutes, oldest first, from memory alone. */
    public List<EnginePoint> recent(DeploymentId id) {
        Trail<EnginePoint> trail = engineTrails.get(id);
        return trail == null ? List.of() : trail.after(Instant.EPOCH);
    }

    /** A card in a place, as a deployment names it; empty when none names that one. */
    public Optional<CardNow> card(PciDeviceView device) {
        for (Deployment d : deployments.list()) {
            for (GpuPin pin : d.gpus()) {
                if (device.address().equals(pin.address()) && stands(device, d.place())) {
                    PlaceNow place = places.get(d.place());
                    return Optional.of(new CardNow(
                            d.place(),
                            pin.uuid(),
                            place == null ? null : place.card(pin.uuid()).orElse(null),
                            place == null ? "" : place.trouble().isEmpty() ? place.cardTrouble() : place.trouble()));
                }
            }
        }
        return Optional.empty();
    }

    /** The deployments that name the card, by port. */
    public List<DeploymentId> on(PciDeviceView device) {
        return deployments.list().stream()
                .filter(d -> stands(device, d.place()))
                .filter(d -> d.gpus().stream().anyMatch(g -> device.address().equals(g.address())))
                .map(Deployment::id)
                .toList();
    }

    /** The deployments of a machine of its own: a Docker host, a Mac. */
    public List<DeploymentId> on(NodeRef node) {
        return deployments.list().stream()
                .filter(d -> d.place().equals(new PlaceRef.OnHost(node)))
                .map(Deployment::id)
                .toList();
    }

    /** The guest that has the card, or would have it; or the host that drives it. */
    private static boolean stands(PciDeviceView device, PlaceRef place) {
        return switch (place) {
            case PlaceRef.OnHost host -> host.node().equals(device.node());
            case PlaceRef.InGuest in ->
                device.holder() != null
                        ? device.holder().guest().equals(in.guest())
                        : device.wanted().stream().anyMatch(w -> w.guest().equals(in.guest()));
        };
    }

    /** The figures of a card, oldest first: minutes from the database, then the newest looks. */
    public List<CardPoint> history(PlaceRef place, String uuid, Duration back) {
        Instant from = clock.instant().minus(back);
        Trail<CardPoint> trail = cardTrails.get(new CardKey(place, uuid));
        List<CardPoint> fresh = trail == null ? List.of() : trail.after(from);
        List<CardPoint> all = new ArrayList<>(store.card(place, uuid, from));
        if (!fresh.isEmpty()) {
            Instant begins = fresh.getFirst().at();
            all.removeIf(p -> !p.at().isBefore(begins));
        }
        all.addAll(fresh);
        return all;
    }

    /** Somebody looks at a page: for half a minute places are looked at more often, once for all who look. */
    public void watched() {
        watchedAt = clock.instant();
    }

    boolean watched(Instant now) {
        return watchedAt.plus(WATCHED_FOR).isAfter(now);
    }

    /** Something was done there: the place is looked at within a second or two. */
    public void soon(PlaceRef place) {
        soon.add(place);
    }

    boolean takeSoon(PlaceRef place) {
        return soon.remove(place);
    }

    /** Called after each look, on the collector's thread: must be quick. */
    public Registration onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void put(PlaceCollector.Looked looked, Map<DeploymentId, EnginePoint> points, boolean complete) {
        PlaceNow place = looked.place();
        places.put(place.place(), place);
        looked.deployments().forEach(d -> engines.put(d.id(), d));
        if (complete) {
            points.forEach((id, point) -> {
                EnginePoint full = engineTrails
                        .computeIfAbsent(id, i -> new Trail<>(EnginePoint::at, EnginePoint::minute))
                        .add(point);
                if (full != null) {
                    store.add(id, full);
                }
            });
            place.cards().forEach(card -> {
                CardPoint full = cardTrails
                        .computeIfAbsent(
                                new CardKey(place.place(), card.uuid()), k -> new Trail<>(CardPoint::at, List::getLast))
                        .add(CardPoint.of(card));
                if (full != null) {
                    store.add(place.place(), card.uuid(), full);
                }
            });
        }
        listeners.forEach(listener -> {
            try {
                listener.run();
            } catch (RuntimeException broken) {
                LOG.warn("a listener to engines failed", broken);
            }
        });
    }

    /** Places without deployments are forgotten, with their engines. */
    void keep(Set<PlaceRef> stillThere) {
        places.keySet().retainAll(stillThere);
        engines.values().removeIf(d -> !stillThere.contains(d.deployment().place()));
        engineTrails.keySet().retainAll(engines.keySet());
        cardTrails.keySet().removeIf(card -> !stillThere.contains(card.place()));
    }
}
