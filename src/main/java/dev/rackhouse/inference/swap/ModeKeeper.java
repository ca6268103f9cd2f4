package dev.rackhouse.inference.swap;

import dev.rackhouse.access.Operator;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.Mode;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.swap.SwapJournal.Entry;
import dev.rackhouse.inference.swap.SwapReadiness.Ready;
import dev.rackhouse.runbook.RunState;
import dev.rackhouse.runbook.Start;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Sees to it that the desired mode of each place runs, also after a restart of anything: when another set is up, or both, or none, it
 * starts the same run that an operator would. It acts only on what it has seen twice, never while another run is at work there, and
 * never again after a swap that did not end well: then a person decides.
 */
@Component
class ModeKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(ModeKeeper.class);

    private final Deployments deployments;
    private final Swaps swaps;
    private final SwapJournal journal;
    private final Map<PlaceRef, Difference> seen = new ConcurrentHashMap<>();

    /** Why it could not act, as it was last logged. */
    private final Map<PlaceRef, String> told = new ConcurrentHashMap<>();

    /** What has to be stopped and started. */
    private record Difference(String mode, Set<String> stop, Set<String> start) {}

    ModeKeeper(Deployments deployments, Swaps swaps, SwapJournal journal) {
        this.deployments = deployments;
        this.swaps = swaps;
        this.journal = journal;
    }

    /** Looks at every place that has a desired mode. Blocks, some seconds a place. */
    void keep() {
        journal.settleAll();
        List<Mode> desired = deployments.modes().stream().filter(Mode::desired).toList();
        seen.keySet().removeIf(p -> desired.stream().noneMatch(m -> m.place().equals(p)));
        for (Mode mode : desired) {
            if (swaps.holder(mode.place()).isPresent()
                    || journal.last(mode.place()).filter(ModeKeeper::left).isPresent()) {
                seen.remove(mode.place());
            } else if (swaps.look(mode.place()) instanceof Swaps.Seen.Site(SwapSite site)) {
                keep(mode, site);
            }
        }
    }

    /** The last swap did not reach its end, or the console's own try came back: trying again by itself would go in circles. */
    static boolean left(Entry last) {
        RunState end = last.settled();
        return end == RunState.LEFT || last.byConsole() && end == RunState.UNDONE;
    }

    private void keep(Mode mode, SwapSite site) {
        SwapPlan plan = needed(mode, site).orElse(null);
        Difference now =
                plan == null ? null : new Difference(mode.id(), ids(plan.stop(), plan.halt()), ids(plan.start()));
        Difference before = now == null ? seen.remove(mode.place()) : seen.put(mode.place(), now);
        if (plan == null || !java.util.Objects.equals(before, now)) {
            return;
        }
        if (swaps.assess(SwapDraft.to(mode.place(), mode.id()), site) instanceof SwapReadiness.Blocked(var findings)) {
            String why = findings.stream()
                    .filter(f -> f.kind() == SwapReadiness.Kind.BLOCKS)
                    .map(SwapReadiness.Finding::fact)
                    .collect(Collectors.joining(" "));
            if (!why.equals(told.put(mode.place(), why))) {
                LOG.warn("{} does not run on {}, but: {}", mode.title(), site.title(), why);
            }
            return;
        }
        told.remove(mode.place());
        Start start = swaps.start(plan, Operator.console(), "The desired mode does not run");
        switch (start) {
            case Start.Started(var run) ->
                LOG.info("{} does not run on {}: run {} sees to it", mode.title(), site.title(), run);
            case Start.Held held ->
                LOG.info("{} does not run on {}, but {}", mode.title(), site.title(), held.sentence());
        }
        seen.remove(mode.place());
    }

    /** Empty when the engines that run are those of the mode, or nothing can be done about it now. */
    static Optional<SwapPlan> needed(Mode mode, SwapSite site) {
        return Swap.assess(SwapDraft.to(mode.place(), mode.id()), site) instanceof Ready ready
                        && !(ready.plan().stop().isEmpty()
                                && ready.plan().halt().isEmpty()
                                && ready.plan().start().isEmpty())
                ? Optional.of(ready.plan())
                : Optional.empty();
    }

    @SafeVarargs
    private static Set<String> ids(List<SwapPlan.Member>... sets) {
        Set<String> ids = new java.util.TreeSet<>();
        for (List<SwapPlan.Member> set : sets) {
            set.forEach(m -> ids.add(m.engine().container()));
        }
        return ids;
    }
}
