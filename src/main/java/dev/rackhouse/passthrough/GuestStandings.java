package dev.rackhouse.passthrough;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.HostPciEntry;
import dev.rackhouse.inventory.fact.MappingEntry;
import dev.rackhouse.inventory.fact.PathList;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.passthrough.AttachDraft.Inside;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is common to giving a device to a VM and taking it back. Pure. */
final class GuestStandings {

    private static final Set<String> MANAGED = Set.of("backup", "migrate", "clone", "create", "rollback", "snapshot");

    private GuestStandings() {}

    static String notProbed(Site site) {
        return site.ssh()
                ? "This node was never probed. Probe it first."
                : "The console does not reach this node by SSH, so it cannot see what the host needs. Add SSH for it on the lab's page.";
    }

    /** What makes any change of this VM impossible now. */
    static List<String> problems(GuestPlace place) {
        List<String> problems = new ArrayList<>();
        if (place.template()) {
            problems.add(place.label() + " is a template. Make a VM of it first.");
        }
        String lock = place.lock();
        if (lock != null && !lock.isBlank()) {
            problems.add("%s is locked (%s)%s"
                    .formatted(
                            place.label(),
                            Problems.shown(lock),
                            MANAGED.contains(lock) ? ": wait until that has ended." : ". Unlock it in Proxmox first."));
        }
        if (!place.running() && !place.stopped()) {
            problems.add(
                    "%s is %s. Resume it or stop it first.".formatted(place.label(), Problems.shown(place.status())));
        }
        if (!place.site().ssh()) {
            problems.add(notProbed(place.site()));
        }
        place.config().forEach((key, value) -> {
            if ((key.matches("hostpci[0-9]+") || key.equals("balloon")) && !GuestChange.quotable(value)) {
                problems.add(key + " of " + place.label() + " holds characters that no plan can hold: "
                        + Problems.shown(value));
            }
        });
        return problems;
    }

    static List<Finding> findings(GuestPlace place, Shutdown shutdown) {
        if (!place.running()) {
            return List.of();
        }
        Finding downtime = Finding.warning(
                "guest.downtime",
                new Target.Guest(place.vmid()),
                place.label()
                        + " is running. Devices change only over a full stop and start: it is shut down for this, and started again afterwards.",
                "Tell those who use it.",
                "status: running");
        return shutdown.hard() ? List.of(downtime, hardStop(place, shutdown)) : List.of(downtime);
    }

    private static Finding hardStop(GuestPlace place, Shutdown shutdown) {
        return Finding.warning(
                "guest.hard-stop",
                new Target.Guest(place.vmid()),
                "%s is stopped hard if it is not down after %d minutes. What it has not written to its disks by then is lost."
                        .formatted(place.label(), shutdown.minutes()),
                "Choose to force nothing, or shut it down from inside first.",
                "timeout=%d, forceStop=1".formatted(shutdown.patience().toSeconds()));
    }

    /** The surest way to ask this guest; a Windows guest has no file that lists its devices. */
    static Inside inside(GuestPlace place) {
        boolean linux = place.config().getOrDefault("ostype", "l26").matches("l2[46]");
        if (linux && Boolean.TRUE.equals(place.agentAnswers())) {
            return Inside.AGENT;
        }
        if (linux && signIn(place) != null) {
            return Inside.SSH;
        }
        return Inside.NOT;
    }

    static InsideProof proof(Inside inside, GuestPlace place, List<String> problems) {
        return switch (inside) {
            case NOT -> new InsideProof.None();
            case AGENT -> {
                String agent = place.config().getOrDefault("agent", "0");
                if (!agent.startsWith("1") && !agent.contains("enabled=1")) {
                    problems.add(place.label() + " has no guest agent configured. Ask it another way.");
                }
                yield new InsideProof.Agent();
            }
            case SSH -> {
                InsideProof.Ssh ssh = signIn(place);
                if (ssh == null) {
                    problems.add("The console's key is not among those that " + place.label()
                            + " was made with, or its address is not fixed. Ask it another way.");
                }
                yield ssh == null ? new InsideProof.None() : ssh;
            }
        };
    }

    /** Cloud-init told the guest a user, an address and our key: then the console gets in. */
    private static InsideProof.@Nullable Ssh signIn(GuestPlace place) {
        String key = place.site().consoleKey();
        String user = place.config().getOrDefault("ciuser", "");
        String address = place.config()
                .getOrDefault("ipconfig0", "")
                .replaceFirst("^(?:.*,)?ip=([0-9.]+)(?:/[0-9]+)?(?:,.*)?$", "$1");
        boolean ours = key != null
                && decoded(place.config().getOrDefault("sshkeys", "")).lines().anyMatch(l -> sameKey(l, key));
        return ours && user.matches("[a-z_][a-z0-9_-]{0,31}") && address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")
                ? new InsideProof.Ssh(user, address)
                : null;
    }

    private static boolean sameKey(String a, String b) {
        String[] left = a.strip().split("\\s+");
        String[] right = b.strip().split("\\s+");
        return left.length > 1 && right.length > 1 && left[1].equals(right[1]);
    }

    private static String decoded(String keys) {
        try {
            return URLDecoder.decode(keys.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return "";
        }
    }

    /** The configuration with some options changed; an empty value removes one. */
    static GuestConfig config(GuestPlace place, Map<String, String> changed) {
        SortedMap<String, String> options = new TreeMap<>(place.config());
        options.putAll(changed);
        options.values().removeIf(String::isEmpty);
        return new GuestConfig(
                place.site().node().node(), GuestConfig.Kind.VM, place.vmid(), new LinkedHashMap<>(options));
    }

    /** The functions that a configuration names on this host, mappings resolved. */
    static List<PciFunction> functions(GuestPlace place, HostFacts facts, Map<String, String> config) {
        List<PathList.Part> parts = parts(place, facts, config);
        return facts.functions().stream()
                .filter(f -> !f.bridge() && parts.stream().anyMatch(p -> p.names(f.address())))
                .toList();
    }

    /**
     * What the configuration names on this host and is there, one by one, mappings resolved. Of a slot that holds nothing but virtual
     * functions each is meant: whether Proxmox takes one of them or none, it is nothing that may be lost.
     */
    static List<Target> targets(GuestPlace place, HostFacts facts) {
        return parts(place, facts, place.config()).stream()
                .flatMap(p -> targets(facts, p))
                .filter(t -> !Candidate.functions(facts, t).isEmpty())
                .toList();
    }

    private static Stream<Target> targets(HostFacts facts, PathList.Part part) {
        PciAddress function = part.function();
        if (function != null) {
            return Stream.of(new Target.Device(function));
        }
        List<PciFunction> functions = facts.functions(part.slot());
        return functions.stream().allMatch(PciFunction::virtualFunction)
                ? functions.stream().map(f -> new Target.Device(f.address()))
                : Stream.of(new Target.Slot(part.slot()));
    }

    private static List<PathList.Part> parts(GuestPlace place, HostFacts facts, Map<String, String> config) {
        List<PathList.Part> parts = new ArrayList<>();
        Map<String, Integer> used = new LinkedHashMap<>();
        for (HostPciEntry entry : HostPciEntry.of(new GuestConfig(
                place.site().node().node(), GuestConfig.Kind.VM, place.vmid(), new LinkedHashMap<>(config)))) {
            String host = entry.host();
            if (host != null) {
                parts.addAll(PathList.parse(host));
            } else {
                parts.addAll(alternative(
                        facts,
                        String.valueOf(entry.mapping()),
                        used.merge(String.valueOf(entry.mapping()), 1, Integer::sum)));
            }
        }
        return parts;
    }

    /** A mapping with several entries for a node names alternatives: each use takes another one. */
    private static List<PathList.Part> alternative(HostFacts facts, String mapping, int use) {
        return facts.mappingsHere().stream()
                .filter(m -> m.mapping().equals(mapping))
                .skip(use - 1L)
                .findFirst()
                .map(MappingEntry::parts)
                .orElse(List.of());
    }

    /** How often each of the ids stands among all that the guest has. */
    static String counts(Collection<PciFunction> about, Collection<PciFunction> all) {
        return about.stream()
                .map(PciFunction::ids)
                .distinct()
                .map(ids -> ids + "="
                        + all.stream().filter(f -> f.ids().equals(ids)).count())
                .collect(Collectors.joining(" "));
    }
}
