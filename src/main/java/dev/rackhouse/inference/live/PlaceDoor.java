package dev.rackhouse.inference.live;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Machines;
import dev.rackhouse.runbook.Service;
import java.time.Duration;

/** The way into one place. Everything that goes through only reads, but for a tiny prompt. */
record PlaceDoor(Machines machines, Host host, Machines.GuestKeys keys) {

    private static final String VERSION = "/v1.44";
    private static final Duration DOCKER = Duration.ofSeconds(15);
    private static final Duration PROBE = Duration.ofSeconds(5);
    private static final Duration SHELL = Duration.ofSeconds(60);
    static final Duration CANARY = Duration.ofSeconds(20);

    /** @throws RemoteFailure when Docker does not answer, or refuses */
    Answer docker(String path) {
        return machines.call(
                ServiceCall.get(host, new Service.DockerEngine(), VERSION + path)
                        .limit(DOCKER),
                keys);
    }

    /** @throws RemoteFailure when nobody listens, or there is no answer in time */
    Answer ask(int port, String path) {
        return machines.call(
                ServiceCall.get(host, new Service.LocalPort(port, ""), path).limit(PROBE), keys);
    }

    /** @throws RemoteFailure when nobody listens, or there is no answer in time */
    Answer prompt(int port, String path, String body) {
        return machines.call(
                ServiceCall.ask(host, new Service.LocalPort(port, ""), path, body)
                        .limit(CANARY),
                keys);
    }

    /** @throws RemoteFailure when the place is not reached */
    Answer shell(String script) {
        return machines.run(host, "sh -s", script, SHELL, keys);
    }
}
