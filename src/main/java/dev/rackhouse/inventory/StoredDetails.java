package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.inventory.Detail.Source;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Ages of details, as stored: a replica that takes a lab over goes on where the other stopped. */
@Component
class StoredDetails implements DetailPlan.Stored {

    private final Contacts contacts;
    private final JdbcTemplate jdbc;

    StoredDetails(Contacts contacts, JdbcTemplate jdbc) {
        this.contacts = contacts;
        this.jdbc = jdbc;
    }

    @Override
    public Map<Detail, Instant> tried(LabId lab) {
        var tried = new HashMap<Detail, Instant>();
        for (Contact contact : contacts.contacts(lab)) {
            Instant at = contact.attemptedAt();
            for (Source source : Source.values()) {
                if (at != null && source.word().equals(contact.source()) && source != Source.CONFIG) {
                    tried.put(Detail.of(source, contact.subject()), at);
                }
            }
        }
        return tried;
    }

    @Override
    public List<Long> configsOlderThan(LabId lab, Instant before, Collection<Long> without, int limit) {
        return jdbc.query(
                """
                select g.vmid from inventory_guest g
                left join inventory_guest_config c on c.lab = g.lab and c.vmid = g.vmid
                where g.lab = ? and g.gone_at is null and g.unsure_since is null
                    and (c.seen_at is null or c.seen_at < ?) and g.vmid <> all(?)
                order by c.seen_at nulls first, g.vmid limit ?
                """,
                statement -> {
                    statement.setObject(1, lab.value());
                    statement.setTimestamp(2, Timestamp.from(before));
                    statement.setArray(3, statement.getConnection().createArrayOf("int8", without.toArray()));
                    statement.setInt(4, limit);
                },
                (rs, n) -> rs.getLong(1));
    }
}
