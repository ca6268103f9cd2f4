package dev.rackhouse.inference;

import dev.rackhouse.proxmox.PveMethod;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Service;
import java.time.Duration;

/** Requests to Docker and to engines on one host, as commands. Names of containers are those of deployments, which need no encoding. */
public record EngineCall(Host host) {

    /** Docker's API as of Engine 25 (2024); newer engines still speak it. */
    public static final String API = "/v1.44";

    private static final Service DOCKER = new Service.DockerEngine();
    private static final Duration QUICK = Duration.ofSeconds(20);

    public ServiceCall inspect(String container) {
        return docker("/containers/" + container + "/json");
    }

    /** The last lines, each with the time at which it was written in front. */
    public ServiceCall log(String container) {
        return docker("/containers/" + container + "/logs?stdout=true&stderr=true&timestamps=true&tail=400");
    }

    /** Changes nothing. */
    public ServiceCall docker(String path) {
        return ServiceCall.get(host, DOCKER, API + path).limit(QUICK);
    }

    public ServiceCall create(String container, String body) {
        return ServiceCall.post(host, DOCKER, API + "/containers/create?name=" + container, body);
    }

    public ServiceCall start(String container) {
        return ServiceCall.post(host, DOCKER, API + "/containers/" + container + "/start", null);
    }

    /** It has half a minute to come to its end by itself. */
    public ServiceCall stop(String container) {
        return ServiceCall.post(host, DOCKER, API + "/containers/" + container + "/stop?t=30", null)
                .limit(Duration.ofSeconds(90));
    }

    public ServiceCall rename(String container, String name) {
        return ServiceCall.post(host, DOCKER, API + "/containers/" + container + "/rename?name=" + name, null);
    }

    /** With what it wrote into itself; what it has mounted stays. */
    public ServiceCall remove(String container) {
        return ServiceCall.delete(host, DOCKER, API + "/containers/" + container + "?force=true")
                .limit(Duration.ofSeconds(90));
    }

    /** Level 1: the weights go to main memory, the cache is dropped. It answers before the work is done. */
    public ServiceCall sleep(int port, String bearer) {
        return ServiceCall.post(host, new Service.LocalPort(port, bearer), "/sleep?level=1", null);
    }

    /** Likewise. */
    public ServiceCall wake(int port, String bearer) {
        return ServiceCall.post(host, new Service.LocalPort(port, bearer), "/wake_up", null);
    }

    public ServiceCall isSleeping(int port, String bearer) {
        return get(port, bearer, "/is_sleeping");
    }

    public ServiceCall get(int port, String bearer, String path) {
        return ServiceCall.get(host, new Service.LocalPort(port, bearer), path).limit(QUICK);
    }

    public ServiceCall post(int port, String bearer, String path, String body) {
        return ServiceCall.post(host, new Service.LocalPort(port, bearer), path, body);
    }

    /** With a body, as Ollama wants it. */
    public ServiceCall delete(int port, String bearer, String path, String body) {
        return new ServiceCall(
                host, new Service.LocalPort(port, bearer), PveMethod.DELETE, path, body, Duration.ofSeconds(60), false);
    }

    /** A prompt; changes nothing. */
    public ServiceCall ask(int port, String bearer, String path, String body, Duration limit) {
        return ServiceCall.ask(host, new Service.LocalPort(port, bearer), path, body)
                .limit(limit);
    }
}
