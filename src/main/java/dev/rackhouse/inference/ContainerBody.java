package dev.rackhouse.inference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one translation of a container's launch into the body of Docker's {@code POST /containers/create}. Pure; the same for the same
 * launch, byte for byte.
 */
public final class ContainerBody {

    private static final JsonMapper JSON = JsonMapper.shared();

    private ContainerBody() {}

    /**
     * Variables without a value become placeholders {@code {secret.NAME}}, filled in when the request is sent.
     *
     * @param marks further labels: {@code rackhouse.run} and the run's mark
     */
    public static String of(LaunchSpec.Container container, Map<String, String> marks) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("Image", container.image());
        body.put("Cmd", container.arguments());
        List<String> environment = new ArrayList<>();
        container
                .environment()
                .forEach((name, value) ->
                        environment.add(name + "=" + (value == null ? "{secret." + name + "}" : value)));
        body.put("Env", environment);
        Map<String, String> labels = new TreeMap<>(container.labels());
        labels.putAll(marks);
        body.put("Labels", labels);
        String port = container.port() + "/tcp";
        body.put("ExposedPorts", Map.of(port, Map.of()));
        Map<String, Object> host = new LinkedHashMap<>();
        host.put("PortBindings", Map.of(port, List.of(Map.of("HostPort", Integer.toString(container.hostPort())))));
        List<String> binds = new ArrayList<>();
        container.mounts().forEach((source, target) -> binds.add(source + ":" + target));
        host.put("Binds", binds);
        if (container.hostIpc()) {
            host.put("IpcMode", "host");
        }
        host.put("RestartPolicy", Map.of("Name", "unless-stopped"));
        if (!container.gpus().isEmpty()) {
            Map<String, Object> request = new LinkedHashMap<>();
            request.put("Driver", "nvidia");
            request.put("DeviceIDs", container.gpus());
            request.put("Capabilities", List.of(List.of("gpu")));
            host.put("DeviceRequests", List.of(request));
        }
        body.put("HostConfig", host);
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(body);
    }
}
