package dev.rackhouse.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rackhouse.base.RemoteFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the SSH client promises, whoever serves. Each server has a subclass. */
abstract class SshContract {

    private static final byte[] NOTHING = new byte[0];
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final RemoteFiles.Owner ME = me();

    final SshKey key = SshKey.generate("test");
    final SshSessions sessions = new SshSessions();
    TestSshServer server;

    @TempDir
    Path folder;

    abstract TestSshServer server(SshKey accepted);

    @BeforeEach
    void serve() {
        server = server(key);
        server.start();
    }

    @AfterEach
    void stop() {
        sessions.close();
        server.close();
    }

    @Test
    void keepsOutputErrorsAndExitCodeApart() {
        var result = host().run("echo out; echo err >&2; exit 7", NOTHING, LONG);

        assertThat(result.out()).isEqualTo("out\n");
        assertThat(result.err()).isEqualTo("err\n");
        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.truncated()).isFalse();
    }

    @Test
    void handsStandardInputOver() {
        byte[] big = "line of text\n".repeat(200_000).getBytes(StandardCharsets.UTF_8);
        assertThat(host().run("cat | wc -c", big, LONG).out().strip()).isEqualTo(Integer.toString(big.length));
    }

    @Test
    void keepsTheBeginningOfEndlessOutput() {
        var result =
                host().run("head -c 200000000 /dev/zero | tr '\\0' x; echo done >&2", NOTHING, Duration.ofMinutes(3));

        assertThat(result.truncated()).isTrue();
        assertThat(result.stdout()).hasSize(SshHost.LARGEST_OUTPUT);
        assertThat(result.err()).isEqualTo("done\n");
    }

    /** The connection buffers some 60 MB; when they are full, nothing comes any more that could make it ask for more. */
    @Test
    void aReaderThatIsLateGetsEverything() {
        AtomicLong lines = new AtomicLong();
        var running = host().start(
                        "yes 0123456789012345678901234567890123456789012345678901234567890123456789 | head -c 142000000",
                        NOTHING,
                        Duration.ofMinutes(2),
                        line -> {
                            if (lines.getAndIncrement() == 0) {
                                LockSupport.parkNanos(Duration.ofSeconds(4).toNanos());
                            }
                        });

        assertThat(running.join().exitCode()).isZero();
        assertThat(lines).hasValue(2_000_000);
    }

    @Test
    void keepsTheBeginningOfEndlessErrors() {
        var result = host().run("head -c 3000000 /dev/zero | tr '\\0' x >&2; echo done; exit 3", NOTHING, LONG);

        assertThat(result.truncated()).isTrue();
        assertThat(result.stderr()).hasSize(SshHost.LARGEST_ERRORS);
        assertThat(result.out()).isEqualTo("done\n");
        assertThat(result.exitCode()).isEqualTo(3);
    }

    @Test
    void runsSeveralLinesWithADocumentAndAComment() {
        var result = host().run("cat <<'EOF'\na ) b\nEOF\nexit 4 # the end", NOTHING, LONG);

        assertThat(result.out()).isEqualTo("a ) b\n");
        assertThat(result.exitCode()).isEqualTo(4);
    }

    @Test
    void tellsASignalByItsNumber() {
        assertThat(host().run("sh -c 'kill -TERM $$'; exit $?", NOTHING, LONG).exitCode())
                .isEqualTo(143);
    }

    @Test
    void runsManyCommandsOverOneConnection() throws Exception {
        SshHost host = host();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = IntStream.range(0, 20)
                    .mapToObj(i -> pool.submit(() -> host.run("sleep 0.1; echo " + i, NOTHING, LONG)
                            .out()
                            .strip()))
                    .toList();
            for (int i = 0; i < 20; i++) {
                assertThat(answers.get(i).get()).isEqualTo(Integer.toString(i));
            }
        }
        assertThat(sessions.open(target())).isSameAs(host);
    }

    @Test
    void showsLinesWhileTheCommandRuns() throws InterruptedException {
        ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
        CountDownLatch two = new CountDownLatch(2);
        RunningCommand running = host().start("echo one; echo two >&2; sleep 600", NOTHING, LONG, line -> {
            lines.add(line.stream() + " " + line.text());
            two.countDown();
        });

        assertThat(two.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(lines).containsExactlyInAnyOrder("OUT one", "ERR two");
        running.cancel();
        assertThatThrownBy(running::join).isInstanceOf(CancellationException.class);
    }

    @Test
    void endsTheRemoteWorkWhenTheTimeIsOut() {
        String sign = "77" + System.nanoTime() % 1_000_000;
        var failure = catchThrowableOfType(
                RemoteFailure.class,
                () -> host().run("sleep " + sign + " & sleep " + sign, NOTHING, Duration.ofMillis(600)));

        assertThat(failure).isInstanceOf(RemoteFailure.TimedOut.class).hasMessageContaining("within 0.6 s");
        eventually("no sleep is left", () -> !runs("sleep " + sign));
    }

    @Test
    void endsWorkThatIgnoresTheFirstRequest() {
        String sign = "88" + System.nanoTime() % 1_000_000;
        RunningCommand running =
                host().start("trap '' TERM; while :; do sleep " + sign + "; done", NOTHING, LONG, line -> {});
        eventually("it runs", () -> runs("sleep " + sign));
        running.cancel();

        assertThatThrownBy(running::join).isInstanceOf(CancellationException.class);
        eventually("nothing is left", () -> !runs("sleep " + sign));
    }

    @Test
    void endsTheRemoteWorkWhenTheWaitingThreadIsInterrupted() throws Exception {
        String sign = "99" + System.nanoTime() % 1_000_000;
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                host().run("sleep " + sign, NOTHING, LONG);
            } catch (CancellationException expected) {
                // what is promised
            }
        });
        eventually("it runs", () -> runs("sleep " + sign));
        waiting.interrupt();
        waiting.join(2_000);

        assertThat(waiting.isAlive()).isFalse();
        eventually("nothing is left", () -> !runs("sleep " + sign));
    }

    @Test
    void speaksWithACommand() throws IOException {
        try (DuplexStream cat = host().open("echo trouble >&2; cat")) {
            cat.output().write("one\n".getBytes(StandardCharsets.UTF_8));
            cat.output().flush();
            assertThat(cat.input().readNBytes(4)).asString().isEqualTo("one\n");
            cat.output().write("two\n".getBytes(StandardCharsets.UTF_8));
            cat.output().close();

            assertThat(cat.input().readAllBytes()).asString().isEqualTo("two\n");
            assertThat(cat.errors()).isEqualTo("trouble\n");
        }
    }

    @Test
    void endsACommandThatDoesNotListenWhenItsStreamIsClosed() {
        String sign = "66" + System.nanoTime() % 1_000_000;
        DuplexStream stream = host().open("sleep " + sign + " & sleep " + sign);
        eventually("it runs", () -> runs("sleep " + sign));
        stream.close();

        eventually("nothing is left", () -> !runs("sleep " + sign));
    }

    @Test
    void letsAReaderGoWhenTheStreamIsClosed() throws Exception {
        DuplexStream silent = host().open("sleep 600");
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> read = pool.submit(() -> silent.input().read());
            silent.close();

            assertThat(read.get(5, TimeUnit.SECONDS)).isEqualTo(-1);
        }
    }

    @Test
    void keepsTheConnectionWhenAStreamIsClosedInTheMiddle() throws Exception {
        SshHost host = host();
        HostKey before = host.hostKey();
        SshConnection connection = sessions.connection(target());
        RunningCommand other = host.start("sleep 3; echo well", NOTHING, LONG, line -> {});
        DuplexStream flood = host.open("yes");
        assertThat(flood.input().readNBytes(100_000)).hasSize(100_000);
        flood.close();

        assertThat(other.join().out()).isEqualTo("well\n");
        assertThat(host.hostKey()).isEqualTo(before);
        assertThat(sessions.connection(target())).isSameAs(connection);
    }

    @Test
    void freesThePlaceOfAClosedStream() {
        SshHost host = host();
        for (int i = 0; i < 12; i++) {
            try (DuplexStream stream = host.open("true")) {
                assertThat(stream.errors()).isEmpty();
            }
        }
        assertThat(host.run("echo on", NOTHING, LONG).out()).isEqualTo("on\n");
    }

    @Test
    void reachesAPortOfTheMachineAndSaysWhenNothingListens() throws Exception {
        SshHost host = host();
        try (ServerSocket program = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> heard = pool.submit(() -> {
                try (Socket peer = program.accept()) {
                    peer.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));
                    return new String(peer.getInputStream().readNBytes(3), StandardCharsets.UTF_8);
                }
            });
            try (DuplexStream port = host.openPort(program.getLocalPort())) {
                port.output().write("you".getBytes(StandardCharsets.UTF_8));
                port.output().flush();
                assertThat(port.input().readAllBytes()).asString().isEqualTo("hello\n");
            }
            assertThat(heard.get(5, TimeUnit.SECONDS)).isEqualTo("you");
        }
        SshConnection connection = sessions.connection(target());
        int silent = TestSshServer.freePort();
        assertThatThrownBy(() -> host.openPort(silent))
                .isInstanceOf(RemoteFailure.Unreachable.class)
                .hasMessageContaining("nothing answers at 127.0.0.1:" + silent + " there");
        assertThat(sessions.connection(target())).isSameAs(connection);
    }

    @Test
    void refusesAnotherHostKeyAndShowsBoth() {
        HostKey other = HostKey.parse(SshKey.generate("x").publicLine());
        SshHost host = sessions.open(target(new HostKeyTrust.Pinned(other), key, null));

        assertThatThrownBy(() -> host.run("true", NOTHING, LONG))
                .isInstanceOfSatisfying(RemoteFailure.Untrusted.class, untrusted -> {
                    assertThat(untrusted.pinned()).isEqualTo(other.toString());
                    assertThat(untrusted.presented()).isEqualTo(server.hostKey().toString());
                });
    }

    @Test
    void remembersTheFirstKeyOfANewGuestAndThenDemandsIt() {
        SshHost host = sessions.open(target(new HostKeyTrust.FirstSeen(), key, null));
        assertThat(host.run("echo hi", NOTHING, LONG).out()).isEqualTo("hi\n");
        assertThat(host.hostKey()).isEqualTo(server.hostKey());

        server.stop();
        sessions.close();
        TestSshServer changed = server(key);
        assertThat(sessions.rememberFirst(target(new HostKeyTrust.FirstSeen(), key, null), changed.hostKey()))
                .isEqualTo(server.hostKey());
        server.start();
    }

    @Test
    void saysWhenTheKeyIsNotAccepted() {
        SshHost host = sessions.open(target(new HostKeyTrust.Pinned(server.hostKey()), SshKey.generate("x"), null));

        assertThatThrownBy(() -> host.run("true", NOTHING, LONG))
                .isInstanceOf(RemoteFailure.Refused.class)
                .hasMessageContaining("the key is not accepted for user " + server.user());
    }

    @Test
    void saysWhenNobodyAnswers() {
        server.stop();
        assertThatThrownBy(() -> host().run("true", NOTHING, LONG))
                .isInstanceOf(RemoteFailure.Unreachable.class)
                .hasMessageContaining("the connection was refused");
        server.start();
    }

    @Test
    void showsTheHostKeyBeforeAnythingIsTrusted() {
        assertThat(new HostKeys(sessions).presented("127.0.0.1", server.port(), null))
                .isEqualTo(server.hostKey());
        assertThat(new HostKeys(sessions).presented("127.0.0.1", server.port(), target()))
                .isEqualTo(server.hostKey());
    }

    @Test
    void goesThroughAJumpHost() {
        SshHost behind = sessions.open(target(new HostKeyTrust.Pinned(server.hostKey()), key, target()));

        assertThat(behind.run("echo behind", NOTHING, LONG).out()).isEqualTo("behind\n");
        SshTarget nobody = new SshTarget(
                "gone", "127.0.0.1", TestSshServer.freePort(), "root", key, new HostKeyTrust.FirstSeen(), target());
        assertThatThrownBy(() -> sessions.open(nobody).run("true", NOTHING, LONG))
                .isInstanceOf(RemoteFailure.Unreachable.class)
                .hasMessageContaining("through here");
    }

    @Test
    void connectsAgainAfterTheServerCameBack() {
        SshHost host = host();
        assertThat(host.run("echo 1", NOTHING, LONG).out()).isEqualTo("1\n");
        server.stop();
        server.start();
        assertThat(host.run("echo 2", NOTHING, LONG).out()).isEqualTo("2\n");
    }

    @Test
    void saysWhenTheConnectionBreaksWhileACommandRuns() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        RunningCommand running = host().start("echo on; sleep 600", NOTHING, LONG, line -> started.countDown());
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
        server.stop();

        assertThatThrownBy(running::join)
                .isInstanceOf(RemoteFailure.Unreachable.class)
                .hasMessageContaining("look before doing it again");
        server.start();
    }

    @Test
    void writesFilesAsAWholeWithOwnerAndMode() throws IOException {
        RemoteFiles files = host().files();
        String path = folder.resolve("a file").toString();

        files.writeAtomically(path, "first".getBytes(StandardCharsets.UTF_8), ME, 0644);
        files.writeAtomically(path, "x".repeat(100_000).getBytes(StandardCharsets.UTF_8), ME, 0600);

        assertThat(files.read(path).orElseThrow()).hasSize(100_000);
        assertThat(files.stat(path)).hasValueSatisfying(stat -> {
            assertThat(stat.kind()).isEqualTo(RemoteFiles.Kind.FILE);
            assertThat(stat.mode()).isEqualTo(0600);
            assertThat(stat.owner()).isEqualTo(ME);
            assertThat(stat.size()).isEqualTo(100_000);
        });
        assertThat(files.list(folder.toString())).contains("a file").noneMatch(n -> n.startsWith(".rackhouse"));
    }

    @Test
    void replacesWhatALinkPointsToAndKeepsTheLink() throws IOException {
        Path real = Files.writeString(folder.resolve("real"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);

        host().files().writeAtomically(link.toString(), "new".getBytes(StandardCharsets.UTF_8), ME, 0644);

        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(Files.readString(real)).isEqualTo("new");
        assertThat(host().files().stat(link.toString()).orElseThrow().kind()).isEqualTo(RemoteFiles.Kind.LINK);
    }

    @Test
    void writesInPlaceWithoutTouchingOwnerAndMode() throws IOException {
        Path file = Files.writeString(folder.resolve("knob"), "a longer text");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        host().files().writeInPlace(file.toString(), "vfio-pci\n".getBytes(StandardCharsets.UTF_8));

        assertThat(Files.readString(file)).isEqualTo("vfio-pci\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void makesAndRemovesFoldersAndToleratesWhatIsMissing() {
        RemoteFiles files = host().files();
        String deep = folder + "/one/two/three";

        files.makeFolders(deep);
        files.makeFolders(deep);
        assertThat(files.stat(deep).orElseThrow().kind()).isEqualTo(RemoteFiles.Kind.DIRECTORY);
        files.deleteFolder(deep);
        files.deleteFolder(deep);
        files.delete(folder + "/nothing");

        assertThat(files.read(folder + "/nothing")).isEmpty();
        assertThat(files.stat(folder + "/nothing")).isEmpty();
        assertThat(files.list(folder + "/nothing")).isEmpty();
        assertThatThrownBy(() -> files.writeAtomically(folder + "/no/folder", NOTHING, ME, 0644))
                .isInstanceOf(RemoteFailure.Refused.class)
                .hasMessageContaining("Check that the folder exists");
    }

    @Test
    void readsFilesThatLieAboutTheirSize() {
        assertThat(host().files().read("/proc/version"))
                .hasValueSatisfying(
                        v -> assertThat(new String(v, StandardCharsets.UTF_8)).startsWith("Linux"));
    }

    private SshHost host() {
        return sessions.open(target());
    }

    private SshTarget target() {
        return target(new HostKeyTrust.Pinned(server.hostKey()), key, null);
    }

    private SshTarget target(HostKeyTrust trust, SshKey key, @Nullable SshTarget jump) {
        return new SshTarget("here", "127.0.0.1", server.port(), server.user(), key, trust, jump);
    }

    private static boolean runs(String commandLine) {
        return ProcessHandle.allProcesses()
                .map(p -> p.info().commandLine().orElse(""))
                .anyMatch(line -> line.endsWith(commandLine) && !line.contains("printf"));
    }

    private static void eventually(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            Thread.onSpinWait();
        }
    }

    private static RemoteFiles.Owner me() {
        try {
            Path file = Files.createTempFile("rackhouse", "me");
            return new RemoteFiles.Owner(
                    (int) Files.getAttribute(file, "unix:uid"), (int) Files.getAttribute(file, "unix:gid"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
