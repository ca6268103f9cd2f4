package dev.rackhouse.rehearsal;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.health.EngineStanding;
import dev.rackhouse.inference.live.Standings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code bench health}: what the console says of an engine of the pretend thor, and after how long, while the engine is idle, busy,
 * overrun, hanging, dead though it answers 200, loading for long, and gone. The console looks by the clock of the wall, as in a house;
 * the engine is not played faster.
 */
final class HealthBench {

    private static final int VMID = 110;
    private static final String ENGINE = "vllm-7b";
    private static final Duration GOAL = Duration.ofSeconds(120);

    private final Workbench console;
    private final Control control;
    private final NodeRef node;
    private final ThorsGuest guest;
    private boolean kept = true;

    private HealthBench(Workbench console, Control control, NodeRef node, ThorsGuest guest) {
        this.console = console;
        this.control = control;
        this.node = node;
        this.guest = guest;
    }

    /** @return whether everything was told right, and what hangs within two minutes */
    static boolean run(Path folder) {
        SwapServingModeRehearsal scene = SwapServingModeRehearsal.with(SwapServingModeRehearsal.Sleep.NOBODY);
        Map<String, Object> settings = new HashMap<>(scene.settings(folder));
        settings.put("rackhouse.modes.every", "0"); // what is stopped here stays stopped
        try (PretendLabs labs = PretendLabs.start(folder.resolve("labs"), "thor", "--speed", "1");
                Workbench console = Workbench.working(labs, folder.resolve("data"), settings)) {
            NodeRef node = console.awaitNode("thor");
            Control control = labs.control("thor");
            scene.prepare(console, control, node);
            HealthBench bench = new HealthBench(console, control, node, ThorsGuest.opened(console, control, node));
            bench.play();
            return bench.kept;
        }
    }

    private void play() {
        said("idle, after its first proof", "ready", Duration.ofMinutes(6), false);
        URI door =
                URI.create(control.get("/router/thor/" + VMID).path("clients").asString(""));
        try (ChatClients some = ChatClients.start(door, List.of("qwen2.5-7b"), 3)) {
            said("three clients", "busy", Duration.ofMinutes(1), false);
            fault("wedge");
            said("it hangs with three clients", "wedged", GOAL, true);
            fault("none");
            guest.restarted(ENGINE);
            said("restarted, three clients", "busy", Duration.ofMinutes(6), false);
        }
        try (ChatClients many = ChatClients.start(door, List.of("qwen2.5-7b"), 150)) {
            said("a hundred and fifty clients", "saturated", Duration.ofMinutes(3), false);
        }
        said("idle again", "ready", Duration.ofMinutes(3), false);
        fault("dead-but-200");
        said("idle, answers 200 and nothing else", "wedged", GOAL, true);
        fault("none");
        fault("slow-load");
        guest.restarted(ENGINE);
        said("loads for long", "loading", Duration.ofMinutes(1), false);
        said("has loaded", "ready", Duration.ofMinutes(15), false);
        guest.stopped(ENGINE);
        said("stopped by somebody", "dead", GOAL, true);
    }

    /** Waits until the console says so; a restart may be proposed only where that is the end. */
    private void said(String scene, String word, Duration patience, boolean ends) {
        Standings standings = console.part(Standings.class);
        Clock clock = Clock.systemUTC();
        TreeSet<String> meanwhile = new TreeSet<>();
        TreeSet<String> wronged = new TreeSet<>();
        long began = System.nanoTime();
        EngineStanding now = standing(standings, clock);
        while (!now.word().equals(word) && passed(began).compareTo(patience) < 0) {
            meanwhile.add(now.word());
            if (now.mayRestart() && !ends && meanwhile.size() > 1) {
                wronged.add(now.word() + ": " + now.sentence());
            }
            Workbench.pause();
            now = standing(standings, clock);
        }
        boolean right = now.word().equals(word) && wronged.isEmpty();
        kept &= right;
        System.out.printf(
                Locale.ROOT,
                "%-36s %-10s after %5.1f s   %s%s%s%n",
                scene,
                now.word(),
                passed(began).toMillis() / 1000.0,
                now.sentence(),
                right ? "" : "   WANTED " + word,
                wronged.isEmpty() ? "" : "   WRONGLY FOR A RESTART " + wronged);
    }

    private static EngineStanding standing(Standings standings, Clock clock) {
        return standings.of(new DeploymentId(ENGINE)).orElseThrow().standing(clock.instant());
    }

    private static Duration passed(long since) {
        return Duration.ofNanos(System.nanoTime() - since);
    }

    private void fault(String name) {
        control.post(
                "/engines/fault",
                JsonMapper.shared()
                        .writeValueAsString(Map.of(
                                "node", node.node(), "vmid", VMID, "container", ENGINE, "fault", name, "times", 1)));
    }
}
