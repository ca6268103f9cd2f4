package dev.rackhouse.integration.docker;

import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A container as it stands in the list.
 *
 * @param name without the slash before it; empty when it has none
 * @param state Docker's word: {@code created}, {@code running}, {@code paused}, {@code restarting}, {@code exited}, {@code removing},
 *     {@code dead}
 * @param status for people: {@code Up 2 hours (healthy)}
 */
public record ContainerLine(
        String id,
        String name,
        String image,
        String state,
        String status,
        Map<String, String> labels,
        List<PublishedPort> ports) {

    public ContainerLine {
        labels = Map.copyOf(labels);
        ports = List.copyOf(ports);
    }

    public boolean running() {
        return state.equals("running");
    }

    static ContainerLine of(Container container) {
        String[] names = container.getNames();
        List<PublishedPort> ports = new ArrayList<>();
        for (ContainerPort port : container.getPorts() == null ? new ContainerPort[0] : container.getPorts()) {
            PublishedPort.of(port.getPublicPort(), port.getPrivatePort(), port.getType(), port.getIp())
                    .ifPresent(ports::add);
        }
        return new ContainerLine(
                Bounded.text(container.getId()),
                names == null
                        ? ""
                        : Arrays.stream(names).findFirst().map(Bounded::name).orElse(""),
                Bounded.text(container.getImage()),
                Bounded.text(container.getState()),
                Bounded.text(container.getStatus()),
                Bounded.map(container.getLabels()),
                ports);
    }
}
