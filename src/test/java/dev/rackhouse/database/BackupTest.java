package dev.rackhouse.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.access.MasterKey;
import dev.rackhouse.access.MasterKeyFile;
import dev.rackhouse.base.Secret;
import dev.rackhouse.base.StartRefused;
import dev.rackhouse.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {

    private static final String STRANGE = "tab\there, new\nline, back\\slash, \\N, quote ' and ü 𝄞";

    @TempDir
    Path folder;

    private final MasterKey key = MasterKey.random();

    /** Everything that makes tables hard to bring back: a cycle of references, identities, generated columns, triggers. */
    private static final String HARD_TABLES = """
            create table parent (
                id bigint generated always as identity primary key, text text, raw bytea, at timestamptz,
                doubled bigint generated always as (id * 2) stored, favourite bigint);
            create table child (id bigserial primary key, parent bigint not null references parent on delete cascade);
            alter table parent add foreign key (favourite) references child;
            create function stamp() returns trigger language plpgsql as $$ begin new.text := 'stamped'; return new; end $$;
            insert into parent (text) values ('made by the migration');
            create trigger stamped before insert on parent for each row execute function stamp();
            """;

    @Test
    void comesBackRowForRowWithTheKey() throws Exception {
        Files.writeString(folder.resolve("V900__hard_tables.sql"), HARD_TABLES);
        String[] migrations = {"classpath:db/migration", "filesystem:" + folder};
        DatabaseAddress from = migrated(migrations);
        sql(from, "alter table parent disable trigger stamped");
        sql(
                from,
                "insert into parent (text, raw, at) select '" + STRANGE.replace("'", "''")
                        + "', '\\x00ff', now() from generate_series(1, 100)");
        sql(from, "delete from parent where id % 7 = 0");
        sql(from, "insert into child (parent) select id from parent; update parent set favourite = 3 where id = 2");
        sql(from, "alter table parent enable trigger stamped");
        String whole = "select md5(string_agg(p::text, '|' order by id)) from parent p";
        Path file = folder.resolve("console.backup");

        Backup.write(
                from,
                new BackupManifest.Key(key.id(), null, Passphrase.seal(key, new Secret("open sesame"))),
                file,
                false);
        DatabaseAddress into = empty();
        MasterKeyFile keyFile = new MasterKeyFile(folder.resolve("new/master.key"), false);
        try (Restore restore = Restore.open(file, migrations)) {
            restore.into(into, restore.key(new Secret("open sesame")), keyFile);
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain(key.reveal());
        assertThat(keyFile.read().orElseThrow().id()).isEqualTo(key.id());
        assertThat(ask(into, whole)).isEqualTo(ask(from, whole));
        assertThat(ask(into, "insert into parent default values returning id || ' ' || text"))
                .isEqualTo("102 stamped");
        assertThat(
                        ask(
                                into,
                                "select count(*) from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace"))
                .isEqualTo(
                        ask(
                                from,
                                "select count(*) from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace"));
    }

    @Test
    void leavesTheDatabaseEmptyWhenItFails() throws Exception {
        DatabaseAddress from = migrated();
        sql(from, "create table unknown_to_migrations (n int)");
        Path file = folder.resolve("console.backup");
        Backup.write(from, new BackupManifest.Key(key.id(), key.reveal(), null), file, false);
        DatabaseAddress into = empty();
        MasterKeyFile keyFile = new MasterKeyFile(folder.resolve("master.key"), false);

        try (Restore restore = Restore.open(file)) {
            assertThatThrownBy(() -> restore.into(into, restore.key(null), keyFile))
                    .hasMessageContaining("unknown_to_migrations");
        }

        assertThat(keyFile.path()).doesNotExist();
        assertThat(ask(into, "select count(*) from pg_class where relnamespace = 'public'::regnamespace"))
                .isEqualTo("0");
    }

    @Test
    void opensTheKeyOnlyWithItsPassphrase() throws Exception {
        Path file = folder.resolve("console.backup");
        Backup.write(
                migrated(),
                new BackupManifest.Key(key.id(), null, Passphrase.seal(key, new Secret("open sesame"))),
                file,
                false);

        try (Restore restore = Restore.open(file)) {
            assertThatThrownBy(() -> restore.key(new Secret("open barley")))
                    .hasMessageContaining("passphrase does not open");
            assertThatThrownBy(() -> restore.key(null)).hasMessageContaining("closed with a passphrase");
        }
    }

    @Test
    void refusesADatabaseThatIsNotEmpty() throws Exception {
        Path file = folder.resolve("console.backup");
        Backup.write(migrated(), null, file, false);
        DatabaseAddress used = migrated();

        try (Restore restore = Restore.open(file)) {
            assertThatThrownBy(
                            () -> restore.into(used, Optional.empty(), new MasterKeyFile(folder.resolve("k"), false)))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("not empty");
        }
    }

    @Test
    void refusesADamagedFile() throws Exception {
        Path file = folder.resolve("console.backup");
        DatabaseAddress from = migrated();
        sql(from, "insert into retention select 'kind ' || n, 5 from generate_series(1, 5000) n");
        Backup.write(from, null, file, false);
        byte[] bytes = Files.readAllBytes(file);

        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> Restore.open(file))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("cut off");

        byte[] flipped = bytes.clone();
        flipped[bytes.length / 2] ^= 0x10;
        Files.write(file, flipped);
        assertThatThrownBy(() -> Restore.open(file))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("damaged");

        Files.writeString(file, "hello");
        assertThatThrownBy(() -> Restore.open(file)).isInstanceOf(StartRefused.class);
    }

    @Test
    void doesNotOverwriteUnasked() throws Exception {
        Path file = Files.writeString(folder.resolve("console.backup"), "precious");

        assertThatThrownBy(() -> Backup.write(migrated(), null, file, false)).isInstanceOf(StartRefused.class);

        assertThat(file).hasContent("precious");
    }

    @Test
    void refusesToStartOnANewerSchemaAndBringsAnOlderOneUp() throws Exception {
        DatabaseAddress database = empty();
        Flyway flyway = Flyway.configure()
                .dataSource(database.url(), database.user(), database.password().reveal())
                .locations("classpath:db/migration")
                .target("001")
                .load();
        flyway.migrate();
        Flyway all = Flyway.configure()
                .dataSource(database.url(), database.user(), database.password().reveal())
                .locations("classpath:db/migration")
                .load();
        SchemaVersion.migrate(all);
        assertThat(ask(database, "select to_regclass('retention')")).isEqualTo("retention");

        sql(
                database,
                "insert into flyway_schema_history select installed_rank + 100, '901', 'of tomorrow', type, script, checksum,"
                        + " installed_by, installed_on, 1, true from flyway_schema_history order by installed_rank desc limit 1");

        assertThatThrownBy(() -> SchemaVersion.migrate(all))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("newer Rackhouse")
                .hasMessageContaining("901");
    }

    private static DatabaseAddress empty() {
        TestDatabase.Address address = TestDatabase.empty();
        return new DatabaseAddress(address.url(), address.user(), new Secret(address.password()));
    }

    private static DatabaseAddress migrated() {
        return migrated("classpath:db/migration");
    }

    private static DatabaseAddress migrated(String... migrations) {
        DatabaseAddress address = empty();
        Flyway.configure()
                .dataSource(address.url(), address.user(), address.password().reveal())
                .locations(migrations)
                .load()
                .migrate();
        return address;
    }

    private static void sql(DatabaseAddress address, String sql) throws SQLException {
        try (var connection = address.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(DatabaseAddress address, String sql) throws SQLException {
        try (var connection = address.connect();
                var statement = connection.createStatement();
                var found = statement.executeQuery(sql)) {
            found.next();
            return found.getString(1);
        }
    }
}
