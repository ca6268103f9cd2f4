package dev.rackhouse.simulator.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** Sends one request on a connection of its own and reads the whole answer. The certificate is taken as it comes. */
final class Wire {
    /** @param type content type, null when there is none */
    record Answer(int status, String reason, @Nullable String type, String body, boolean hasLength) {}

    private final URI url;
    private final SSLContext tls = trusting();

    Wire(URI url) {
        this.url = url;
    }

    Answer send(
            String method,
            String path,
            Map<String, String> headers,
            @Nullable String contentType,
            byte @Nullable [] body)
            throws IOException {
        try (SSLSocket socket = (SSLSocket)
                        tls.getSocketFactory().createSocket(InetAddress.getByName(url.getHost()), url.getPort());
                DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(Http1Config.DEFAULT)) {
            socket.setSoTimeout(60_000);
            connection.bind(socket);
            connection.setSocketTimeout(Timeout.ofMinutes(1));
            BasicClassicHttpRequest request = new BasicClassicHttpRequest(method, path);
            request.setHeader("Host", url.getHost() + ":" + url.getPort());
            headers.forEach(request::setHeader);
            if (body != null || method.equals("POST") || method.equals("PUT")) {
                request.setHeader("Content-Length", Integer.toString(body == null ? 0 : body.length));
            }
            if (contentType != null) {
                request.setHeader("Content-Type", contentType);
            }
            if (body != null && body.length > 0) {
                request.setEntity(new ByteArrayEntity(body, null));
            }
            connection.sendRequestHeader(request);
            if (request.getEntity() != null) {
                connection.sendRequestEntity(request);
            }
            connection.flush();
            ClassicHttpResponse response = connection.receiveResponseHeader();
            boolean head = method.equals("HEAD");
            byte[] bytes = new byte[0];
            if (!head) {
                connection.receiveResponseEntity(response);
                if (response.getEntity() != null) {
                    bytes = response.getEntity().getContent().readAllBytes();
                }
            }
            Header type = response.getFirstHeader("Content-Type");
            String reason = response.getReasonPhrase();
            return new Answer(
                    response.getCode(),
                    reason == null ? "" : reason,
                    type == null ? null : type.getValue(),
                    new String(bytes, StandardCharsets.UTF_8),
                    response.containsHeader("Content-Length"));
        } catch (HttpException e) {
            throw new IOException(e);
        }
    }

    private static SSLContext trusting() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Everything()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The replay talks to a server of its own on loopback. */
    private static final class Everything implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
