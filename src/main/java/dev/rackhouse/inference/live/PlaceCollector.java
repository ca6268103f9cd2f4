package dev.rackhouse.inference.live;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Seen;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuReading;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.ServingEngine;
import dev.rackhouse.inference.health.EngineStanding;
import dev.rackhouse.inference.health.Health;
import dev.rackhouse.inference.health.LoadPhase;
import dev.rackhouse.inference.health.Observation.Canary;
import dev.rackhouse.inference.health.Observation.Process;
import dev.rackhouse.runbook.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one place and keeps what it saw. A look is one list of containers, one script for the GPUs, and for each running engine its
 * health, its counters and the new lines of its log. One look at a time.
 */
final class PlaceCollector {

    /** A container that started longer ago is ready or stuck: lines after that hour tell nothing about its start. */
    private static final Duration START_LOG = Duration.ofHours(1);

    private static final String SOURCE = "log and counters over SSH";

    /**
     * What the place holds.
     *
     * @param unified a Mac: programs instead of containers
     * @param models purposes of models, for the tiny prompt
     */
    record Duty(
            PlaceRef place,
            boolean unified,
            List<Deployment> deployments,
            List<DeploymentId> wanted,
            Map<EngineKind, ServingEngine> engines,
            Map<DeploymentId, Model.Purpose> purposes) {}

    /** What a look leaves behind. */
    record Looked(PlaceNow place, List<DeploymentNow> deployments) {}

    private record Inspected(String listed, ContainerState state) {}

    private final StartMemory memory;
    private final Executor prompts;
    private final Map<DeploymentId, EngineTrack> tracks = new HashMap<>();
    private final Map<DeploymentId, Inspected> inspected = new HashMap<>();
    private final Map<DeploymentId, CompletableFuture<Optional<Canary>>> canaries = new ConcurrentHashMap<>();
    private final Map<String, Instant> began = new HashMap<>();
    private PlaceNow last;
    private List<DeploymentNow> stand = List.of();

    /** @param prompts runs the tiny prompts, which may take long */
    PlaceCollector(PlaceRef place, StartMemory memory, Executor prompts) {
        this.memory = memory;
        this.prompts = prompts;
        this.last = new PlaceNow(place, List.of(), "", null, "");
    }

    /** The place was not reached: what was seen stays, with its age. */
    Looked lost(Duty duty, String sentence, Instant at) {
        last = new PlaceNow(duty.place(), last.cards(), last.cardTrouble(), last.seen(), sentence);
        Map<DeploymentId, DeploymentNow> before = new HashMap<>();
        stand.forEach(d -> before.put(d.id(), d));
        stand = duty.deployments().stream()
                .map(d -> {
                    DeploymentNow was = before.get(d.id());
                    boolean wanted = duty.wanted().contains(d.id());
                    return was == null || was.seen() == null
                            ? DeploymentNow.unseen(d, wanted, sentence, at)
                            : new DeploymentNow(
                                    d,
                                    wanted,
                                    was.process(),
                                    was.judged(),
                                    was.since(),
                                    was.figures(),
                                    was.start(),
                                    was.lastLines(),
                                    was.seen(),
                                    sentence);
                })
                .toList();
        return new Looked(last, stand);
    }

    /** @throws RemoteFailure when the place is not reached; nothing is changed then */
    Looked look(Duty duty, PlaceDoor door, Instant at) {
        GpuLook gpus = duty.unified()
                ? null
                : GpuLook.read(door.shell(GpuLook.script()).text());
        Programs programs = duty.unified() ? programs(door, at) : null;
        List<Container> containers = duty.unified() ? List.of() : containers(door);
        List<GpuReading> cards = gpus == null ? List.of() : gpus.readings(containers, duty.deployments(), at);
        tracks.keySet()
                .retainAll(duty.deployments().stream().map(Deployment::id).toList());
        List<DeploymentNow> seen = new ArrayList<>();
        for (Deployment d : duty.deployments()) {
            EngineTrack track = tracks.computeIfAbsent(d.id(), id -> new EngineTrack(memory.of(id)));
            Container container = Container.among(containers, d.id()).orElse(null);
            one(duty, door, d, track, container, programs, cards, at);
            seen.add(track.now(d, duty.wanted().contains(d.id()), order(duty, d), SOURCE, at));
        }
        last = new PlaceNow(
                duty.place(),
                cards.isEmpty() && gpus != null && !gpus.trouble().isEmpty() ? last.cards() : cards,
                gpus == null ? "" : gpus.trouble(),
                new Seen(duty.unified() ? "ps over SSH" : "Docker over SSH", at),
                "");
        stand = List.copyOf(seen);
        return new Looked(last, stand);
    }

    private static List<Container> containers(PlaceDoor door) {
        Answer answer = door.docker("/containers/json?all=true");
        return Container.list(answer)
                .orElseThrow(() -> new RemoteFailure.Unreadable(
                        "read the list of containers",
                        door.host().label(),
                        answer.error().isBlank() ? "no list" : answer.error(),
                        "See whether Docker runs there and whether the user may use it.",
                        null));
    }

    private void one(
            Duty duty,
            PlaceDoor door,
            Deployment d,
            EngineTrack track,
            @Nullable Container container,
            @Nullable Programs programs,
            List<GpuReading> cards,
            Instant at) {
        ServingEngine engine = duty.engines().get(d.engine());
        Process listed = container == null ? ContainerState.ABSENT : inspect(door, d, container);
        boolean asks = programs != null || listed.state() == Process.State.RUNNING;
        EngineLook look = asks && engine != null ? EngineLook.at(door, d, engine.endpoints()) : EngineLook.NOT_ASKED;
        Process process = programs == null ? listed : programs.process(d, look.answered());
        track.begins(process);
        if (container != null) {
            log(door, container, process, track, at);
        }
        track.saw(
                at,
                process,
                look,
                cards.stream()
                        .filter(c -> d.gpus().stream().anyMatch(g -> g.uuid().equals(c.uuid())))
                        .toList(),
                arrived(d.id()));
        track.lesson(order(duty, d)).ifPresent(lesson -> track.learned(memory.learn(d.id(), lesson)));
        if (engine != null && Health.canaryDue(track.history(), at)) {
            send(duty, door, d, engine);
        }
    }

    private Programs programs(PlaceDoor door, Instant at) {
        Programs programs = Programs.read(door, at, began);
        List<Programs.Running> running = programs.running();
        if (running != null) {
            began.clear();
            running.forEach(r -> began.put(r.pid(), r.startedAt()));
        }
        return programs;
    }

    private static List<LoadPhase> order(Duty duty, Deployment d) {
        ServingEngine engine = duty.engines().get(d.engine());
        return engine == null
                ? List.of()
                : engine.phases().stream()
                        .filter(p -> p != LoadPhase.NCCL || d.gpus().size() > 1)
                        .toList();
    }

    /** Asks again only when the list shows the container differently: started anew, ended, an hour older. */
    private Process inspect(PlaceDoor door, Deployment d, Container container) {
        String listed = container.id() + " " + container.state() + " " + container.status();
        Inspected before = inspected.get(d.id());
        if (before != null && before.listed().equals(listed)) {
            return before.state().process();
        }
        Optional<ContainerState> state = ContainerState.of(door.docker("/containers/" + container.id() + "/json"));
        state.ifPresent(s -> inspected.put(d.id(), new Inspected(listed, s)));
        return state.map(ContainerState::process).orElse(new Process(Process.State.UNKNOWN, null, null));
    }

    /** The beginning once, since it tells how the start went; then what is new. */
    private static void log(PlaceDoor door, Container container, Process process, EngineTrack track, Instant at) {
        Instant started = process.startedAt();
        if (started == null) {
            return;
        }
        String path = "/containers/" + container.id() + "/logs?stdout=true&stderr=true&timestamps=true";
        if (track.logUntil().equals(Instant.EPOCH)) {
            Instant until = started.plus(START_LOG);
            Answer head = door.docker(path + "&since=" + started.getEpochSecond() + "&until="
                    + seconds(until.isBefore(at) ? until : at.plusSeconds(1)));
            if (head.succeeded()) {
                track.read(LogLine.read(head.text(), started.minusSeconds(1), at));
            }
            if (until.isAfter(at)) {
                return;
            }
        }
        Instant since = track.logUntil().isAfter(started) ? track.logUntil() : started;
        Answer more = door.docker(path + "&tail=400&since=" + seconds(since));
        if (more.succeeded()) {
            track.read(LogLine.read(more.text(), since, at));
        }
    }

    private static String seconds(Instant at) {
        return at.getEpochSecond() + "." + String.format(java.util.Locale.ROOT, "%09d", at.getNano());
    }

    private @Nullable Canary arrived(DeploymentId id) {
        CompletableFuture<Optional<Canary>> sent = canaries.get(id);
        if (sent == null || !sent.isDone()) {
            return null;
        }
        canaries.remove(id);
        return sent.isCompletedExceptionally() ? null : sent.join().orElse(null);
    }

    /** One at a time for each engine; its end is noted at a later look. */
    private void send(Duty duty, PlaceDoor door, Deployment d, ServingEngine engine) {
        CanaryPrompt prompt = CanaryPrompt.of(
                engine.endpoints().completion(),
                d.servedName(),
                duty.purposes().getOrDefault(d.id(), Model.Purpose.CHAT));
        canaries.computeIfAbsent(
                d.id(), id -> CompletableFuture.supplyAsync(() -> prompt.send(door, d.port()), prompts));
    }

    /** How soon to look again: while something happens soon, else seldom. */
    Duration pause(boolean watched) {
        boolean restless = false;
        boolean working = false;
        for (DeploymentNow d : stand) {
            switch (d.judged()) {
                case EngineStanding.Loading l -> restless = true;
                case EngineStanding.Wedged w -> working = true;
                case EngineStanding.Busy b -> working = true;
                case EngineStanding.Answering a -> working = true;
                case EngineStanding.Saturated s -> working = true;
                case EngineStanding.Unknown u -> restless |= d.process().state() == Process.State.RUNNING;
                case EngineStanding.Dead dead -> {
                    // it stays so until somebody does something
                }
                case EngineStanding.Asleep a -> {
                    // likewise
                }
                case EngineStanding.Ready r -> {
                    // idle
                }
                case EngineStanding.Slowed s -> {
                    // it stays so until it is loaded anew
                }
            }
        }
        if (!last.trouble().isEmpty()) {
            return watched && last.seen() == null ? WORKING : SELDOM;
        }
        return restless || watched || !canaries.isEmpty() ? OFTEN : working ? WORKING : SELDOM;
    }

    static final Duration OFTEN = Duration.ofSeconds(5);
    static final Duration WORKING = Duration.ofSeconds(10);
    static final Duration SELDOM = Duration.ofSeconds(30);

    /** The latest figures of each engine, for the charts. */
    Map<DeploymentId, EnginePoint> points() {
        Map<DeploymentId, EnginePoint> points = new HashMap<>();
        tracks.forEach((id, track) -> {
            EnginePoint point = track.latest();
            if (point != null) {
                points.put(id, point);
            }
        });
        return points;
    }
}
