package dev.rackhouse.runbook;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A program on a host that is asked over HTTP, as this host itself reaches it: nothing has to be open to the network. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface Service {

    /** As shown before the path: {@code docker}, {@code :8001}. */
    String label();

    /** Docker's Engine API, by {@code docker system dial-stdio}. Paths carry the version: {@code /v1.44/containers/json}. */
    record DockerEngine() implements Service {
        @Override
        public String label() {
            return "docker";
        }
    }

    /**
     * HTTP on 127.0.0.1 of the host.
     *
     * @param port 1 to 65535
     * @param bearer sent as {@code Authorization: Bearer}, usually a placeholder {@code {secret.NAME}}; empty: none is sent
     */
    record LocalPort(int port, String bearer) implements Service {
        public LocalPort {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException(port + " is no port");
            }
        }

        @Override
        public String label() {
            return ":" + port;
        }
    }
}
