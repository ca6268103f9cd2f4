package dev.rackhouse.inference.live;

import dev.rackhouse.base.Retained;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.health.LoadPhase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The tables of what engines and cards did, and of how long starts took. Several consoles may write the same minute: the first counts. */
@Component("engineSamples")
class LiveStore implements Retained, StartMemory {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient jdbc;

    LiveStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(DeploymentId deployment, EnginePoint p) {
        jdbc.sql("""
                insert into inference_engine_sample values
                    (:deployment, :at, :rate, :running, :waiting, :kv, :first50, :first95, :next50, :next95)
                on conflict do nothing""")
                .param("deployment", deployment.value())
                .param("at", Timestamp.from(p.at()))
                .param("rate", p.tokensPerSecond())
                .param("running", p.running())
                .param("waiting", p.waiting())
                .param("kv", p.kvUse())
                .param("first50", p.firstTokenP50())
                .param("first95", p.firstTokenP95())
                .param("next50", p.nextTokenP50())
                .param("next95", p.nextTokenP95())
                .update();
    }

    void add(PlaceRef place, String uuid, CardPoint p) {
        jdbc.sql("""
                insert into inference_card_sample values (:place, :uuid, :at, :memory, :watts, :busy, :celsius)
                on conflict do nothing""")
                .param("place", place.toString())
                .param("uuid", uuid)
                .param("at", Timestamp.from(p.at()))
                .param("memory", p.memoryMiB())
                .param("watts", p.watts())
                .param("busy", p.busy())
                .param("celsius", p.celsius())
                .update();
    }

    /** Oldest first. */
    List<EnginePoint> engine(DeploymentId deployment, Instant from) {
        return jdbc.sql(
                        "select * from inference_engine_sample where deployment = :deployment and at >= :from order by at")
                .param("deployment", deployment.value())
                .param("from", Timestamp.from(from))
                .query((row, n) -> new EnginePoint(
                        row.getTimestamp("at").toInstant(),
                        real(row, "tokens_per_second"),
                        row.getObject("running", Integer.class),
                        row.getObject("waiting", Integer.class),
                        real(row, "kv_use"),
                        real(row, "first_token_p50"),
                        real(row, "first_token_p95"),
                        real(row, "next_token_p50"),
                        real(row, "next_token_p95")))
                .list();
    }

    /** Oldest first. */
    List<CardPoint> card(PlaceRef place, String uuid, Instant from) {
        return jdbc.sql(
                        "select * from inference_card_sample where place = :place and uuid = :uuid and at >= :from order by at")
                .param("place", place.toString())
                .param("uuid", uuid)
                .param("from", Timestamp.from(from))
                .query((row, n) -> new CardPoint(
                        row.getTimestamp("at").toInstant(),
                        row.getObject("memory_mib", Integer.class),
                        real(row, "watts"),
                        real(row, "busy"),
                        real(row, "celsius")))
                .list();
    }

    private static @Nullable Double real(ResultSet row, String column) throws SQLException {
        Float value = row.getObject(column, Float.class);
        return value == null ? null : Double.valueOf(value.doubleValue());
    }

    @Override
    public StartTimes of(DeploymentId deployment) {
        return new StartTimes(jdbc.sql("""
                        select started_at, total_ms, phases from inference_start
                        where deployment = :deployment order by started_at desc limit :kept""")
                .param("deployment", deployment.value())
                .param("kept", StartTimes.KEPT)
                .query((row, n) -> new StartTimes.Start(
                        row.getTimestamp("started_at").toInstant(),
                        Duration.ofMillis(row.getLong("total_ms")),
                        phases(row.getString("phases"))))
                .list());
    }

    @Override
    public StartTimes learn(DeploymentId deployment, StartTimes.Start start) {
        ObjectNode phases = JSON.createObjectNode();
        start.phases().forEach((phase, time) -> phases.put(phase.name(), time.toMillis()));
        int noted = jdbc.sql("""
                        insert into inference_start (deployment, started_at, total_ms, phases)
                        values (:deployment, :started, :total, cast(:phases as jsonb)) on conflict do nothing""")
                .param("deployment", deployment.value())
                .param("started", Timestamp.from(start.startedAt()))
                .param("total", start.total().toMillis())
                .param("phases", phases.toString())
                .update();
        if (noted > 0) {
            jdbc.sql("""
                    delete from inference_start where deployment = :deployment and started_at not in (
                        select started_at from inference_start where deployment = :deployment
                        order by started_at desc limit :kept)""")
                    .param("deployment", deployment.value())
                    .param("kept", StartTimes.KEPT)
                    .update();
        }
        return of(deployment);
    }

    private static Map<LoadPhase, Duration> phases(String json) {
        Map<LoadPhase, Duration> phases = new EnumMap<>(LoadPhase.class);
        JsonNode root = JSON.readTree(json);
        for (LoadPhase phase : LoadPhase.values()) {
            if (root.path(phase.name()).isNumber()) {
                phases.put(phase, Duration.ofMillis(root.path(phase.name()).asLong()));
            }
        }
        return phases;
    }

    @Override
    public String key() {
        return "engine-samples";
    }

    @Override
    public String title() {
        return "Figures of engines and GPUs";
    }

    @Override
    public Duration keptByDefault() {
        return Duration.ofDays(14);
    }

    @Override
    public long purge(Instant before) {
        Timestamp at = Timestamp.from(before);
        return (long) jdbc.sql("delete from inference_engine_sample where at < :at")
                        .param("at", at)
                        .update()
                + jdbc.sql("delete from inference_card_sample where at < :at")
                        .param("at", at)
                        .update();
    }

    @Override
    public @Nullable Instant oldest() {
        return jdbc.sql("""
                        select min(at) from (select min(at) as at from inference_engine_sample
                        union all select min(at) from inference_card_sample) as both_tables""")
                .query((row, n) -> row.getTimestamp(1))
                .optional()
                .map(Timestamp::toInstant)
                .orElse(null);
    }
}
