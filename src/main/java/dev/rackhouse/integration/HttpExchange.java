package dev.rackhouse.integration;

import dev.rackhouse.ssh.DuplexStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, HTTP/1.1, on a stream of its own; a second request needs a second stream. The head of the answer has come
 * when this exists; the body is read as it comes. Whoever reads it sets a {@link Deadline} that closes the stream.
 */
public final class HttpExchange implements AutoCloseable {

    private static final Http1Config BOUNDED = Http1Config.custom()
            .setMaxLineLength(16 * 1024)
            .setMaxHeaderCount(200)
            .setMaxEmptyLineCount(10)
            .build();

    private static final HttpHost HERE = new HttpHost("localhost");

    private final DuplexStream stream;
    private final ClassicHttpResponse response;
    private final @Nullable HttpEntity entity;

    private HttpExchange(DuplexStream stream, ClassicHttpResponse response) {
        this.stream = stream;
        this.response = response;
        this.entity = response.getEntity();
    }

    /**
     * Sends the request and waits for the head of the answer. The stream belongs to the exchange from now on, unless this throws.
     *
     * @param path with its query, sent as it is
     * @param body null: none
     * @throws IOException also for what is no HTTP: {@code cause} is then an {@link HttpException}
     */
    public static HttpExchange send(
            DuplexStream stream, String method, String path, Map<String, String> headers, byte @Nullable [] body)
            throws IOException {
        BasicClassicHttpRequest request = new BasicClassicHttpRequest(method, HERE, path);
        request.setHeader("Connection", "close");
        request.setHeader("User-Agent", "rackhouse");
        headers.forEach(request::setHeader);
        if (body != null) {
            request.setEntity(new ByteArrayEntity(body, null));
        }
        if (body != null || !(method.equals("GET") || method.equals("HEAD"))) {
            request.setHeader("Content-Length", Integer.toString(body == null ? 0 : body.length));
        }
        DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(BOUNDED);
        try {
            connection.bind(new StreamSocket(stream));
            return new HttpExchange(
                    stream, new HttpRequestExecutor().execute(request, connection, HttpCoreContext.create()));
        } catch (HttpException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    public int status() {
        return response.getCode();
    }

    /** The value of a header; empty when there is none. */
    public String header(String name) {
        Header header = response.getFirstHeader(name);
        return header == null || header.getValue() == null ? "" : header.getValue();
    }

    /** All headers; names as they came, values of the same name together. */
    public Map<String, List<String>> headers() {
        Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Header header : response.getHeaders()) {
            String value = header.getValue();
            all.computeIfAbsent(header.getName(), name -> new ArrayList<>()).add(value == null ? "" : value);
        }
        return all;
    }

    /** The body; empty when the answer has none. A read fails when the stream ends before the body does. */
    public InputStream body() throws IOException {
        InputStream content = entity == null ? null : entity.getContent();
        return content == null ? InputStream.nullInputStream() : content;
    }

    /** Reads the body to its end, or to the limit. */
    public HttpReply reply(int limitBytes) throws IOException {
        return reply(body(), limitBytes);
    }

    /** Likewise, from a stream that makes something else of the body. */
    public HttpReply reply(InputStream body, int limitBytes) throws IOException {
        byte[] bytes = body.readNBytes(limitBytes);
        boolean more = bytes.length == limitBytes && body.read() >= 0;
        return new HttpReply(status(), new String(bytes, StandardCharsets.UTF_8), more);
    }

    /** Hangs up; what has not been read is lost. */
    @Override
    public void close() {
        stream.close();
    }
}
