package dev.rackhouse.passthrough;

import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.ProbeReport;
import dev.rackhouse.passthrough.FuzzedRunbook.Asked;
import dev.rackhouse.passthrough.FuzzedRunbook.Effect;
import dev.rackhouse.passthrough.FuzzedRunbook.Offer;
import dev.rackhouse.passthrough.fuzz.PretendHost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds what the console makes of one made host against what its maker knows.
 *
 * @param drafts combinations of devices that were asked for
 * @param offered of them, those that became a plan by which a guest takes them
 * @param refused of them, those that did not
 * @param free GPUs that nothing speaks against
 * @param withheld of them, those that the console does not offer
 * @param outlines that were held against the oracle, by runbook
 * @param violations each with the seed and the chain
 */
record FuzzedHost(
        int drafts,
        int offered,
        int refused,
        int free,
        int withheld,
        Map<String, Integer> outlines,
        List<String> violations) {

    private static final int RANDOM_SETS = 6;

    FuzzedHost {
        outlines = Map.copyOf(outlines);
        violations = List.copyOf(violations);
    }

    static FuzzedHost nothing() {
        return new FuzzedHost(0, 0, 0, 0, 0, Map.of(), List.of());
    }

    FuzzedHost plus(FuzzedHost other) {
        Map<String, Integer> all = new TreeMap<>(outlines);
        other.outlines.forEach((runbook, count) -> all.merge(runbook, count, Integer::sum));
        return new FuzzedHost(
                drafts + other.drafts,
                offered + other.offered,
                refused + other.refused,
                free + other.free,
                withheld + other.withheld,
                all,
                Stream.concat(violations.stream(), other.violations.stream()).toList());
    }

    static FuzzedHost check(PretendHost host, List<FuzzedRunbook> runbooks) {
        Examination examination = new Examination(host, runbooks);
        try {
            return examination.all();
        } catch (RuntimeException crash) {
            examination.violation("a crash: " + crash + " at "
                    + List.of(crash.getStackTrace()).subList(0, Math.min(4, crash.getStackTrace().length)));
            return examination.result();
        }
    }

    private static final class Examination {

        private final PretendHost host;
        private final List<FuzzedRunbook> runbooks;
        private final List<String> violations = new ArrayList<>();
        private final Map<FuzzedRunbook, Asked> asked = new LinkedHashMap<>();
        private final Map<String, Integer> outlines = new TreeMap<>();
        private int drafts;
        private int offered;
        private int free;
        private int withheld;

        Examination(PretendHost host, List<FuzzedRunbook> runbooks) {
            this.host = host;
            this.runbooks = runbooks;
        }

        void violation(String what) {
            violations.add("seed " + host.seed() + ": " + what);
        }

        FuzzedHost result() {
            return new FuzzedHost(drafts, offered, drafts - offered, free, withheld, outlines, violations);
        }

        FuzzedHost all() {
            switch (ProbeReport.parse(host.probe())) {
                case ProbeReport.Discarded(var reason, String sentence) ->
                    violation("the probe was not read: " + sentence);
                case ProbeReport.Complete(HostFacts facts) -> examine(facts);
            }
            return result();
        }

        private void examine(HostFacts facts) {
            sameAsMade(facts);
            List<String> names = host.drafts();
            FuzzedPlace place = new FuzzedPlace(host.seed(), host.probe(), facts, names);
            Set<String> choosable = choosable(place.examined());
            runbooks.forEach(r -> asked.put(r, r.at(place)));
            names.forEach(name -> draft(List.of(name)));
            Random random = new Random(host.seed());
            for (int i = 0; i < RANDOM_SETS; i++) {
                draft(random.ints(2 + random.nextInt(3), 0, names.size())
                        .distinct()
                        .mapToObj(names::get)
                        .toList());
            }
            if (choosable.size() > 1) {
                draft(choosable.stream().sorted().limit(4).toList());
            }
        }

        /** What the console offers to choose; the rules that look at all of a host must bear it too. */
        private Set<String> choosable(Examined examined) {
            HostFacts facts = examined.facts();
            Findings.ofHost(facts, null);
            Findings.ofNetwork(facts);
            facts.guestsHere().forEach(g -> Findings.ofGuest(facts, g));
            Set<String> choosable = DeviceChoice.of(examined).stream()
                    .filter(c -> c.blocker() == null)
                    .map(DeviceChoice::path)
                    .collect(Collectors.toSet());
            for (String path : choosable) {
                host.objection(List.of(path)).ifPresent(why -> violation("offers " + path + " to choose, but " + why));
            }
            for (String gpu : host.freeGpus()) {
                free++;
                withheld += choosable.contains(gpu) ? 0 : 1;
            }
            return choosable;
        }

        /** The parser saw the functions, groups and drivers that were made. */
        private void sameAsMade(HostFacts facts) {
            Set<String> read = facts.functions().stream()
                    .map(f -> f.address() + " " + f.group() + " " + f.driver() + " " + f.bridge())
                    .collect(Collectors.toSet());
            Set<String> made = host.functions().stream()
                    .map(f -> f.address() + " " + f.group() + " " + f.driver() + " " + f.bridge())
                    .collect(Collectors.toSet());
            if (!read.equals(made)) {
                violation("the parser read other functions than were printed");
            }
            if (facts.functions().stream().anyMatch(f -> !pathFits(f))) {
                violation("the parser read another path than was printed");
            }
        }

        private static boolean pathFits(PciFunction f) {
            return f.address().bus() == 0
                    || f.address().domain() > 0
                    || !f.ancestors().isEmpty();
        }

        private void draft(List<String> devices) {
            drafts++;
            boolean given = false;
            for (Map.Entry<FuzzedRunbook, Asked> each : asked.entrySet()) {
                FuzzedRunbook runbook = each.getKey();
                for (Offer offer : each.getValue().offers(devices)) {
                    outlines.merge(runbook.name(), 1, Integer::sum);
                    given |= runbook.effect() == Effect.GIVES_AWAY;
                    objection(runbook.effect(), offer.takes())
                            .ifPresent(
                                    why -> violation(runbook.name() + " would take " + offer.takes() + ", but " + why));
                    List<String> named =
                            NamedDevices.of(offer).stream().sorted().toList();
                    objection(runbook.effect(), named)
                            .ifPresent(why ->
                                    violation(runbook.name() + " for " + devices + " names " + named + ", but " + why));
                }
            }
            offered += given ? 1 : 0;
        }

        private Optional<String> objection(Effect effect, List<String> paths) {
            return switch (effect) {
                case GIVES_AWAY -> host.objection(paths);
                case NAMES -> host.objectionToNaming(paths);
                case GIVES_BACK -> host.objectionToReturning(paths);
            };
        }
    }
}
