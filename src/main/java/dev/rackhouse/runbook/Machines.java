package dev.rackhouse.runbook;

import dev.rackhouse.base.LabId;
import dev.rackhouse.integration.HttpReply;
import dev.rackhouse.integration.docker.Containers;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.ServiceCall;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The engine's only door to other machines. Each method blocks, is sent at most once, and throws a
 * {@link dev.rackhouse.base.RemoteFailure} when the machine was not reached, did not answer or said no. Implemented over the
 * connected labs; by recorders in tests.
 */
public interface Machines {

    /**
     * Sends one API call.
     *
     * @return the answer, always a success
     */
    Answer call(ApiCall call);

    /**
     * Sends one request to a program on a host.
     *
     * @return also for a status that refuses; no connection is a failure
     */
    Answer call(ServiceCall call, GuestKeys keys);

    /**
     * What the Docker engine of a host tells. Each read is a {@link #call(ServiceCall, GuestKeys)} of half a minute at most.
     */
    default Containers containers(Host host, GuestKeys keys) {
        return new Containers(
                path -> {
                    Answer answer = call(ServiceCall.get(host, new Service.DockerEngine(), path), keys);
                    return new HttpReply(answer.status(), answer.text(), answer.truncated());
                },
                host.label());
    }

    /**
     * Runs a command line on a host and waits for its end.
     *
     * @return also for exit codes other than zero
     */
    Answer run(Host host, String commandLine, String stdin, Duration timeout, GuestKeys keys);

    /** The content of a file; null when it is absent. */
    @Nullable
    String read(Host host, String path, GuestKeys keys);

    /** Replaces a file atomically; owner and mode are for a new one, an existing one keeps its own. */
    void write(Host host, String path, String content, String owner, String mode, GuestKeys keys);

    /** Writes one line into an existing file, in place and in one go: for sysfs, whose files cannot be replaced. */
    void writeInPlace(Host host, String path, String line, GuestKeys keys);

    /** Removes a file; nothing happens when it is absent. */
    void delete(Host host, String path, GuestKeys keys);

    /** How the lab's token is named in UPIDs: {@code rackhouse@pve!console}. */
    String tokenUser(LabId lab);

    /** The lab as shown: {@code Targaryen}. */
    String name(LabId lab);

    /** Host keys of guests, as this run has seen them first. */
    interface GuestKeys {

        /** The key that was seen first; empty: not met yet. */
        Optional<String> known(String guest);

        /** A guest was met for the first time. */
        void learned(String guest, String key);
    }
}
