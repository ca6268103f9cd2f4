package dev.rackhouse.inference;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inference.fit.ServingProfile;
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

    /** Records are rows as they were stored; what a later version cannot read any more counts as gone. */
    private static @Nullable Deployment deployment(@Nullable String record) {
        if (record == null) {
            return null;
        }
        try {
            JsonNode row = JSON.readTree(record);
            List<GpuPin> pins = new ArrayList<>();
            row.path("gpus").forEach(pin -> pins.add(new GpuPin(
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
                    JSON.treeToValue(row.path("profile"), ServingProfile.class),
                    row.path("declared").asBoolean(false));
        } catch (RuntimeException unreadable) {
            return null;
        }
    }
}
