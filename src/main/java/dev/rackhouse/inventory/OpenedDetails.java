package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Details that somebody opened: asked again when they are old, once for all who look, and within the lab's allowance. What is
 * asked runs in the background; the page hears of it like everybody else.
 */
@Component
class OpenedDetails {

    private static final Logger LOG = LoggerFactory.getLogger(OpenedDetails.class);

    private final Collectors collectors;
    private final DetailReader reader;
    private final Contacts contacts;
    private final Revisions revisions;
    private final JdbcTemplate jdbc;
    private final InventorySettings settings;
    private final Clock clock;
    private final Map<String, Instant> asked = new ConcurrentHashMap<>();

    OpenedDetails(
            Collectors collectors,
            DetailReader reader,
            Contacts contacts,
            Revisions revisions,
            JdbcTemplate jdbc,
            InventorySettings settings,
            Clock clock) {
        this.collectors = collectors;
        this.reader = reader;
        this.contacts = contacts;
        this.revisions = revisions;
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
    }

    /** Asks in the background if what is stored is old; returns at once. */
    void opened(LabId lab, Detail detail) {
        Instant now = clock.instant();
        String key = lab + " " + detail.source() + " " + detail.subject();
        boolean[] first = {false};
        asked.compute(key, (k, last) -> {
            first[0] = last == null || !last.plus(settings.detailAge()).isAfter(now);
            return first[0] ? now : last;
        });
        asked.values().removeIf(at -> at.plus(Duration.ofMinutes(10)).isBefore(now));
        if (!first[0] || fresh(lab, detail, now)) {
            return;
        }
        boolean usable =
                collectors.connected(lab).map(c -> c.proxmox() && !c.paused()).orElse(false);
        if (!usable || !collectors.allowance(lab).take(settings.callsWatched())) {
            return;
        }
        Thread.ofVirtual().name("detail").start(() -> {
            try {
                if (reader.read(lab, detail)) {
                    contacts.revised(lab);
                    revisions.check();
                }
            } catch (RuntimeException broken) {
                LOG.error("detail {} of lab {} could not be stored", detail, lab, broken);
            }
        });
    }

    /** Another replica may have asked. */
    private boolean fresh(LabId lab, Detail detail, Instant now) {
        Instant before = now.minus(settings.detailAge());
        Instant at = detail.source() == Detail.Source.CONFIG
                ? jdbc
                        .query(
                                "select seen_at from inventory_guest_config where lab = ? and vmid = ?",
                                (rs, n) -> rs.getTimestamp(1).toInstant(),
                                lab.value(),
                                Long.parseLong(detail.subject()))
                        .stream()
                        .findFirst()
                        .orElse(Instant.EPOCH)
                : java.util.Objects.requireNonNullElse(
                        contacts.contact(lab, detail.source().word(), detail.subject())
                                .attemptedAt(),
                        Instant.EPOCH);
        return at.isAfter(before);
    }
}
