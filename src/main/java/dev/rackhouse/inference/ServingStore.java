package dev.rackhouse.inference;

import dev.rackhouse.access.Operator;
import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inference.fit.ModelShape;
import dev.rackhouse.inference.fit.Weights;
import dev.rackhouse.inference.route.RouterKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The tables of models, deployments, modes and routes. Callers hold the transaction and have checked what they store. */
@Component
class ServingStore {

    private static final JsonMapper JSON = JsonMapper.shared();

    private record PinRow(String uuid, @Nullable String address) {}

    private final JdbcClient jdbc;

    ServingStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Model> models() {
        Map<String, List<ModelFiles>> files = new HashMap<>();
        jdbc.sql("select * from inference_model_files order by model, name").query(row -> {
            ByteSize bytes = new ByteSize(row.getLong("bytes"));
            files.computeIfAbsent(row.getString("model"), m -> new ArrayList<>())
                    .add(new ModelFiles(
                            row.getString("name"),
                            Weights.parse(row.getString("weights"), bytes),
                            bytes,
                            row.getString("source")));
        });
        return jdbc.sql("select * from inference_model order by id")
                .query((row, n) -> new Model(
                        new ModelId(row.getString("id")),
                        row.getString("name"),
                        row.getString("family"),
                        Model.Purpose.valueOf(row.getString("purpose")),
                        row.getString("licence"),
                        row.getBoolean("gated"),
                        JSON.readValue(row.getString("shape"), ModelShape.class),
                        files.getOrDefault(row.getString("id"), List.of()),
                        false))
                .list();
    }

    void put(Model model, boolean declared, Operator who, Instant now) {
        jdbc.sql("""
                        insert into inference_model (id, name, family, purpose, licence, gated, shape, declared, changed_at, changed_by)
                        values (:id, :name, :family, :purpose, :licence, :gated, :shape::jsonb, :declared, :now, :who)
                        on conflict (id) do update set name = excluded.name, family = excluded.family, purpose = excluded.purpose,
                            licence = excluded.licence, gated = excluded.gated, shape = excluded.shape, declared = excluded.declared,
                            changed_at = excluded.changed_at, changed_by = excluded.changed_by
                        """)
                .param("id", model.id().value())
                .param("name", model.name())
                .param("family", model.family())
                .param("purpose", model.purpose().name())
                .param("licence", model.licence())
                .param("gated", model.gated())
                .param("shape", JSON.writeValueAsString(model.shape()))
                .param("declared", declared)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("who", who.name())
                .update();
        jdbc.sql("delete from inference_model_files where model = :id")
                .param("id", model.id().value())
                .update();
        for (ModelFiles files : model.files()) {
            jdbc.sql(
                            "insert into inference_model_files (model, name, weights, bytes, source) values (:id, :name, :weights, :bytes, :source)")
                    .param("id", model.id().value())
                    .param("name", files.name())
                    .param("weights", files.weights().word())
                    .param("bytes", files.bytes().bytes())
                    .param("source", files.source())
                    .update();
        }
    }

    boolean removeModel(ModelId id) {
        return jdbc.sql("delete from inference_model where id = :id")
                        .param("id", id.value())
                        .update()
                > 0;
    }

    List<Deployment> deployments() {
        return jdbc.sql("select * from inference_deployment order by place, port")
                .query((row, n) -> deployment(row))
                .list();
    }

    private static Deployment deployment(ResultSet row) throws SQLException {
        return new Deployment(
                new DeploymentId(row.getString("id")),
                new ModelId(row.getString("model")),
                row.getString("files"),
                EngineKind.valueOf(row.getString("engine")),
                PlaceRef.parse(row.getString("place")),
                Arrays.stream(JSON.readValue(row.getString("gpus"), PinRow[].class))
                        .map(p -> new GpuPin(p.uuid, p.address == null ? null : PciAddress.parse(p.address)))
                        .toList(),
                row.getString("image"),
                row.getInt("port"),
                row.getString("served_name"),
                row.getString("model_directory"),
                StoredProfile.read(row.getString("profile")),
                row.getBoolean("declared"));
    }

    void put(Deployment d, Operator who, Instant now) {
        List<PinRow> pins = d.gpus().stream()
                .map(g -> new PinRow(
                        g.uuid(), g.address() == null ? null : g.address().toString()))
                .toList();
        jdbc.sql("""
                        insert into inference_deployment (id, model, files, engine, place, gpus, image, port, served_name,
                            model_directory, profile, declared, changed_at, changed_by)
                        values (:id, :model, :files, :engine, :place, :gpus::jsonb, :image, :port, :served,
                            :directory, :profile::jsonb, :declared, :now, :who)
                        on conflict (id) do update set model = excluded.model, files = excluded.files, engine = excluded.engine,
                            place = excluded.place, gpus = excluded.gpus, image = excluded.image, port = excluded.port,
                            served_name = excluded.served_name, model_directory = excluded.model_directory,
                            profile = excluded.profile, declared = excluded.declared, changed_at = excluded.changed_at,
                            changed_by = excluded.changed_by, revision = inference_deployment.revision + 1
                        """)
                .param("id", d.id().value())
                .param("model", d.model().value())
                .param("files", d.files())
                .param("engine", d.engine().name())
                .param("place", d.place().toString())
                .param("gpus", JSON.writeValueAsString(pins))
                .param("image", d.image())
                .param("port", d.port())
                .param("served", d.servedName())
                .param("directory", d.modelDirectory())
                .param("profile", JSON.writeValueAsString(d.profile()))
                .param("declared", d.declared())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("who", who.name())
                .update();
        keepRevision(d.id());
    }

    /** Only what differs from the last one is a change. */
    private void keepRevision(DeploymentId id) {
        jdbc.sql("""
                        insert into inference_deployment_revision (deployment, at, by, record)
                        select d.id, d.changed_at, d.changed_by, now.record
                        from inference_deployment d
                        cross join lateral (select to_jsonb(d) - 'revision' - 'changed_at' - 'changed_by' as record) now
                        where d.id = :id and now.record is distinct from (
                            select r.record from inference_deployment_revision r
                            where r.deployment = :id order by r.number desc limit 1)
                        """).param("id", id.value()).update();
    }

    void removeDeployment(DeploymentId id, Operator who) {
        jdbc.sql("delete from inference_deployment where id = :id")
                .param("id", id.value())
                .update();
        jdbc.sql("insert into inference_deployment_revision (deployment, at, by) values (:id, now(), :who)")
                .param("id", id.value())
                .param("who", who.name())
                .update();
    }

    List<Mode> modes() {
        Map<String, List<DeploymentId>> members = new HashMap<>();
        jdbc.sql("select mode, deployment from inference_mode_member order by mode, deployment")
                .query(row -> {
                    members.computeIfAbsent(row.getString("mode"), m -> new ArrayList<>())
                            .add(new DeploymentId(row.getString("deployment")));
                });
        return jdbc.sql("select * from inference_mode order by place, desired desc, title")
                .query((row, n) -> new Mode(
                        row.getString("id"),
                        row.getString("title"),
                        PlaceRef.parse(row.getString("place")),
                        members.getOrDefault(row.getString("id"), List.of()),
                        row.getBoolean("desired"),
                        row.getBoolean("declared")))
                .list();
    }

    void put(Mode mode) {
        jdbc.sql("""
                        insert into inference_mode (id, title, place, desired, declared) values (:id, :title, :place, :desired, :declared)
                        on conflict (id) do update set title = excluded.title, place = excluded.place, desired = excluded.desired,
                            declared = excluded.declared
                        """)
                .param("id", mode.id())
                .param("title", mode.title())
                .param("place", mode.place().toString())
                .param("desired", mode.desired())
                .param("declared", mode.declared())
                .update();
        jdbc.sql("delete from inference_mode_member where mode = :id")
                .param("id", mode.id())
                .update();
        for (DeploymentId member : mode.deployments()) {
            jdbc.sql("insert into inference_mode_member (mode, deployment) values (:mode, :deployment)")
                    .param("mode", mode.id())
                    .param("deployment", member.value())
                    .update();
        }
    }

    void removeMode(String id) {
        jdbc.sql("delete from inference_mode where id = :id").param("id", id).update();
    }

    List<Route> routes() {
        return jdbc.sql("select * from inference_route order by name")
                .query((row, n) -> {
                    String fallback = row.getString("fallback");
                    return new Route(
                            row.getString("name"),
                            new DeploymentId(row.getString("main")),
                            fallback == null ? null : new DeploymentId(fallback),
                            row.getBoolean("declared"));
                })
                .list();
    }

    void put(Route route) {
        DeploymentId fallback = route.fallback();
        jdbc.sql("""
                        insert into inference_route (name, main, fallback, declared) values (:name, :main, :fallback, :declared)
                        on conflict (name) do update set main = excluded.main, fallback = excluded.fallback, declared = excluded.declared
                        """)
                .param("name", route.name())
                .param("main", route.main().value())
                .param("fallback", fallback == null ? null : fallback.value())
                .param("declared", route.declared())
                .update();
    }

    void removeRoute(String name) {
        jdbc.sql("delete from inference_route where name = :name")
                .param("name", name)
                .update();
    }

    List<UnifiedMachine> machines() {
        return jdbc.sql("select * from inference_unified_machine order by place")
                .query((row, n) -> new UnifiedMachine(
                        PlaceRef.parse(row.getString("place")),
                        row.getString("chip"),
                        row.getInt("ram_mib"),
                        row.getInt("wired_limit_mib")))
                .list();
    }

    void put(UnifiedMachine machine) {
        jdbc.sql("""
                        insert into inference_unified_machine (place, chip, ram_mib, wired_limit_mib) values (:place, :chip, :ram, :limit)
                        on conflict (place) do update set chip = excluded.chip, ram_mib = excluded.ram_mib,
                            wired_limit_mib = excluded.wired_limit_mib
                        """)
                .param("place", machine.place().toString())
                .param("chip", machine.chip())
                .param("ram", machine.ramMiB())
                .param("limit", machine.wiredLimitMiB())
                .update();
    }

    List<Router> routers() {
        return jdbc.sql("select * from inference_router order by name")
                .query((row, n) -> new Router(
                        row.getString("name"),
                        RouterKind.valueOf(row.getString("kind")),
                        PlaceRef.parse(row.getString("place")),
                        row.getInt("port"),
                        row.getInt("clients"),
                        row.getString("file"),
                        row.getBoolean("declared")))
                .list();
    }

    void put(Router router) {
        jdbc.sql("""
                        insert into inference_router (name, kind, place, port, clients, file, declared)
                        values (:name, :kind, :place, :port, :clients, :file, :declared)
                        on conflict (name) do update set kind = excluded.kind, place = excluded.place, port = excluded.port,
                            clients = excluded.clients, file = excluded.file, declared = excluded.declared
                        """)
                .param("name", router.name())
                .param("kind", router.kind().name())
                .param("place", router.place().toString())
                .param("port", router.port())
                .param("clients", router.clients())
                .param("file", router.file())
                .param("declared", router.declared())
                .update();
    }

    void removeRouter(String name) {
        jdbc.sql("delete from inference_router where name = :name")
                .param("name", name)
                .update();
    }
}
