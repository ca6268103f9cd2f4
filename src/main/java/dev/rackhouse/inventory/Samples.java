package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.Retained;
import dev.rackhouse.inventory.ClusterResources.GuestFigures;
import dev.rackhouse.inventory.ClusterResources.NodeFigures;
import dev.rackhouse.inventory.ClusterResources.Sample;
import dev.rackhouse.inventory.ClusterResources.StorageFigures;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Figures that move all the time, one row per lab and minute. Read by joins; written here. */
@Component
class Samples implements Retained {

    private final JdbcTemplate jdbc;

    Samples(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    void add(LabId lab, Instant at, Sample sample) {
        List<GuestFigures> guests = sample.guests();
        List<NodeFigures> nodes = sample.nodes();
        List<StorageFigures> storages = sample.storages();
        jdbc.update(connection -> {
            var statement = connection.prepareStatement("""
                    insert into inventory_sample (lab, at, vmids, guest_cpu, guest_memory, guest_uptime,
                        nodes, node_cpu, node_memory, node_disk, node_uptime, storages, storage_used)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing
                    """);
            statement.setObject(1, lab.value());
            statement.setTimestamp(2, Timestamp.from(at));
            statement.setArray(3, connection.createArrayOf("int4", array(guests, g -> (int) g.vmid())));
            statement.setArray(4, connection.createArrayOf("float4", array(guests, g -> real(g.cpu()))));
            statement.setArray(5, connection.createArrayOf("int8", array(guests, GuestFigures::memory)));
            statement.setArray(6, connection.createArrayOf("int8", array(guests, GuestFigures::uptime)));
            statement.setArray(7, connection.createArrayOf("text", array(nodes, NodeFigures::node)));
            statement.setArray(8, connection.createArrayOf("float4", array(nodes, n -> real(n.cpu()))));
            statement.setArray(9, connection.createArrayOf("int8", array(nodes, NodeFigures::memory)));
            statement.setArray(10, connection.createArrayOf("int8", array(nodes, NodeFigures::disk)));
            statement.setArray(11, connection.createArrayOf("int8", array(nodes, NodeFigures::uptime)));
            statement.setArray(
                    12, connection.createArrayOf("text", array(storages, s -> s.node() + "/" + s.storage())));
            statement.setArray(13, connection.createArrayOf("int8", array(storages, StorageFigures::used)));
            return statement;
        });
    }

    private static @Nullable Float real(@Nullable Double value) {
        return value == null ? null : value.floatValue();
    }

    private static <T> @Nullable Object[] array(List<T> rows, Function<T, @Nullable Object> value) {
        @Nullable Object[] values = new Object[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.apply(rows.get(i));
        }
        return values;
    }

    @Override
    public String key() {
        return "samples";
    }

    @Override
    public String title() {
        return "Figures of nodes, guests and storage";
    }

    @Override
    public Duration keptByDefault() {
        return Duration.ofDays(7);
    }

    @Override
    public long purge(Instant before) {
        return jdbc.update("delete from inventory_sample where at < ?", Timestamp.from(before));
    }

    @Override
    public @Nullable Instant oldest() {
        Timestamp oldest = jdbc.queryForObject("select min(at) from inventory_sample", Timestamp.class);
        return oldest == null ? null : oldest.toInstant();
    }
}
