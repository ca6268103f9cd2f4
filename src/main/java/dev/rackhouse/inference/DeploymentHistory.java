package dev.rackhouse.inference;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.runbook.RunId;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What deployments were: every change is kept, by whoever stored it. Safe for many threads. */
@Service
public class DeploymentHistory {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient jdbc;

    DeploymentHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Newest first. */
    public List<DeploymentRevision> of(DeploymentId id) {
        return jdbc.sql("select * from inference_deployment_revision where deployment = :id order by number desc")
                .param("id", id.value())
                .query((row, _) -> new DeploymentRevision(
                        row.getLong("number"),
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getString("by"),
                        deployment(row.getString("record"))))
                .list();
    }

    public Optional<DeploymentRevision> find(DeploymentId id, long number) {
        return of(id).stream().filter(r -> r.number() == number).findFirst();
    }

    /** The newest change was made for this run, in the transaction that starts it. */
    public void carriedOutBy(DeploymentId id, RunId run) {
        jdbc.sql("""
                        update inference_deployment_revision set run = :run
                        where number = (select max(number) from inference_deployment_revision where deployment = :id)
                        """).param("run", run.value()).param("id", id.value()).update();
    }

    /**
     * A change that was made for a run.
     *
     * @param before what the deployment was; null: there was none
     */
    record Change(DeploymentId id, @Nullable Deployment before) {}

    /** What was changed for this run; empty when it was changed again since, or what was before cannot be read any more. */
    Optional<Change> changedBy(RunId run) {
        return jdbc.sql("""
                        select r.deployment, b.record from inference_deployment_revision r
                        left join inference_deployment_revision b on b.number = (select max(number) from inference_deployment_revision n
                            where n.deployment = r.deployment and n.number < r.number)
                        where r.run = :run
                        and r.number = (select max(number) from inference_deployment_revision n where n.deployment = r.deployment)
                        """)
                .param("run", run.value())
                .query((row, _) -> {
                    DeploymentId id = new DeploymentId(row.getString("deployment"));
                    String record = row.getString("record");
                    return record == null
                            ? Optional.of(new Change(id, null))
                            : Optional.ofNullable(deployment(record)).map(before -> new Change(id, before));
                })
                .optional()
                .flatMap(change -> change);
    }

    /** Runs for which the newest change of some deployment was made. */
    List<RunId> newestByRuns() {
        return jdbc.sql("""
                        select run from inference_deployment_revision r where run is not null
                        and number = (select max(number) from inference_deployment_revision n where n.deployment = r.deployment)
                        """).query((row, _) -> new RunId(row.getLong("run"))).list();
    }

    /** Records are rows as they were stored; what a later version cannot read any more counts as gone. */
    private static @Nullable Deployment deployment(@Nullable String record) {
        if (record == null) {
            return null;
        }
        try {
            JsonNode row = JSON.readTree(record);
            List<GpuPin> pins = new ArrayList<>();
            row.path("gpus")
                    .forEach(pin -> pins.add(new GpuPin(
                            pin.path("uuid").asString(""),
                            pin.path("address").isString()
                                    ? PciAddress.parse(pin.path("address").stringValue())
                                    : null)));
            return new Deployment(
                    new DeploymentId(row.path("id").asString("")),
                    new ModelId(row.path("model").asString("")),
                    row.path("files").asString(""),
                    EngineKind.valueOf(row.path("engine").asString("")),
                    PlaceRef.parse(row.path("place").asString("")),
                    pins,
                    row.path("image").asString(""),
                    row.path("port").asInt(0),
                    row.path("served_name").asString(""),
                    row.path("model_directory").asString(""),
                    StoredProfile.read(row.path("profile")),
                    row.path("declared").asBoolean(false));
        } catch (RuntimeException unreadable) {
            return null;
        }
    }
}
