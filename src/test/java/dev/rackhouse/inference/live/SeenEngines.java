package dev.rackhouse.inference.live;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.live.PlaceCollector.Duty;
import dev.rackhouse.inference.live.PlaceCollector.Looked;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.MetGuests;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Engines as collectors would have seen them, for tests of screens. */
public final class SeenEngines {

    private final Standings standings;
    private final Deployment deployment;
    private final PretendPlace place = new PretendPlace();
    private final PlaceCollector collector;

    public SeenEngines(Standings standings, Deployment deployment) {
        this.standings = standings;
        this.deployment = deployment;
        this.collector = new PlaceCollector(
                deployment.place(),
                new StartMemory() {
                    @Override
                    public StartTimes of(dev.rackhouse.inference.DeploymentId id) {
                        return StartTimes.NONE;
                    }

                    @Override
                    public StartTimes learn(dev.rackhouse.inference.DeploymentId id, StartTimes.Start start) {
                        return new StartTimes(List.of(start));
                    }
                },
                Runnable::run);
    }

    /** It has served for a minute, at 84 tokens a second for 4 requests. */
    public void busy(Instant now) {
        PretendPlace.Box box = place.box("ab", deployment.id().value());
        Instant began = now.minusSeconds(120);
        box.startedAt = began.toString();
        box.log.add(began.plusSeconds(5) + " non-default args: {}");
        box.log.add(began.plusSeconds(20) + " Starting to load model x");
        box.log.add(began.plusSeconds(50) + " Available KV cache memory: 10.66 GiB");
        box.log.add(began.plusSeconds(60) + " Application startup complete.");
        place.answers(deployment.port(), "/health", "");
        counts(1000);
        look(now.minusSeconds(10));
        counts(1840);
        look(now);
    }

    /** It loads weights for ten seconds now. */
    public void loading(Instant now) {
        PretendPlace.Box box = place.box("ab", deployment.id().value());
        Instant began = now.minusSeconds(30);
        box.startedAt = began.toString();
        box.log.add(began.plusSeconds(5) + " non-default args: {}");
        box.log.add(began.plusSeconds(20) + " Starting to load model x");
        look(now);
    }

    /** Its start ran out of memory. */
    public void failed(Instant now) {
        PretendPlace.Box box = place.box("ab", deployment.id().value());
        box.state = "exited";
        box.exitCode = 1;
        box.startedAt = now.minusSeconds(30).toString();
        Samples.text("vllm/startup-fail-freemem.log").lines().forEach(l -> box.log.add(now.minusSeconds(9) + " " + l));
        look(now);
    }

    /** The place is not reached any more. */
    public void lost(Instant now, String sentence) {
        standings.put(collector.lost(duty(), sentence, now), Map.of(), false);
    }

    private void counts(long tokens) {
        place.answers(
                deployment.port(),
                "/metrics",
                "vllm:num_requests_running 4\nvllm:num_requests_waiting 1\nvllm:kv_cache_usage_perc 0.25\n"
                        + "vllm:generation_tokens_total " + tokens + "\n");
    }

    private void look(Instant at) {
        PlaceDoor door = new PlaceDoor(place, new Host.Node(new NodeRef(Samples.LAB, "somewhere")), new MetGuests());
        Looked looked = collector.look(duty(), door, at);
        standings.put(looked, collector.points(), true);
    }

    private Duty duty() {
        return new Duty(
                deployment.place(),
                false,
                List.of(deployment),
                List.of(deployment.id()),
                Map.of(EngineKind.VLLM, new Samples.Looked(EngineKind.VLLM)),
                Map.of());
    }
}
