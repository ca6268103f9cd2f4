package dev.rackhouse.lab;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Secrets;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.Secret;
import dev.rackhouse.lab.LabDraft.HostDraft;
import dev.rackhouse.lab.LabDraft.ProxmoxDraft;
import dev.rackhouse.lab.StoredLab.StoredHost;
import dev.rackhouse.proxmox.Fingerprint;
import dev.rackhouse.ssh.HostKey;
import dev.rackhouse.ssh.SshKey;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables of labs. Every change raises the lab's revision; callers hold the transaction. */
final class LabStore {

    private final JdbcClient jdbc;
    private final Secrets secrets;

    LabStore(JdbcClient jdbc, Secrets secrets) {
        this.jdbc = jdbc;
        this.secrets = secrets;
    }

    /** All labs that are not removed, by name. */
    List<StoredLab> list() {
        return read("where l.removed_at is null", Map.of());
    }

    Optional<StoredLab> find(LabId id) {
        return read("where l.removed_at is null and l.id = :lab", Map.of("lab", id.value())).stream()
                .findFirst();
    }

    /** The name of a lab, also of one that was removed. */
    Optional<String> nameOf(LabId id) {
        return jdbc.sql("select name from lab where id = :lab")
                .param("lab", id.value())
                .query(String.class)
                .optional();
    }

    /** A number that changes whenever any lab does. */
    long revision() {
        return jdbc.sql("select coalesce(sum(revision), 0) + count(*) from lab")
                .query(Long.class)
                .single();
    }

    private List<StoredLab> read(String where, Map<String, Object> parameters) {
        Map<UUID, List<ProxmoxSide.Door>> doors = new HashMap<>();
        jdbc.sql("select e.lab_id, e.url, e.fingerprint from lab_endpoint e join lab l on l.id = e.lab_id " + where
                        + " order by e.lab_id, e.position")
                .params(parameters)
                .query(row -> {
                    String pin = row.getString("fingerprint");
                    doors.computeIfAbsent(row.getObject("lab_id", UUID.class), id -> new ArrayList<>())
                            .add(new ProxmoxSide.Door(
                                    URI.create(row.getString("url")), pin == null ? null : new Fingerprint(pin)));
                });
        Map<UUID, List<StoredHost>> hosts = new HashMap<>();
        jdbc.sql("select h.* from lab_host h join lab l on l.id = h.lab_id " + where + " order by h.node")
                .params(parameters)
                .query(row -> {
                    hosts.computeIfAbsent(row.getObject("lab_id", UUID.class), id -> new ArrayList<>())
                            .add(host(row));
                });
        return jdbc.sql("select l.* from lab l " + where + " order by lower(l.name)")
                .params(parameters)
                .query((row, n) -> {
                    UUID id = row.getObject("id", UUID.class);
                    return lab(row, doors.getOrDefault(id, List.of()), hosts.getOrDefault(id, List.of()));
                })
                .list();
    }

    private static StoredHost host(ResultSet row) throws SQLException {
        return new StoredHost(
                new LabHost(
                        row.getString("node"),
                        row.getString("address"),
                        row.getInt("port"),
                        row.getString("user_name"),
                        row.getString("key_public"),
                        new HostKey(row.getString("host_key")),
                        row.getString("jump")),
                row.getBytes("key_private"));
    }

    private static StoredLab lab(ResultSet row, List<ProxmoxSide.Door> doors, List<StoredHost> hosts)
            throws SQLException {
        String token = row.getString("token_id");
        return new StoredLab(
                new Lab(
                        new LabId(row.getObject("id", UUID.class)),
                        row.getString("name"),
                        row.getBoolean("paused"),
                        row.getBoolean("declared"),
                        token == null
                                ? null
                                : new ProxmoxSide(
                                        doors,
                                        token,
                                        ProxmoxSide.Trust.of(row.getString("trust")),
                                        row.getString("authority")),
                        hosts.stream().map(StoredHost::host).toList(),
                        row.getString("key_public"),
                        row.getString("next_key_public"),
                        row.getObject("connected_at", OffsetDateTime.class).toInstant()),
                row.getBytes("token_secret"),
                row.getBytes("key_private"),
                row.getBytes("next_key_private"),
                hosts,
                row.getLong("revision"));
    }

    LabId create(LabDraft draft, boolean declared, Operator by, Instant now) {
        LabId id = LabId.random();
        jdbc.sql("""
                        insert into lab (id, name, declared, key_public, key_private, connected_at, connected_by)
                        values (:lab, :name, :declared, :public, :private, :now, :by)
                        """)
                .param("lab", id.value())
                .param("name", draft.name())
                .param("declared", declared)
                .param("public", draft.key().publicLine())
                .param("private", secrets.encrypt(draft.key().privateKey()))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("by", by.name())
                .update();
        setProxmox(id, draft.proxmox());
        setHosts(id, draft.hosts());
        return id;
    }

    void setProxmox(LabId id, @Nullable ProxmoxDraft draft) {
        jdbc.sql("delete from lab_endpoint where lab_id = :lab")
                .param("lab", id.value())
                .update();
        jdbc.sql("""
                        update lab set token_id = :token, token_secret = :secret, trust = :trust, authority = :authority,
                               revision = revision + 1 where id = :lab
                        """)
                .param("lab", id.value())
                .param("token", draft == null ? null : draft.side().tokenId())
                .param("secret", draft == null ? null : secrets.encrypt(draft.secret()), java.sql.Types.BINARY)
                .param("trust", draft == null ? null : draft.side().trust().word())
                .param("authority", draft == null ? null : draft.side().authority())
                .update();
        int position = 0;
        for (ProxmoxSide.Door door :
                draft == null ? List.<ProxmoxSide.Door>of() : draft.side().doors()) {
            Fingerprint pin = door.pin();
            jdbc.sql("insert into lab_endpoint (lab_id, position, url, fingerprint) values (:lab, :at, :url, :pin)")
                    .param("lab", id.value())
                    .param("at", position++)
                    .param("url", door.url().toString())
                    .param("pin", pin == null ? null : pin.hex())
                    .update();
        }
    }

    void setToken(LabId id, String tokenId, Secret secret) {
        change(
                id,
                "token_id = :token, token_secret = :secret",
                Map.of("token", tokenId, "secret", secrets.encrypt(secret)));
    }

    /** @return whether the pin was the expected one and is now the new one */
    boolean repin(LabId id, URI url, Fingerprint pinned, Fingerprint presented) {
        int changed = jdbc.sql("""
                        update lab_endpoint set fingerprint = :new where lab_id = :lab and url = :url and fingerprint = :old
                        """)
                .param("lab", id.value())
                .param("url", url.toString())
                .param("old", pinned.hex())
                .param("new", presented.hex())
                .update();
        touch(id);
        return changed == 1;
    }

    void setHosts(LabId id, List<HostDraft> hosts) {
        jdbc.sql("delete from lab_host where lab_id = :lab")
                .param("lab", id.value())
                .update();
        hosts.forEach(host -> insertHost(id, host));
        touch(id);
    }

    private void insertHost(LabId id, HostDraft host) {
        SshKey own = host.ownKey();
        jdbc.sql("""
                        insert into lab_host (lab_id, node, address, port, user_name, key_public, key_private, host_key, jump)
                        values (:lab, :node, :address, :port, :user, :public, :private, :hostKey, :jump)
                        """)
                .param("lab", id.value())
                .param("node", host.node())
                .param("address", host.address())
                .param("port", host.port())
                .param("user", host.user())
                .param("public", own == null ? null : own.publicLine())
                .param("private", own == null ? null : secrets.encrypt(own.privateKey()), java.sql.Types.BINARY)
                .param("hostKey", host.hostKey().fingerprint())
                .param("jump", host.jump())
                .update();
    }

    /** @return whether the pin was the expected one and is now the new one */
    boolean repinHost(LabId id, String node, HostKey pinned, HostKey presented) {
        int changed = jdbc.sql("""
                        update lab_host set host_key = :new where lab_id = :lab and node = :node and host_key = :old
                        """)
                .param("lab", id.value())
                .param("node", node)
                .param("old", pinned.fingerprint())
                .param("new", presented.fingerprint())
                .update();
        touch(id);
        return changed == 1;
    }

    void rename(LabId id, String name) {
        change(id, "name = :name", Map.of("name", name));
    }

    void pause(LabId id, boolean paused) {
        change(id, "paused = :paused", Map.of("paused", paused));
    }

    void declare(LabId id, boolean declared) {
        change(id, "declared = :declared", Map.of("declared", declared));
    }

    void nextKey(LabId id, SshKey key) {
        change(
                id,
                "next_key_public = :public, next_key_private = :private",
                Map.of("public", key.publicLine(), "private", secrets.encrypt(key.privateKey())));
    }

    void useNextKey(LabId id) {
        change(
                id,
                "key_public = next_key_public, key_private = next_key_private, next_key_public = null, next_key_private = null",
                Map.of());
    }

    void dropNextKey(LabId id) {
        change(id, "next_key_public = null, next_key_private = null", Map.of());
    }

    /** Takes the lab away and forgets its secrets; the row stays, so that history keeps its name. */
    void remove(LabId id, Instant now) {
        setProxmox(id, null);
        setHosts(id, List.of());
        change(
                id,
                "removed_at = :now, key_private = '', next_key_public = null, next_key_private = null",
                Map.of("now", now.atOffset(ZoneOffset.UTC)));
    }

    private void touch(LabId id) {
        jdbc.sql("update lab set revision = revision + 1 where id = :lab")
                .param("lab", id.value())
                .update();
    }

    private void change(LabId id, String assignments, Map<String, Object> parameters) {
        jdbc.sql("update lab set " + assignments + ", revision = revision + 1 where id = :lab")
                .param("lab", id.value())
                .params(parameters)
                .update();
    }
}
