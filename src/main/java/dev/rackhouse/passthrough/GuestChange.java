package dev.rackhouse.passthrough;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.VmId;
import dev.rackhouse.proxmox.HostPci;
import dev.rackhouse.proxmox.PvePath;
import dev.rackhouse.runbook.Binding;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.RetryPolicy;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Some options of one stopped VM, from recorded values to wanted ones and back. Each change carries the digest of the configuration
 * that was looked at right before, so that nobody else's change is overwritten.
 *
 * @param before values as recorded; an empty one: the option is not set
 * @param after the wanted values of the same options; empty: to be removed
 */
public record GuestChange(NodeRef node, VmId vmid, SortedMap<String, String> before, SortedMap<String, String> after) {

    private static final Duration SOON = Duration.ofSeconds(20);
    /** What may stand in a command line between single quotes, and holds no placeholder. */
    private static final Pattern QUOTABLE = Pattern.compile("[A-Za-z0-9_.:;,=/+@ -]*");

    public GuestChange {
        before = Collections.unmodifiableSortedMap(new TreeMap<>(before));
        after = Collections.unmodifiableSortedMap(new TreeMap<>(after));
        if (!before.keySet().equals(after.keySet()) || before.equals(after)) {
            throw new IllegalArgumentException("A change has a value before and after for each of its options");
        }
        Stream.concat(before.entrySet().stream(), after.entrySet().stream()).forEach(option -> {
            if (!option.getKey().matches("[a-z]+[0-9]*") || !quotable(option.getValue())) {
                throw new IllegalArgumentException(
                        "'" + option.getKey() + "' cannot be changed by a run: " + option.getValue());
            }
        });
    }

    /** Whether a value can be part of a command line and of a plan. */
    public static boolean quotable(String value) {
        return QUOTABLE.matcher(value).matches();
    }

    /**
     * Whether only root may set or remove this value of a {@code hostpciN}: raw addresses and ROM files (hosts, section 0). Proxmox
     * looks at the old value too.
     */
    public static boolean rootOnly(String value) {
        if (value.isEmpty()) {
            return false;
        }
        try {
            HostPci pci = HostPci.parse(value);
            return pci.mapping() == null || pci.others().containsKey("romfile");
        } catch (IllegalArgumentException notReadable) {
            return true;
        }
    }

    /** Adds the look that finds all as recorded and takes the digest, and the change itself with its undo. */
    public Outline addTo(Outline outline, String key, String title) {
        String digest = "guest." + vmid + ".digest";
        String undoDigest = "guest." + vmid + ".undo.digest";
        return outline.check(
                        "VM " + vmid + " is configured as it was when this was planned",
                        is(before).binding(Binding.at(digest, "/digest")))
                .step(key, title, command(after, digest))
                .unless(is(after))
                .confirm(is(after), SOON)
                .retry(RetryPolicy.never())
                .undo(Undo.by(
                                "Put " + String.join(", ", before.keySet()) + " of VM " + vmid + " back",
                                command(before, undoDigest))
                        .onlyIf(is(after).binding(Binding.at(undoDigest, "/digest")))
                        .confirm(is(before), SOON));
    }

    Check is(SortedMap<String, String> values) {
        return Check.that(
                ApiCall.get(node.lab(), path() + "/config"),
                new Condition(GuestOptionsAre.NAME, new TreeMap<>(values)));
    }

    private String path() {
        return PvePath.of("nodes", node.node(), "qemu", vmid);
    }

    private Command command(SortedMap<String, String> wanted, String digest) {
        boolean root = before.entrySet().stream().anyMatch(GuestChange::needsRoot)
                || after.entrySet().stream().anyMatch(GuestChange::needsRoot);
        List<String> removed = wanted.entrySet().stream()
                .filter(e -> e.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        return root ? asRoot(wanted, removed, digest) : byApi(wanted, removed, digest);
    }

    private static boolean needsRoot(Map.Entry<String, String> option) {
        return option.getKey().startsWith("hostpci") && rootOnly(option.getValue());
    }

    private ApiCall byApi(SortedMap<String, String> wanted, List<String> removed, String digest) {
        ApiCall call = ApiCall.put(node.lab(), path() + "/config").with("digest", "{" + digest + "}");
        for (String key : new TreeSet<>(wanted.keySet())) {
            String value = Objects.requireNonNull(wanted.get(key));
            call = value.isEmpty() ? call : call.with(key, value);
        }
        return removed.isEmpty() ? call : call.with("delete", String.join(",", removed));
    }

    private Shell asRoot(SortedMap<String, String> wanted, List<String> removed, String digest) {
        List<String> words = new ArrayList<>(List.of("qm", "set", vmid.toString()));
        wanted.forEach((key, value) -> {
            if (!value.isEmpty()) {
                words.addAll(List.of("--" + key, "'" + value + "'"));
            }
        });
        if (!removed.isEmpty()) {
            words.addAll(List.of("--delete", String.join(",", removed)));
        }
        words.addAll(List.of("--digest", "{" + digest + "}"));
        return new Shell(new Host.Node(node), String.join(" ", words), Duration.ofMinutes(2));
    }
}
