package dev.rackhouse.preparation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.preparation.PreparationPlan.Edit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that a host runs when the console does not come back, really run by sh below a root of its own. */
class DeadMansSwitchTest {

    private static final String BACKUP = "/var/backups/rackhouse/1-mark";

    @TempDir
    Path root;

    private final PreparationPlan plan = SamplePreparation.bare();

    @BeforeEach
    void aHostThatWasPreparedAndBooted() throws IOException {
        for (Edit edit : plan.edits()) {
            write(edit.path(), Objects.requireNonNull(edit.after()));
            String before = edit.before();
            if (before != null) {
                write(BACKUP + "/files" + edit.path(), before);
            }
        }
        write("/boot/initrd.img-6.5", "ours");
        write(BACKUP + "/files/boot/initrd.img-6.5", "as before");
        write("/boot/grub/grub.cfg", "ours");
        write(BACKUP + "/files/boot/grub/grub.cfg", "as before");
        write(BACKUP + "/boot-files-are-ours", "boot");
        write("/proc/sys/kernel/random/boot_id", "the-boot\n");
        for (String command : new String[] {"systemctl", "update-grub", "update-initramfs", "logger"}) {
            Path stub = write("/bin/" + command, "#!/bin/sh\necho \"${0##*/} $*\" >>\"$R/said\"\n");
            assertThat(stub.toFile().setExecutable(true)).isTrue();
        }
    }

    @Test
    void putsEveryFileBackAndRebootsOnce() throws Exception {
        assertThat(run()).isZero();

        for (Edit edit : plan.edits()) {
            Path file = root.resolve(edit.path().substring(1));
            if (edit.before() == null) {
                assertThat(file).doesNotExist();
            } else {
                assertThat(file).content().isEqualTo(edit.before());
            }
        }
        assertThat(root.resolve("boot/initrd.img-6.5")).hasContent("as before");
        assertThat(root.resolve("boot/grub/grub.cfg")).hasContent("as before");
        assertThat(root.resolve(BACKUP.substring(1) + "/put-back-in")).hasContent("the-boot");
        assertThat(root.resolve("said"))
                .content()
                .isEqualTo("systemctl disable rackhouse-revert-1-mark.timer\nsystemctl reboot\n");
    }

    @Test
    void doesNothingASecondTime() throws Exception {
        run();
        Files.delete(root.resolve("said"));

        assertThat(run()).isZero();
        assertThat(root.resolve("said")).doesNotExist();
    }

    private int run() throws Exception {
        String script = Objects.requireNonNull(
                        new DeadMansSwitch(plan).files().getFirst().after())
                .replace("{run.mark}", "1-mark");
        ProcessBuilder sh = new ProcessBuilder("sh", "-s");
        sh.environment().put("R", root.toString());
        sh.environment().put("PATH", root.resolve("bin") + ":" + System.getenv("PATH"));
        Process process = sh.redirectErrorStream(true).start();
        process.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }

    private Path write(String path, String content) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.writeString(file, content);
    }
}
