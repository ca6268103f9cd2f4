package dev.rackhouse.integration.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.integration.HttpReply;
import dev.rackhouse.ssh.SshHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The Docker engine of one machine. All methods block and may be called by many threads. */
public final class DockerHost {

    /** Bytes of an answer that are read. */
    public static final int LARGEST = 2 * 1024 * 1024;

    private final SshHost host;
    private final boolean asRoot;

    private DockerHost(SshHost host, boolean asRoot) {
        this.host = host;
        this.asRoot = asRoot;
    }

    /** @param asRoot whether the user needs {@code sudo}; it must ask no password */
    public static DockerHost of(SshHost host, boolean asRoot) {
        return new DockerHost(host, asRoot);
    }

    /**
     * Sends one request as it is and reads the whole answer. Logs come as text, without the frames around them.
     *
     * @param path with version and query: {@code /v1.44/containers/json?all=true}
     * @param body JSON; null: none
     * @param timeout from the start of the command to the end of the answer
     * @return whatever the status
     * @throws RemoteFailure when there was no answer, no whole one, or none in time
     * @throws java.util.concurrent.CancellationException when the calling thread is interrupted
     */
    public HttpReply call(String method, String path, @Nullable String body, Duration timeout) {
        DockerHttpClient.Request.Builder request =
                DockerHttpClient.Request.builder().method(method).path(path);
        if (body != null) {
            request.putHeader("Content-Type", "application/json").bodyBytes(body.getBytes(StandardCharsets.UTF_8));
        }
        DialStdio way = new DialStdio(host, asRoot, timeout);
        try (DialStdio.Reply reply = way.execute(request.build());
                InputStream whole = reply.getBody()) {
            try {
                InputStream text = LogFrames.text(whole, reply.exchange().header("Content-Type"));
                return reply.exchange().reply(text, LARGEST);
            } catch (IOException e) {
                throw reply.failure(e);
            }
        } catch (IOException closing) {
            throw new IllegalStateException("closing an answer does not fail", closing);
        }
    }
}
