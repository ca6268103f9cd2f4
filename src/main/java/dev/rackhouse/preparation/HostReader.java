package dev.rackhouse.preparation;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.inventory.GuestConfigView;
import dev.rackhouse.inventory.GuestView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.NodeFacts;
import dev.rackhouse.lab.Labs;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Machines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Gathers what is known about a host that may be prepared: a fresh probe, its files, its guests. Two round trips to the host. */
@Component
class HostReader {

    private static final Pattern ADDRESS = Pattern.compile("(?:^|,)ip=([0-9.]+)");
    private static final Pattern MAC = Pattern.compile("(?i)(?:^|[,=])((?:[0-9a-f]{2}:){5}[0-9a-f]{2})(?:,|$)");
    private static final Pattern ORDER = Pattern.compile("(?:^|,)(?:order=)?([0-9]{1,6})(?:,|$)");

    private final Inventory inventory;
    private final Machines machines;
    private final Labs labs;
    private final LocalSurroundings surroundings;

    HostReader(Inventory inventory, Machines machines, Labs labs, LocalSurroundings surroundings) {
        this.inventory = inventory;
        this.machines = machines;
        this.labs = labs;
        this.surroundings = surroundings;
    }

    /**
     * Blocks, up to two minutes.
     *
     * @throws RemoteFailure when the host does not answer, or not as a whole
     */
    PreparationSite read(NodeRef node) {
        NodeFacts seen = inventory.probe(node);
        return new PreparationSite(
                node,
                labs.nameOf(node.lab()).orElse("removed lab"),
                seen.facts(),
                seen.seen(),
                files(node),
                guests(node),
                surroundings.read());
    }

    HostFiles files(NodeRef node) {
        Answer answer = machines.run(
                new Host.Node(node), HostLook.script(), "", Duration.ofSeconds(60), Strangers.NONE);
        return switch (HostFiles.parse(answer.text())) {
            case HostFiles.Parsed.Read(HostFiles files) when !answer.truncated() -> files;
            case HostFiles.Parsed.Read _ -> throw unreadable(node, "its answer was cut off");
            case HostFiles.Parsed.Unreadable(String sentence) ->
                throw unreadable(node, sentence + " " + answer.error().strip());
        };
    }

    private static RemoteFailure unreadable(NodeRef node, String cameBack) {
        return new RemoteFailure.Unreadable(
                "read the boot files", node.node(), cameBack, "Try again; look at the host if it stays so.", null);
    }

    private List<Guest> guests(NodeRef node) {
        return inventory.guests().stream()
                .filter(g -> node.equals(g.node()) && g.goneAt() == null && !g.template())
                .map(this::guest)
                .toList();
    }

    private Guest guest(GuestView view) {
        Map<String, String> config = inventory
                .config(view.ref())
                .map(GuestConfigView::values)
                .<Map<String, String>>map(v -> v)
                .orElse(Map.of());
        List<String> addresses = new ArrayList<>();
        List<String> macs = new ArrayList<>();
        config.forEach((key, value) -> {
            if (key.matches("(?:net|ipconfig)[0-9]+")) {
                all(ADDRESS, value).forEach(addresses::add);
                all(MAC, value).forEach(m -> macs.add(m.toLowerCase(Locale.ROOT)));
            }
        });
        Matcher order = ORDER.matcher(config.getOrDefault("startup", ""));
        return new Guest(
                view.ref().vmid(),
                view.vm(),
                (view.vm() ? "VM " : "CT ") + view.ref().vmid()
                        + Optional.ofNullable(view.name()).map(n -> " (" + n + ")").orElse(""),
                view.running(),
                "1".equals(config.get("onboot")),
                order.find() ? Integer.parseInt(order.group(1)) : Guest.NO_ORDER,
                addresses,
                macs);
    }

    private static List<String> all(Pattern pattern, String value) {
        return pattern.matcher(value).results().map(r -> r.group(1)).toList();
    }

    /** Nodes have their keys pinned by the lab; guests are not met here. */
    private enum Strangers implements Machines.GuestKeys {
        NONE;

        @Override
        public Optional<String> known(String guest) {
            return Optional.empty();
        }

        @Override
        public void learned(String guest, String key) {
            throw new IllegalStateException("No guest is met when a host is read");
        }
    }
}
