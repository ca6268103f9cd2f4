package dev.rackhouse.proxmox;

import static dev.rackhouse.testing.TlsServer.bare;
import static dev.rackhouse.testing.TlsServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Secret;
import dev.rackhouse.testing.TlsServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The client against a server that answers byte by byte as Proxmox does. */
class PveClientTest {

    private static final ApiToken TOKEN = new ApiToken("rackhouse@pve!console", new Secret("0000-secret"));
    private final CallMeter meter = new CallMeter(Clock.systemUTC());

    @Test
    void sendsTheTokenAndReadsTheData() {
        try (TlsServer server = TlsServer.answering(r -> json("200 OK", "{\"data\":{\"version\":\"9.2.11\"}}"));
                PveClient client = pinned(server)) {
            assertThat(client.version()).isEqualTo(new PveVersion(9, 2, 11));
            var request = server.requests().getFirst();
            assertThat(request.target()).isEqualTo("/api2/json/version");
            assertThat(request.header("Authorization")).isEqualTo("PVEAPIToken=rackhouse@pve!console=0000-secret");
        }
    }

    @Test
    void sendsChangesAsFormWithLengthInOneRecordAndEncodesWhatWouldSplit() {
        try (TlsServer server = TlsServer.answering(r -> json("200 OK", "{\"data\":null}"));
                PveClient client = pinned(server)) {
            client.call(
                    PveMethod.PUT,
                    "/nodes/thor/qemu/201/config",
                    Map.of("boot", List.of("order=scsi0;net0"), "map", List.of("a b", "ü+%&")));

            var request = server.requests().getFirst();
            assertThat(request.body().split("&"))
                    .containsExactlyInAnyOrder("boot=order%3Dscsi0%3Bnet0", "map=a%20b", "map=%C3%BC%2B%25%26");
            assertThat(request.header("Content-Length"))
                    .isEqualTo(Integer.toString(request.body().length()));
            assertThat(request.header("Content-Type")).startsWith("application/x-www-form-urlencoded");
            assertThat(request.header("Transfer-Encoding")).isEmpty();
            assertThat(request.header("Expect")).isEmpty();
            assertThat(request.firstRecord())
                    .isEqualTo(request.head().length() + 4 + request.body().length());
        }
    }

    @Test
    void postsWithoutParametersCarryALengthOfZeroAndDeletesUseTheQuery() {
        try (TlsServer server = TlsServer.answering(r -> json("200 OK", "{\"data\":null}"));
                PveClient client = pinned(server)) {
            client.call(PveMethod.POST, "/nodes/thor/qemu/201/status/start", Map.of());
            client.call(PveMethod.DELETE, "/nodes/thor/qemu/201", Map.of("purge", List.of("1")));

            assertThat(server.requests().get(0).header("Content-Length")).isEqualTo("0");
            assertThat(server.requests().get(1).target()).isEqualTo("/api2/json/nodes/thor/qemu/201?purge=1");
            assertThat(server.requests().get(1).body()).isEmpty();
            assertThat(server.requests().get(1).header("Content-Length")).isIn("", "0");
        }
    }

    @Test
    void readsTheOnlyTextOfA401FromTheReasonPhrase() {
        var failure = refusal(bare("401 Authentication failed!"));
        assertThat(failure.status()).isEqualTo(401);
        assertThat(failure)
                .hasMessageContaining("Authentication failed! (401)")
                .hasMessageContaining("Renew the token");
        assertThat(failure.worthRetrying()).isFalse();
    }

    @Test
    void namesEveryParameterThatIsNotAccepted() {
        var failure = refusal(
                json(
                        "400 Parameter verification failed.",
                        "{\"data\":null,\"message\":\"Parameter verification failed.\\n\",\"errors\":{\"upid\":\"no such task\\n\"}}"));
        assertThat(failure.cameBack()).isEqualTo("Parameter verification failed: upid: no such task (400)");
    }

    @Test
    void takesTheReasonPhraseWhereTheBodyHasNoMessage() {
        var failure = refusal(json("500 VM is locked (backup)", "{\"data\":null}"));
        assertThat(failure.cameBack()).isEqualTo("VM is locked (backup) (500)");
        assertThat(failure.advice()).contains("Wait until it ends");
    }

    @Test
    void knowsWhichRefusalPassesByItself() {
        assertThat(refusal(
                                json(
                                        "500 x",
                                        "{\"data\":null,\"message\":\"can't lock file '/var/lock/qemu-server/lock-110.conf' - got timeout\\n\"}"))
                        .worthRetrying())
                .isTrue();
        assertThat(refusal(json("500 x", "{\"data\":null,\"message\":\"storage 'nosuch' does not exist\\n\"}"))
                        .worthRetrying())
                .isFalse();
    }

    @Test
    void neverShowsASecretThatTheServerRepeats() {
        try (TlsServer server = TlsServer.answering(
                        r -> json("400 no", "{\"data\":null,\"message\":\"'hunter22' is too short\\n\"}"));
                PveClient client = pinned(server)) {
            var failure = catchThrowableOfType(
                    RemoteFailure.class,
                    () -> client.call(
                            PveMethod.PUT, "/nodes/a/qemu/100/config", Map.of("cipassword", List.of("hunter22"))));
            assertThat(failure).hasMessageNotContaining("hunter22").hasMessageContaining("••••••");
        }
    }

    @Test
    void refusesAnotherCertificateBeforeAnythingIsSentAndShowsBoth() {
        try (TlsServer server = TlsServer.answering(r -> json("200 OK", "{\"data\":null}"))) {
            Fingerprint pin = new Fingerprint("ab".repeat(32));
            var failure = failure(List.of(server.url()), new TlsTrust.Pinned(pin));
            assertThat(failure).isInstanceOfSatisfying(RemoteFailure.Untrusted.class, untrusted -> {
                assertThat(untrusted.pinned()).isEqualTo(pin.toString());
                assertThat(untrusted.presented())
                        .isEqualTo(Fingerprint.of(server.certificate()).toString());
            });
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void trustsAnAuthorityOnlyForTheRightNameAndOnlyUntilItExpires() {
        String ok = json("200 OK", "{\"data\":{\"version\":\"9.2.11\"}}");
        try (TlsServer server = TlsServer.answering(r -> ok);
                PveClient client = client(List.of(server.url()), new TlsTrust.Authority(server.pem()))) {
            assertThat(client.version().major()).isEqualTo(9);
        }
        try (TlsServer server = TlsServer.with("10.0.0.1", Instant.now().plus(Duration.ofDays(9)), r -> ok)) {
            assertThat(failure(List.of(server.url()), new TlsTrust.Authority(server.pem())))
                    .isInstanceOf(RemoteFailure.Unreadable.class)
                    .hasMessageContaining("no trusted TLS connection");
            assertThat(server.requests()).isEmpty();
        }
        try (TlsServer server = TlsServer.with("127.0.0.1", Instant.now().minus(Duration.ofDays(1)), r -> ok)) {
            assertThat(failure(List.of(server.url()), new TlsTrust.Authority(server.pem())))
                    .hasMessageContaining("its certificate has expired");
        }
        try (TlsServer server = TlsServer.answering(r -> ok)) {
            assertThat(failure(List.of(server.url()), new TlsTrust.PublicAuthorities()))
                    .hasMessageContaining("no trusted TLS connection");
        }
    }

    @Test
    void usesAnotherNodeWhenOneDoesNotAnswer() throws IOException {
        try (TlsServer server = TlsServer.answering(r -> json("200 OK", "{\"data\":\"UPID\"}"));
                PveClient client = client(List.of(nobody(), server.url()), pin(server))) {
            assertThat(client.call(PveMethod.POST, "/nodes/a/qemu/100/status/start", Map.of())
                            .text())
                    .isEqualTo("UPID");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void usesAnotherNodeWhenTheFirstCannotReachTheOneConcerned() {
        try (TlsServer first = TlsServer.answering(r -> bare("595 No route to host"));
                TlsServer second = TlsServer.answering(r -> json("200 OK", "{\"data\":{\"version\":\"9.0.1\"}}"));
                PveClient client = client(List.of(first.url(), second.url()), pin(first, second))) {
            assertThat(client.version().toString()).isEqualTo("9.0.1");
            client.version();
            assertThat(first.requests()).as("the one that works is kept").hasSize(1);
        }
        try (TlsServer only = TlsServer.answering(r -> bare("595 Connection refused"))) {
            assertThat(failure(List.of(only.url()), pin(only)))
                    .isInstanceOf(RemoteFailure.Unreachable.class)
                    .hasMessageContaining("Connection refused (595)")
                    .hasMessageContaining("pvedaemon");
        }
    }

    @Test
    void neverRepeatsAChangeWhoseAnswerWasLost() {
        try (TlsServer server = TlsServer.answering(r -> TlsServer.HANG_UP);
                TlsServer other = TlsServer.answering(r -> json("200 OK", "{\"data\":null}"));
                PveClient client = client(List.of(server.url(), other.url()), pin(server, other))) {
            for (PveMethod method : List.of(PveMethod.POST, PveMethod.PUT, PveMethod.DELETE)) {
                var failure = catchThrowableOfType(
                        RemoteFailure.class, () -> client.call(method, "/nodes/a/qemu/100", Map.of()));
                assertThat(failure)
                        .isInstanceOf(RemoteFailure.TimedOut.class)
                        .hasMessageContaining("Whether it happened is not known");
            }
            assertThat(server.requests()).hasSize(3);
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void readsOnceMoreWhenTheConnectionBroke() {
        int[] asked = {0};
        try (TlsServer server = TlsServer.answering(r ->
                        asked[0]++ == 0 ? TlsServer.HANG_UP : json("200 OK", "{\"data\":{\"version\":\"8.4.1\"}}"));
                PveClient client = pinned(server)) {
            assertThat(client.version().toString()).isEqualTo("8.4.1");
        }
    }

    @Test
    void givesUpOnSilence() {
        try (TlsServer server = TlsServer.answering(r -> TlsServer.SILENCE);
                PveHttp http = new PveHttp(
                        new PveEndpoint("lab", List.of(server.url()), TOKEN, pin(server)),
                        meter,
                        Duration.ofMillis(300))) {
            var failure = catchThrowableOfType(
                    RemoteFailure.class, () -> http.call("read x", PveMethod.GET, "/version", Map.of()));
            assertThat(failure).isInstanceOf(RemoteFailure.TimedOut.class);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void saysWhenTheAnswerIsNotProxmoxs() {
        for (String body : List.of("<html>router</html>", "[1,2]", "{\"data\":{\"a\":")) {
            try (TlsServer server = TlsServer.answering(r -> json("200 OK", body))) {
                assertThat(failure(List.of(server.url()), pin(server)))
                        .isInstanceOf(RemoteFailure.Unreadable.class)
                        .hasMessageContaining("not Proxmox's");
            }
        }
    }

    @Test
    void stopsReadingAnEndlessAnswer() {
        String huge = "{\"data\":\"" + "x".repeat(PveHttp.LARGEST_ANSWER + 1) + "\"}";
        try (TlsServer server = TlsServer.answering(r -> json("200 OK", huge))) {
            assertThat(failure(List.of(server.url()), pin(server))).hasMessageContaining("larger than 32 MiB");
        }
    }

    @Test
    void saysWhenNobodyAnswers() throws IOException {
        assertThat(failure(List.of(nobody()), new TlsTrust.Pinned(new Fingerprint("00".repeat(32)))))
                .isInstanceOf(RemoteFailure.Unreachable.class)
                .hasMessageContaining("the connection was refused");
    }

    @Test
    void looksAtACertificateWithoutSendingAnything() throws IOException {
        try (TlsServer server = TlsServer.answering(r -> json("200 OK", "{}"))) {
            var presented = PveTls.presented(server.url());
            assertThat(presented.fingerprint()).isEqualTo(Fingerprint.of(server.certificate()));
            assertThat(presented.subject()).isEqualTo("CN=pretend");
            assertThat(server.requests()).isEmpty();
        }
        URI nobody = nobody();
        assertThat(catchThrowableOfType(RemoteFailure.class, () -> PveTls.presented(nobody)))
                .isInstanceOf(RemoteFailure.Unreachable.class);
    }

    @Test
    void countsEveryCallByItsPath() {
        try (TlsServer server = TlsServer.answering(r -> json("200 OK", "{\"data\":{}}"));
                PveClient client = pinned(server)) {
            client.call(PveMethod.GET, "/nodes/thor/qemu/201/config", Map.of());
            client.call(PveMethod.GET, "/nodes/caraxes/qemu/100/config", Map.of());
            client.call(PveMethod.GET, "/cluster/resources", Map.of());
        }
        assertThat(meter.lastMinute().byPath())
                .containsEntry("GET /nodes/{node}/qemu/{vmid}/config", 2)
                .containsEntry("GET /cluster/resources", 1);
        assertThat(meter.lastMinute().calls()).isEqualTo(3);
    }

    private RemoteFailure.Refused refusal(String answer) {
        try (TlsServer server = TlsServer.answering(r -> answer)) {
            return (RemoteFailure.Refused) failure(List.of(server.url()), pin(server));
        }
    }

    private RemoteFailure failure(List<URI> urls, TlsTrust trust) {
        try (PveClient client = client(urls, trust)) {
            return catchThrowableOfType(RemoteFailure.class, client::version);
        }
    }

    private PveClient pinned(TlsServer server) {
        return client(List.of(server.url()), pin(server));
    }

    private PveClient client(List<URI> urls, TlsTrust trust) {
        return new PveClient(new PveEndpoint("lab", urls, TOKEN, trust), meter);
    }

    private static TlsTrust pin(TlsServer... servers) {
        java.util.LinkedHashSet<Fingerprint> pins = new java.util.LinkedHashSet<>();
        Stream.of(servers).forEach(s -> pins.add(Fingerprint.of(s.certificate())));
        return new TlsTrust.Pinned(pins);
    }

    private static URI nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return URI.create("https://127.0.0.1:" + socket.getLocalPort());
        }
    }
}
