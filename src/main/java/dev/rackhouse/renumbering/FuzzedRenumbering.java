package dev.rackhouse.renumbering;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.ProbeReport;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.FuzzedPlace;
import dev.rackhouse.passthrough.FuzzedRunbook;
import dev.rackhouse.passthrough.PlanReadiness;
import dev.rackhouse.proxmox.PciMapping;
import dev.rackhouse.proxmox.PveMappings;
import dev.rackhouse.renumbering.RenumberPlace.HostFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names that follow devices after some of the host's buses have changed their numbers. The made host is the layout of now; the one
 * before is made from what it printed. In it mappings, one of our files and a stopped VM name the devices that are asked for, rightly
 * or wrongly: names of what the host needs now must be left as they are.
 */
public final class FuzzedRenumbering implements FuzzedRunbook {

    private static final Pattern BUS = Pattern.compile("(?<![0-9a-f])0000:([0-9a-f]{2}):(?=[01][0-9a-f]\\.)");
    private static final Pattern HARDWARE = Pattern.compile("(?m)^(?:G|P|DRV|PATH)\t.*$");
    private static final Pattern GUESTS =
            Pattern.compile("(?m)^(?:GUEST|RUN)\t.*\n|^L\t(?:pci_reservations|/etc/pve/mapping/pci.cfg)\t.*\n");
    private static final String RULES = "/etc/udev/rules.d/10-rackhouse-vfio.rules";
    private static final String VM = "990";

    private final RenumberRunbook runbook = new RenumberRunbook();

    @Override
    public String name() {
        return RenumberRunbook.NAME;
    }

    @Override
    public Effect effect() {
        return Effect.NAMES;
    }

    @Override
    public Asked at(FuzzedPlace place) {
        Random random = place.random(name());
        Map<String, String> buses = moved(place.facts(), random);
        Moved before = new Moved(buses);
        List<String> names = place.names();
        String vmHas = before.in(names.get(random.nextInt(names.size())));
        // guests that run would keep all that they name where it is
        String now = GUESTS.matcher(place.probe()).replaceAll("").replaceFirst("(?m)^END\t.*$", "");
        String node = place.node().node();
        return parse(now + "GUEST\t" + node + "/qemu-server/" + VM + ".conf\thostpci0\t" + vmHas + ",pcie=1\n")
                .flatMap(today -> parse(
                                HARDWARE.matcher(now).replaceAll(r -> Matcher.quoteReplacement(before.in(r.group()))))
                        .<Asked>map(old -> new Names(place, before, vmHas, old, today, random)))
                .orElse(_ -> List.of());
    }

    private static Optional<HostFacts> parse(String records) {
        String text = records.replaceAll("(?m)^\\n", "");
        return ProbeReport.parse(text + "END\t" + text.lines().count() + "\n")
                        instanceof ProbeReport.Complete(HostFacts facts)
                ? Optional.of(facts)
                : Optional.empty();
    }

    /** Two to five buses that carry something change their numbers in a ring. By the number of now, the number before. */
    private static Map<String, String> moved(HostFacts facts, Random random) {
        List<String> buses = new ArrayList<>(new TreeSet<>(facts.functions().stream()
                .filter(f ->
                        !f.bridge() && f.address().domain() == 0 && f.address().bus() > 0)
                .map(f -> "%02x".formatted(f.address().bus()))
                .toList()));
        Collections.shuffle(buses, random);
        List<String> ring = buses.subList(0, Math.min(buses.size(), 2 + random.nextInt(4)));
        Map<String, String> moved = new HashMap<>();
        for (int i = 0; i < ring.size(); i++) {
            moved.put(ring.get(i), ring.get((i + 1) % ring.size()));
        }
        return moved;
    }

    /** Texts of the layout of now, as they were before. */
    private record Moved(Map<String, String> buses) {

        String in(String text) {
            return BUS.matcher(text + ".")
                    .replaceAll(r -> "0000:" + buses.getOrDefault(r.group(1), r.group(1)) + ":")
                    .replaceFirst("\\.$", "");
        }
    }

    /** What names devices on one host. */
    private final class Names implements Asked {

        private final FuzzedPlace place;
        private final Moved before;
        private final String vmHas;
        private final HostFacts old;
        private final HostFacts today;
        private final LayoutChange change;
        private final Random random;
        /** 0: one mapping for all; 1: one each; 2: one each, and our file. */
        private final int where;

        Names(FuzzedPlace place, Moved before, String vmHas, HostFacts old, HostFacts today, Random random) {
            this.place = place;
            this.before = before;
            this.vmHas = vmHas;
            this.old = old;
            this.today = today;
            this.random = random;
            this.where = random.nextInt(3);
            this.change = Renumbering.compare(old, today);
        }

        @Override
        public List<Offer> offers(List<String> devices) {
            if (devices.size() == 1 && random.nextBoolean()) {
                // half of the single names, so that it does not take long: sets hold the others
                return List.of();
            }
            List<String> named = devices.stream().map(before::in).toList();
            RenumberPlace at = new RenumberPlace(
                    place.node(),
                    old,
                    Instant.EPOCH,
                    "",
                    today,
                    mappings(named),
                    where == 2 ? List.of(file(named)) : List.of());
            Set<String> recorded = new LinkedHashSet<>(named);
            named.forEach(
                    n -> functions(n).forEach(f -> recorded.add(f.address().toString())));
            recorded.add(vmHas);
            return plan(at).map(plan -> new Offer(runbook.outline(plan), List.of(), recorded)).stream()
                    .toList();
        }

        private Optional<RenumberPlan> plan(RenumberPlace at) {
            return switch (RenumberAssessment.of(at, change, place.needed(), Set.of())
                    .readiness()) {
                case PlanReadiness.Ready<RenumberPlan> ready -> Optional.of(ready.plan());
                case PlanReadiness.Blocked<RenumberPlan> blocked -> ticked(blocked, at);
            };
        }

        private Optional<RenumberPlan> ticked(PlanReadiness.Blocked<RenumberPlan> blocked, RenumberPlace at) {
            if (blocked.toConfirm().isEmpty() || !blocked.blockers().isEmpty()) {
                return Optional.empty();
            }
            Set<String> accepted =
                    blocked.toConfirm().stream().map(Finding::key).collect(Collectors.toSet());
            return RenumberAssessment.of(at, change, place.needed(), accepted).readiness()
                            instanceof PlanReadiness.Ready<RenumberPlan> ready
                    ? Optional.of(ready.plan())
                    : Optional.empty();
        }

        private List<PveMappings.Mapping> mappings(List<String> named) {
            List<PciMapping> entries =
                    named.stream().flatMap(n -> entry(n).stream()).toList();
            if (entries.isEmpty()) {
                return List.of();
            }
            List<PveMappings.Mapping> mappings = new ArrayList<>();
            if (where == 0) {
                mappings.add(mapping("all", entries));
            } else {
                entries.forEach(e -> mappings.add(mapping("device" + mappings.size(), List.of(e))));
            }
            return mappings;
        }

        private Optional<PciMapping> entry(String name) {
            return functions(name).stream()
                    .findFirst()
                    .map(f -> new PciMapping(place.node().node(), name, f.ids(), f.subsystem(), f.group(), null));
        }

        private List<PciFunction> functions(String name) {
            return PciAddress.isAddress(name)
                    ? old.function(PciAddress.parse(name)).stream().toList()
                    : old.functions(PciSlot.parse(name));
        }

        private HostFile file(List<String> named) {
            return new HostFile(
                    RULES,
                    named.stream()
                            .flatMap(n -> functions(n).stream())
                            .map(f ->
                                    "ACTION==\"add\", SUBSYSTEM==\"pci\", KERNEL==\"%s\", ATTR{driver_override}=\"vfio-pci\"\n"
                                            .formatted(f.address()))
                            .collect(Collectors.joining()));
        }
    }

    private static PveMappings.Mapping mapping(String id, List<PciMapping> entries) {
        return new PveMappings.Mapping(
                id,
                null,
                entries,
                entries.stream().map(PciMapping::print).toList(),
                List.of(),
                false,
                false,
                List.of(),
                "d1");
    }
}
