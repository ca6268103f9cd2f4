package dev.rackhouse.inventory;

import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.Verdict.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Age and reachability as verdicts. Pure.
 *
 * <table>
 * <caption>A source of facts</caption>
 * <tr><td>never answered, never failed</td><td>unknown</td></tr>
 * <tr><td>refused us, or shows another certificate or key</td><td>critical: waiting will not help</td></tr>
 * <tr><td>silent, or failing, for longer than some intervals</td><td>stale: the last facts stay</td></tr>
 * <tr><td>failing for less</td><td>as before: one lost answer is no news</td></tr>
 * </table>
 */
final class Standings {

    private static final double NEARLY_FULL = 0.90;
    private static final double FULL = 0.97;

    private Standings() {}

    static Verdict lab(Contact contact, boolean paused, Instant now, Duration stale) {
        if (paused) {
            return Verdict.of(
                    Level.STALE, "lab.paused", "The lab is paused: nothing is asked, and what is shown gets older.");
        }
        Instant seen = contact.seenAt();
        String failure = Objects.requireNonNullElse(contact.failure(), "It does not answer.");
        if (contact.failing() && lasting(contact)) {
            return Verdict.of(Level.CRITICAL, "lab." + contact.failureCode(), failure);
        }
        if (seen == null) {
            return contact.failing()
                    ? Verdict.of(Level.CRITICAL, "lab." + contact.failureCode(), failure)
                    : Verdict.of(Level.UNKNOWN, "lab.new", "Nothing has been read from this lab yet.");
        }
        if (Duration.between(seen, now).compareTo(stale) > 0) {
            return contact.failing()
                    ? Verdict.of(
                            Level.STALE, "lab." + contact.failureCode(), "Last seen " + ago(seen, now) + ". " + failure)
                    : Verdict.of(
                            Level.STALE,
                            "lab.not-collected",
                            "Last seen " + ago(seen, now) + ". No console is collecting this lab.");
        }
        return Verdict.ok();
    }

    /** Waiting will not help: somebody has to do something. */
    private static boolean lasting(Contact contact) {
        return "refused".equals(contact.failureCode()) || "untrusted".equals(contact.failureCode());
    }

    /**
     * @param source how the node's own source stands: the lab for a Proxmox node, SSH for a host
     * @param since since when the cluster cannot tell; null when it can
     */
    static Verdict node(
            String status,
            @Nullable Instant since,
            boolean gone,
            Verdict source,
            Contact probe,
            @Nullable Boolean stagedNetwork,
            Instant now) {
        if (gone) {
            return Verdict.of(Level.OFF, "node.gone", "The node is no longer part of the lab.");
        }
        var parts = new ArrayList<Verdict>();
        if (source.level() != Level.OK) {
            parts.add(new Verdict(source.level() == Level.UNKNOWN ? Level.UNKNOWN : Level.STALE, source.reasons()));
        }
        switch (status) {
            case "online" -> {}
            case "offline" ->
                parts.add(Verdict.of(
                        Level.CRITICAL,
                        "node.offline",
                        "The cluster says that the node is offline"
                                + (since == null
                                        ? "."
                                        : " since " + ago(since, now).replace(" ago", "") + ".")));
            case "unreachable" ->
                parts.add(Verdict.of(
                        Level.STALE,
                        "node.unreachable",
                        "The node does not answer on SSH"
                                + (since == null
                                        ? "."
                                        : " since " + ago(since, now).replace(" ago", "") + ".")));
            default ->
                parts.add(Verdict.of(
                        Level.UNKNOWN, "node.unknown", "The cluster does not know the state of the node now."));
        }
        if (probe.failing()) {
            parts.add(Verdict.of(
                    Level.ATTENTION,
                    "node.probe-" + probe.failureCode(),
                    Objects.requireNonNullElse(probe.failure(), "The probe failed.")
                            + (probe.seenAt() == null
                                    ? " There is no earlier probe."
                                    : " Facts of the last probe are shown, from " + ago(probe.seenAt(), now) + ".")));
        }
        if (Boolean.TRUE.equals(stagedNetwork)) {
            parts.add(Verdict.of(
                    Level.ATTENTION, "node.network-staged", "A staged network change goes live at the next reboot."));
        }
        return parts.isEmpty() ? Verdict.ok() : Verdict.worst(parts);
    }

    /** @param lab how the lab stands: what comes from a stale lab is stale */
    static Verdict guest(String status, boolean gone, Verdict lab) {
        if (gone) {
            return Verdict.of(Level.OFF, "guest.gone", "The guest is gone.");
        }
        Verdict own = switch (status) {
            case "running" -> Verdict.ok();
            case "stopped" -> Verdict.off();
            case "paused", "suspended", "prelaunch" ->
                Verdict.of(Level.ATTENTION, "guest." + status, "The guest is " + status + ".");
            case "io-error", "internal-error" ->
                Verdict.of(
                        Level.CRITICAL,
                        "guest." + status,
                        "The guest stands still: " + status + ". A full storage is the usual cause.");
            default ->
                Verdict.of(Level.UNKNOWN, "guest.unknown", "The cluster does not know the state of the guest now.");
        };
        if (lab.level() == Level.STALE || lab.level() == Level.CRITICAL) {
            return new Verdict(Level.STALE, lab.reasons());
        }
        return own;
    }

    static Verdict storage(String status, @Nullable Double share, boolean gone, Verdict lab) {
        if (gone) {
            return Verdict.of(Level.OFF, "storage.gone", "The storage is gone.");
        }
        if (lab.level() == Level.STALE || lab.level() == Level.CRITICAL) {
            return new Verdict(Level.STALE, lab.reasons());
        }
        if (!status.equals("available")) {
            return Verdict.of(
                    Level.UNKNOWN,
                    "storage.unknown",
                    "The node cannot tell how the storage stands: its server may be down, or it is not mounted.");
        }
        if (share == null) {
            return Verdict.of(Level.UNKNOWN, "storage.size-unknown", "The size of the storage is not known.");
        }
        if (share >= FULL) {
            return Verdict.of(Level.CRITICAL, "storage.full", "Only %.0f %% are free.".formatted((1 - share) * 100));
        }
        if (share >= NEARLY_FULL) {
            return Verdict.of(
                    Level.ATTENTION, "storage.nearly-full", "Only %.0f %% are free.".formatted((1 - share) * 100));
        }
        return Verdict.ok();
    }

    /** How the facts of the last probe stand. */
    static Verdict probe(Contact probe, Verdict node, Instant now, Duration every) {
        var parts = new ArrayList<Verdict>();
        Instant seen = probe.seenAt();
        if (probe.failing()) {
            parts.add(Verdict.of(
                    Level.ATTENTION,
                    "probe." + probe.failureCode(),
                    Objects.requireNonNullElse(probe.failure(), "The probe failed.")));
        }
        if (node.level() == Level.STALE || node.level() == Level.UNKNOWN) {
            parts.add(new Verdict(Level.STALE, node.reasons()));
        }
        if (seen != null && Duration.between(seen, now).compareTo(every.multipliedBy(2)) > 0) {
            parts.add(Verdict.of(Level.STALE, "probe.old", "The last probe is from " + ago(seen, now) + "."));
        }
        return parts.isEmpty() ? Verdict.ok() : Verdict.worst(List.copyOf(parts));
    }

    /** {@code 14 min ago}. */
    static String ago(Instant then, Instant now) {
        Duration age = Duration.between(then, now);
        if (age.toSeconds() < 60) {
            return Math.max(0, age.toSeconds()) + " s ago";
        }
        if (age.toMinutes() < 60) {
            return age.toMinutes() + " min ago";
        }
        if (age.toHours() < 48) {
            return age.toHours() + " h ago";
        }
        return age.toDays() + " days ago";
    }
}
