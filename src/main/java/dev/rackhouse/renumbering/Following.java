package dev.rackhouse.renumbering;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.fact.PathList;
import dev.rackhouse.proxmox.HostPci;
import dev.rackhouse.proxmox.PciMapping;
import dev.rackhouse.renumbering.LayoutChange.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes texts that name devices follow them to where they are now. Pure; what names no device that moved stays byte for byte. */
final class Following {

    /** A whole address or slot in full form, not part of a longer one. */
    private static final Pattern FULL = Pattern.compile(
            "(?<![0-9a-fA-F:.])[0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[01][0-9a-fA-F](?:\\.[0-7])?(?![0-9a-fA-F:.])");

    private final Map<PciSlot, Match> devices;

    Following(LayoutChange change) {
        this.devices = change.bySlot();
    }

    /** The device that a path named in the old layout; empty when it named none that is recognised. */
    Optional<Match> named(PathList.Part part) {
        return Optional.ofNullable(devices.get(part.slot()));
    }

    private PciSlot now(PciSlot slot) {
        Match match = devices.get(slot);
        return match == null ? slot : match.now().slot();
    }

    private String now(PathList.Part part) {
        PciSlot slot = now(part.slot());
        PciAddress function = part.function();
        return function == null
                ? slot.toString()
                : slot.function(function.function()).toString();
    }

    private boolean moved(PathList.Part part) {
        return !now(part.slot()).equals(part.slot());
    }

    /** The entry with path and group of today; ids stay, since by them the device was recognised. */
    PciMapping follow(PciMapping entry) {
        List<PathList.Part> parts = PathList.parse(entry.path());
        if (parts.isEmpty() || parts.stream().anyMatch(p -> named(p).isEmpty())) {
            return entry;
        }
        String path = parts.stream().map(this::now).collect(Collectors.joining(";"));
        PathList.Part first = parts.getFirst();
        Match match = Objects.requireNonNull(devices.get(first.slot()));
        int number = first.function() == null ? 0 : first.function().function();
        boolean touched = parts.stream().anyMatch(this::moved)
                || !match.before().groups().equals(match.now().groups());
        return !touched
                ? entry
                : match.now().functions().stream()
                        .filter(f -> f.address().function() == number)
                        .findFirst()
                        .map(f -> new PciMapping(
                                entry.node(), path, entry.id(), entry.subsystemId(), f.group(), entry.description()))
                        .orElse(entry);
    }

    /** A raw {@code hostpciN} with the addresses of today, in full; as it was when none of them moved. */
    String follow(String hostPci) {
        HostPci pci = HostPci.parse(hostPci);
        List<PathList.Part> parts = PathList.parse(String.join(";", pci.hosts()));
        if (parts.size() != pci.hosts().size() || parts.stream().noneMatch(this::moved)) {
            return hostPci;
        }
        List<String> hosts = new ArrayList<>();
        parts.forEach(p -> hosts.add(now(p)));
        return new HostPci(hosts, null, pci.pcie(), pci.primaryGpu(), pci.romBar(), pci.others()).print();
    }

    /**
     * A file's text with each whole address that moved replaced, all at once, so that two that change places do not meet.
     *
     * @param may whether an address of today may be named; else the old one stays
     */
    String followAll(String text, Predicate<String> may) {
        Matcher m = FULL.matcher(text);
        StringBuilder out = new StringBuilder();
        while (m.find()) {
            String found = m.group();
            String replacement = PathList.parse(found).stream()
                    .findFirst()
                    .filter(this::moved)
                    .map(this::now)
                    .filter(may)
                    .orElse(found);
            m.appendReplacement(out, Matcher.quoteReplacement(replacement));
        }
        return m.appendTail(out).toString();
    }
}
