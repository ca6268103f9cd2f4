package dev.rackhouse.integration.docker;

import com.github.dockerjava.api.command.HealthState;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Ports;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container as {@code docker inspect} tells it.
 *
 * @param name without the slash before it
 * @param environment values that look like secrets are {@code ***}
 * @param ports as it was made; a port may stand there while nothing runs
 * @param devices requests for GPUs, in their order
 * @param binds {@code /srv/hf:/root/.cache/huggingface}
 * @param shmBytes size of {@code /dev/shm}; 0: not told
 * @param restarts how often Docker has started it again
 */
public record ContainerDetails(
        String id,
        String name,
        String image,
        List<String> entrypoint,
        List<String> command,
        Map<String, String> environment,
        Map<String, String> labels,
        List<PublishedPort> ports,
        List<DevicesAsked> devices,
        List<String> binds,
        String ipcMode,
        long shmBytes,
        String restartPolicy,
        int restarts,
        State state) {

    /**
     * @param word as in {@link ContainerLine#state()}
     * @param pid of its first process on the machine; 0: none
     * @param exitCode of the last run; meaningless while it runs
     * @param error why Docker could not start it; empty
     * @param health {@code starting}, {@code healthy}, {@code unhealthy}; empty: nobody looks
     * @param startedAt null: never
     * @param finishedAt null: not yet
     */
    public record State(
            String word,
            boolean running,
            long pid,
            long exitCode,
            boolean oomKilled,
            String error,
            String health,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt) {

        static State of(InspectContainerResponse.@Nullable ContainerState state) {
            if (state == null) {
                return new State("", false, 0, 0, false, "", "", null, null);
            }
            HealthState health = state.getHealth();
            return new State(
                    Bounded.text(state.getStatus()),
                    Boolean.TRUE.equals(state.getRunning()),
                    number(state.getPidLong()),
                    number(state.getExitCodeLong()),
                    Boolean.TRUE.equals(state.getOOMKilled()),
                    Bounded.text(state.getError()),
                    health == null ? "" : Bounded.text(health.getStatus()),
                    time(state.getStartedAt()),
                    time(state.getFinishedAt()));
        }
    }

    /**
     * A request for devices.
     *
     * @param driver {@code nvidia}, or empty for Docker's choice
     * @param count of any devices; -1: all; 0 where ids stand
     * @param ids {@code GPU-...}, or indexes
     */
    public record DevicesAsked(String driver, int count, List<String> ids) {
        public DevicesAsked {
            ids = List.copyOf(ids);
        }
    }

    public ContainerDetails {
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        labels = Map.copyOf(labels);
        ports = List.copyOf(ports);
        devices = List.copyOf(devices);
        binds = List.copyOf(binds);
    }

    /** The UUIDs or indexes of all GPUs that it asks for by name. */
    public List<String> deviceIds() {
        return devices.stream().flatMap(asked -> asked.ids().stream()).toList();
    }

    static ContainerDetails of(InspectContainerResponse said) {
        ContainerConfig config = said.getConfig() == null ? new ContainerConfig() : said.getConfig();
        HostConfig host = said.getHostConfig() == null ? new HostConfig() : said.getHostConfig();
        return new ContainerDetails(
                Bounded.text(said.getId()),
                Bounded.name(said.getName()),
                Bounded.text(config.getImage()),
                Bounded.list(config.getEntrypoint()),
                Bounded.list(config.getCmd()),
                Bounded.environment(config.getEnv()),
                Bounded.map(config.getLabels()),
                ports(host.getPortBindings()),
                devices(host.getDeviceRequests()),
                binds(host),
                Bounded.text(host.getIpcMode()),
                number(host.getShmSize()),
                host.getRestartPolicy() == null
                        ? ""
                        : Bounded.text(host.getRestartPolicy().getName()),
                said.getRestartCount() == null ? 0 : said.getRestartCount(),
                State.of(said.getState()));
    }

    private static List<PublishedPort> ports(@Nullable Ports published) {
        List<PublishedPort> ports = new ArrayList<>();
        if (published != null && published.getBindings() != null) {
            published.getBindings().forEach((ExposedPort inside, Ports.Binding[] bindings) -> {
                for (Ports.Binding binding : bindings == null ? new Ports.Binding[0] : bindings) {
                    PublishedPort.of(
                                    portNumber(binding.getHostPortSpec()),
                                    inside.getPort(),
                                    inside.getProtocol().toString(),
                                    binding.getHostIp())
                            .ifPresent(ports::add);
                }
            });
        }
        return ports;
    }

    private static List<DevicesAsked> devices(@Nullable List<DeviceRequest> requests) {
        return requests == null
                ? List.of()
                : requests.stream()
                        .map(request -> new DevicesAsked(
                                Bounded.text(request.getDriver()),
                                request.getCount() == null ? 0 : request.getCount(),
                                Bounded.list(request.getDeviceIds())))
                        .toList();
    }

    private static List<String> binds(HostConfig host) {
        List<String> binds = new ArrayList<>();
        if (host.getBinds() != null) {
            for (var bind : host.getBinds()) {
                binds.add(Bounded.text(bind.getPath() + ":" + bind.getVolume().getPath()));
            }
        }
        return binds;
    }

    private static @Nullable Integer portNumber(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,5}") ? Integer.valueOf(text) : null;
    }

    private static long number(@Nullable Long number) {
        return number == null ? 0 : number;
    }

    /** Docker writes the year 1 for "never". */
    private static @Nullable Instant time(@Nullable String text) {
        try {
            Instant time = text == null ? Instant.EPOCH : Instant.parse(text);
            return time.isAfter(Instant.EPOCH) ? time : null;
        } catch (DateTimeParseException garbled) {
            return null;
        }
    }
}
