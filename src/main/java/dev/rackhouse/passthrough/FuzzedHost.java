package dev.rackhouse.passthrough;

import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.ProbeReport;
import dev.rackhouse.passthrough.fuzz.PretendHost;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds what the console makes of one made host against what its maker knows.
 *
 * @param drafts combinations of devices that were asked for
 * @param offered of them, those that became a plan
 * @param refused of them, those that did not
 * @param free GPUs that nothing speaks against
 * @param withheld of them, those that the console does not offer
 * @param violations each with the seed and the chain
 */
record FuzzedHost(int drafts, int offered, int refused, int free, int withheld, List<String> violations) {

    private static final Pattern DEVICE = Pattern.compile(
            "(?<![0-9a-fA-F:.])(?:([0-9a-fA-F]{4,8}):)?([0-9a-fA-F]{2}:[01][0-9a-fA-F])(\\.[0-7])?(?![0-9a-fA-F:])");
    private static final int RANDOM_SETS = 6;

    FuzzedHost {
        violations = List.copyOf(violations);
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
            return new FuzzedHost(drafts, offered, drafts - offered, free, withheld, violations);
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
            Examined examined = Examined.of(facts);
            Findings.ofHost(facts, null);
            Findings.ofNetwork(facts);
            facts.guestsHere().forEach(g -> Findings.ofGuest(facts, g));
            List<DeviceChoice> choices = DeviceChoice.of(examined);
            for (DeviceChoice choice : choices) {
                if (choice.blocker() == null) {
                    host.objection(List.of(choice.path()))
                            .ifPresent(why -> violation("offers " + choice.path() + " to choose, but " + why));
                }
            }
            Set<String> choosable = choices.stream()
                    .filter(c -> c.blocker() == null)
                    .map(DeviceChoice::path)
                    .collect(Collectors.toSet());
            for (String gpu : host.freeGpus()) {
                free++;
                withheld += choosable.contains(gpu) ? 0 : 1;
            }
            Site site = FuzzedCreation.site(facts);
            List<String> names = host.drafts();
            names.forEach(name -> draft(site, examined, List.of(name)));
            Random random = new Random(host.seed());
            for (int i = 0; i < RANDOM_SETS; i++) {
                draft(
                        site,
                        examined,
                        random.ints(2 + random.nextInt(3), 0, names.size())
                                .distinct()
                                .mapToObj(names::get)
                                .toList());
            }
            if (choosable.size() > 1) {
                draft(site, examined, choosable.stream().sorted().limit(4).toList());
            }
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

        private void draft(Site site, Examined examined, List<String> devices) {
            drafts++;
            Optional<String> objection = host.objection(devices);
            boolean planned = false;
            for (FuzzedRunbook runbook : runbooks) {
                for (Outline outline : runbook.outlines(site, examined, devices)) {
                    planned = true;
                    objection.ifPresent(why -> violation(runbook.name() + " would take " + devices + ", but " + why));
                    List<String> named = named(outline).stream().sorted().toList();
                    host.objection(named)
                            .ifPresent(why ->
                                    violation(runbook.name() + " for " + devices + " names " + named + ", but " + why));
                }
            }
            offered += planned ? 1 : 0;
        }

        /** Devices that the texts of the commands name: what is sent, not what is only looked at. */
        private static Set<String> named(Outline outline) {
            Set<String> found = new HashSet<>();
            outline.steps().stream()
                    .flatMap(Examination::commands)
                    .flatMap(Examination::texts)
                    .forEach(text -> {
                        Matcher m = DEVICE.matcher(text);
                        while (m.find()) {
                            String domain = Objects.requireNonNullElse(m.group(1), "0000");
                            found.add(domain + ":" + m.group(2) + Objects.requireNonNullElse(m.group(3), ""));
                        }
                    });
            return found;
        }

        private static Stream<Command> commands(Step step) {
            return Stream.concat(Stream.of(step.command()), step.undo().stream().map(u -> u.command()));
        }

        private static Stream<String> texts(Command command) {
            return switch (command) {
                case Command.ApiCall call ->
                    call.form().entrySet().stream()
                            .filter(e ->
                                    !e.getKey().equals("net0") && !e.getKey().equals("smbios1"))
                            .flatMap(e -> e.getValue().stream());
                case Command.Shell shell -> Stream.of(shell.script());
                case Command.FileEdit edit ->
                    Stream.of(Objects.requireNonNullElse(edit.after(), "")).flatMap(String::lines);
                case Command.SysfsWrite write -> Stream.of(write.path(), write.value());
                case Command.Wait _, Command.Pause _ -> Stream.empty();
            };
        }
    }
}
