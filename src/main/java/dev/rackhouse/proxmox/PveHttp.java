package dev.rackhouse.proxmox;

import dev.rackhouse.base.RemoteFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Encodes, sends, reads, maps errors. One pool of at most eight connections per endpoint; blocks the caller, at most about 40
 * seconds for a connection and an answer; safe for many threads.
 *
 * <p>Choices measured against Proxmox 9.2 and a loopback server: Apache's client because it keeps the reason phrase, the only
 * text of a 401 and of 59x; forms with a length because chunked bodies are refused; a large buffer so that header and small body
 * leave in one TLS record; no automatic retries, because they repeat changes.
 *
 * <p>A change is sent to another address of the same cluster only if it cannot have arrived at the first one: no connection, or
 * 595 (that node could not connect to the node concerned). Reads also once more after a connection that broke.
 */
final class PveHttp implements PveWire, AutoCloseable {

    static final int LARGEST_ANSWER = 32 * 1024 * 1024;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(35);
    private static final Duration WHOLE_ANSWER = Duration.ofSeconds(120);
    private static final int POOL = 8;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Reply(int status, String reason, String body) {}

    private final PveEndpoint endpoint;
    private final CallMeter meter;
    private final CloseableHttpClient http;
    private final RestClient rest;
    private volatile int door;

    PveHttp(PveEndpoint endpoint, CallMeter meter) {
        this(endpoint, meter, ANSWER);
    }

    PveHttp(PveEndpoint endpoint, CallMeter meter, Duration answer) {
        this.endpoint = endpoint;
        this.meter = meter;
        this.http = client(endpoint.trust(), answer);
        this.rest = RestClient.builder()
                .requestFactory(new HttpComponentsClientHttpRequestFactory(http))
                .build();
    }

    private static CloseableHttpClient client(TlsTrust trust, Duration answer) {
        SSLContext tls = PveTls.context(trust);
        Http1Config buffers = Http1Config.custom().setBufferSize(64 * 1024).build();
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(POOL)
                .setMaxConnPerRoute(POOL)
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(buffers)
                        .build())
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(
                        tls,
                        HostnameVerificationPolicy.CLIENT,
                        PveTls.checksHostName(trust) ? new DefaultHostnameVerifier() : NoopHostnameVerifier.INSTANCE))
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setHandshakeTimeout(Timeout.of(CONNECT))
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(CONNECT))
                        .setSocketTimeout(Timeout.of(answer))
                        .setValidateAfterInactivity(TimeValue.ofMilliseconds(250))
                        .build())
                .build();
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(answer))
                        .setResponseTimeout(Timeout.of(answer))
                        .setExpectContinueEnabled(false)
                        .build())
                // the server hangs up after five idle seconds; a connection that we drop first cannot swallow a change
                .setKeepAliveStrategy((response, context) -> TimeValue.ofSeconds(4))
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("rackhouse")
                .build();
    }

    @Override
    public PveAnswer call(String doing, PveMethod method, String path, Map<String, ? extends List<String>> parameters) {
        int first = door;
        RemoteFailure failure = null;
        for (int i = 0; i < endpoint.urls().size(); i++) {
            int at = (first + i) % endpoint.urls().size();
            URI base = endpoint.urls().get(at);
            String machine = endpoint.label() + " (Proxmox, " + base.getAuthority() + ")";
            try {
                Reply reply = exchange(base, method, path, parameters);
                if (reply.status == 200) {
                    door = at;
                    return parsed(doing, machine, reply);
                }
                failure = PveErrors.failure(doing, machine, method, parameters, reply.status, reply.reason, reply.body);
                if (reply.status != 595) {
                    throw failure;
                }
            } catch (TooLarge e) {
                throw new RemoteFailure.Unreadable(
                        doing, machine, "an answer larger than 32 MiB", "Ask for less at once.", e);
            } catch (IOException e) {
                failure = PveConnects.failure(doing, machine, method, e);
                if (!PveConnects.nothingSent(e)) {
                    throw failure;
                }
            }
        }
        throw java.util.Objects.requireNonNull(failure);
    }

    private Reply exchange(URI base, PveMethod method, String path, Map<String, ? extends List<String>> parameters)
            throws IOException {
        try {
            return once(base, method, path, parameters);
        } catch (IOException e) {
            boolean brokeOnRead = !method.changes()
                    && !PveConnects.nothingSent(e)
                    && !(e instanceof java.net.SocketTimeoutException)
                    && !(e instanceof javax.net.ssl.SSLException)
                    && !(e instanceof TooLarge);
            if (!brokeOnRead) {
                throw e;
            }
            return once(base, method, path, parameters);
        }
    }

    private Reply once(URI base, PveMethod method, String path, Map<String, ? extends List<String>> parameters)
            throws IOException {
        String form = PvePath.form(parameters);
        String query = method.hasBody() || form.isEmpty() ? "" : "?" + form;
        URI uri = URI.create(base + "/api2/json" + PvePath.escaped(path) + query);
        meter.count(method, path);
        var request = rest.method(HttpMethod.valueOf(method.name()))
                .uri(uri)
                .header("Authorization", endpoint.token().header())
                .accept(MediaType.APPLICATION_JSON);
        if (method.hasBody() && !form.isEmpty()) {
            request.contentType(MediaType.APPLICATION_FORM_URLENCODED).body(form.getBytes(StandardCharsets.UTF_8));
        }
        try {
            Reply reply = request.exchange((sent, response) ->
                    new Reply(response.getStatusCode().value(), response.getStatusText(), bounded(response.getBody())));
            return java.util.Objects.requireNonNull(reply);
        } catch (ResourceAccessException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static String bounded(InputStream body) throws IOException {
        long deadline = System.nanoTime() + WHOLE_ANSWER.toNanos();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[64 * 1024];
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            bytes.write(buffer, 0, n);
            if (bytes.size() > LARGEST_ANSWER) {
                throw new TooLarge();
            }
            if (System.nanoTime() > deadline) {
                throw new java.net.SocketTimeoutException(
                        "the answer took longer than " + TimeUnit.SECONDS.convert(WHOLE_ANSWER) + " s");
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static PveAnswer parsed(String doing, String machine, Reply reply) {
        try {
            JsonNode json = JSON.readTree(reply.body);
            if (!json.isObject() || !json.has("data")) {
                throw garbage(doing, machine, reply.body, null);
            }
            PveFields outer = new PveFields(json);
            var total = outer.whole("total");
            return new PveAnswer(
                    json.get("data"),
                    total.isPresent() ? Long.valueOf(total.getAsLong()) : null,
                    outer.text("changes"),
                    reply.body);
        } catch (JacksonException e) {
            throw garbage(doing, machine, reply.body, e);
        }
    }

    private static RemoteFailure garbage(String doing, String machine, String body, @Nullable Throwable cause) {
        String start = PveErrors.bounded(body);
        return new RemoteFailure.Unreadable(
                doing,
                machine,
                "an answer that is not Proxmox's: '" + (start.length() > 120 ? start.substring(0, 120) + "..." : start)
                        + "'",
                "Check that address and port are those of Proxmox, and that no proxy answers instead.",
                cause);
    }

    @Override
    public void close() {
        http.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
    }

    private static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("the answer is larger than 32 MiB");
        }
    }
}
