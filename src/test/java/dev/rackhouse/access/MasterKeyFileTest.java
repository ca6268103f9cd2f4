package dev.rackhouse.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.base.StartRefused;
import dev.rackhouse.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class MasterKeyFileTest {

    @TempDir
    Path folder;

    private final JdbcClient jdbc = JdbcClient.create(TestDatabase.migrated());

    @Test
    void isMadeOnTheFirstStartReadableByItsOwnerOnlyAndFoundAfterwards() throws Exception {
        MasterKeyFile file = new MasterKeyFile(folder.resolve("master.key"), false);

        MasterKey key = AccessBeans.agree(file, jdbc);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
        assertThat(AccessBeans.agree(file, jdbc).id()).isEqualTo(key.id());
    }

    @Test
    void refusesToStartWhenItIsGone() throws Exception {
        MasterKeyFile file = new MasterKeyFile(folder.resolve("master.key"), false);
        AccessBeans.agree(file, jdbc);
        Files.delete(file.path());

        assertThatThrownBy(() -> AccessBeans.agree(file, jdbc))
                .isInstanceOfSatisfying(
                        StartRefused.class,
                        refused -> assertThat(refused.remedy()).contains("RACKHOUSE_MASTER_KEY_FILE"))
                .hasMessageContaining(file.path().toString());
        assertThat(file.path()).doesNotExist();
    }

    @Test
    void refusesToStartWithTheKeyOfAnotherConsole() throws Exception {
        MasterKeyFile file = new MasterKeyFile(folder.resolve("master.key"), false);
        AccessBeans.agree(file, jdbc);
        MasterKey other = MasterKey.random();
        Files.writeString(file.path(), other.reveal());

        assertThatThrownBy(() -> AccessBeans.agree(file, jdbc))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(other.id())
                .hasMessageNotContaining(other.reveal());
    }

    @Test
    void refusesAFileThatIsNoKeyWithoutShowingIt() throws Exception {
        MasterKeyFile file = new MasterKeyFile(folder.resolve("master.key"), true);
        Files.writeString(file.path(), "not a key at all");

        assertThatThrownBy(() -> AccessBeans.agree(file, jdbc))
                .isInstanceOf(StartRefused.class)
                .hasMessageNotContaining("not a key at all");
    }
}
