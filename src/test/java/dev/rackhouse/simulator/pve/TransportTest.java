package dev.rackhouse.simulator.pve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Envelope, refusals of the transport, forwarding between nodes. */
class TransportTest {
    private PveSimulator lab;

    @BeforeEach
    void start() {
        lab = TestLab.fresh();
    }

    private RawClient client() {
        return new RawClient(lab.nodes().getFirst().url());
    }

    private RawClient root() {
        return client().token("root@pam!full=s0");
    }

    @Test
    void hasCodeForEveryCallOfTheTable() {
        Set<String> missing = new TreeSet<>();
        CallTable.packed().calls().forEach(call -> missing.add(call.key()));
        missing.removeAll(Engine.calls().keys());
        assertEquals(Set.of(), missing);
    }

    @Test
    void refusesWithoutCredentialsByReasonPhraseOnly() throws IOException {
        RawClient.Answer answer = client().get("/nodes");

        assertEquals(401, answer.status());
        assertEquals("No ticket", answer.reason());
        assertEquals("", answer.body());
        assertFalse(answer.headers().containsKey("content-length"));
        assertFalse(answer.headers().containsKey("content-type"));
    }

    @Test
    void answersDataInItsEnvelope() throws IOException {
        RawClient.Answer answer = root().get("/version");

        assertEquals(200, answer.status());
        assertEquals("application/json;charset=UTF-8", answer.headers().get("content-type"));
        assertEquals("9.2.11", answer.data().get("version").asString());
    }

    @Test
    void refusesChunksBodiesOnDeleteAndOtherMethods() throws IOException {
        String auth = "Authorization: PVEAPIToken=root@pam!full=s0\r\n";
        assertEquals(
                501,
                client().raw("POST /api2/json/nodes/n1/qemu HTTP/1.1\r\nHost: x\r\n" + auth
                                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
                        .status());
        assertEquals(
                "Unexpected content for method 'DELETE'",
                root().form("DELETE", "/nodes/n1/qemu/100", "purge", "1").reason());
        assertEquals(
                "method 'HEAD' not available",
                root().send("HEAD", "/version", null, null).reason());
        assertEquals(
                506, root().send("POST", "/nodes/n1/qemu", "text/xml", "<a/>").status());
    }

    @Test
    void splitsFormsAtSemicolonsToo() throws IOException {
        RawClient.Answer answer = root().send(
                        "PUT",
                        "/nodes/n1/qemu/100/config",
                        "application/x-www-form-urlencoded",
                        "boot=order=scsi0;net0");

        assertEquals(400, answer.status());
        assertTrue(answer.json().get("errors").has("net0"), answer.body());
    }

    @Test
    void answersForANodeThatIsOffBy595AndRefusesConnectionsToIt() throws IOException {
        lab.nodeWentDown("n2");

        RawClient.Answer answer = root().get("/nodes/n2/status");
        assertEquals(595, answer.status());
        assertEquals("No route to host", answer.reason());
        assertThrows(
                ConnectException.class, () -> new RawClient(lab.nodes().get(1).url()).get("/version"));

        lab.nodeCameUp("n2");
        assertEquals(200, root().get("/nodes/n2/status").status());
    }

    @Test
    void givesUpOnAHangingStorage() throws IOException {
        lab.speed(1000);
        lab.storage("nas", true, false);

        RawClient.Answer answer = root().get("/nodes/n1/storage/nas/content");

        assertEquals(596, answer.status());
        assertEquals("Connection timed out", answer.reason());
    }

    @Test
    void saysMessageAndReasonForUnknownPaths() throws IOException {
        RawClient.Answer answer = root().get("/nosuch");

        assertEquals("Method 'GET /nosuch' not implemented", answer.reason());
        assertEquals(
                "Method 'GET /nosuch' not implemented",
                answer.json().get("message").asString());
        assertTrue(answer.json().get("data").isNull());
    }

    @Test
    void needsTheCsrfTokenForWritesWithATicket() throws IOException {
        RawClient.Answer login = client().form("POST", "/access/ticket", "username", "op@pve", "password", "op");
        String ticket = java.net.URLEncoder.encode(
                login.data().get("ticket").asString(), java.nio.charset.StandardCharsets.UTF_8);
        RawClient cookie = client().header("Cookie: PVEAuthCookie=" + ticket);

        assertEquals(200, cookie.get("/nodes").status());
        assertEquals(
                "Permission denied - invalid csrf token",
                cookie.form("POST", "/nodes/n1/qemu/100/status/start").reason());
        cookie.header("CSRFPreventionToken: "
                + login.data().get("CSRFPreventionToken").asString());
        assertEquals(200, cookie.form("POST", "/nodes/n1/qemu/100/status/start").status());
    }

    @Test
    void aTokenIsNotRootAndHasOnlyWhatBothHave() throws IOException {
        assertEquals(
                "only root can set 'hugepages' config",
                root().form("PUT", "/nodes/n1/qemu/100/config", "hugepages", "1024")
                        .reason());
        assertEquals(
                0,
                client().token("op@pve!bare=s2")
                        .get("/cluster/resources?type=vm")
                        .data()
                        .size());
        assertEquals(
                5,
                client().token("op@pve!console=s1")
                        .get("/cluster/resources?type=vm")
                        .data()
                        .size());
    }

    @Test
    void dropsTheAnswerAfterDoingTheWork() throws IOException {
        lab.faults()
                .add(new Faults.Fault(
                        "",
                        "PUT",
                        java.util.regex.Pattern.compile("/100/config"),
                        "drop",
                        0,
                        "",
                        0,
                        false,
                        new java.util.concurrent.atomic.AtomicInteger(1)));

        assertEquals(
                0,
                root().form("PUT", "/nodes/n1/qemu/100/config", "description", "done")
                        .status());

        assertEquals(
                "done",
                root().get("/nodes/n1/qemu/100/config")
                        .data()
                        .get("description")
                        .asString());
        assertNull(lab.faults().take("n1", "PUT", "/100/config"));
    }
}
