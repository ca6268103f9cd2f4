package dev.rackhouse.passthrough;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.passthrough.PassthroughPlan.Device;
import dev.rackhouse.proxmox.PciMapping;
import dev.rackhouse.proxmox.PvePath;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;

/**
 * The cluster-wide names of planned devices, made where they are missing and removed again by their mark.
 *
 * @param mark what the descriptions of new names bear
 */
record DeviceMappings(NodeRef node, String mark) {

    private static final Duration SOON = Duration.ofSeconds(20);

    /** Adds the step that names the device, unless it has its name already. */
    Outline addTo(Outline outline, Device device) {
        return device.newMapping()
                ? outline.step("map-" + device.path(), "Map " + device.label() + " as " + device.mapping(), map(device))
                        .unless(standsFor(device))
                        .confirm(standsFor(device), SOON)
                        .undo(Undo.by("Remove mapping " + device.mapping(), ApiCall.delete(node.lab(), path(device)))
                                .onlyIf(Check.that(
                                        read(device), Conditions.jsonMatches("/description", ".*made by " + mark)))
                                .confirm(Check.that(read(device), Conditions.absent()), SOON))
                : outline;
    }

    private ApiCall map(Device device) {
        return ApiCall.post(node.lab(), "/cluster/mapping/pci")
                .with("id", device.mapping())
                .with("description", device.label() + ", made by " + mark)
                .with(
                        "map",
                        new PciMapping(
                                        node.node(),
                                        device.path(),
                                        device.ids(),
                                        device.subsystem(),
                                        device.group(),
                                        null)
                                .print());
    }

    private ApiCall read(Device device) {
        return ApiCall.get(node.lab(), path(device));
    }

    private static String path(Device device) {
        return PvePath.of("cluster", "mapping", "pci", device.mapping());
    }

    Check standsFor(Device device) {
        String subsystem = device.subsystem();
        Integer group = device.group();
        return Check.that(
                read(device),
                Condition.of(
                        MappingStandsFor.NAME,
                        "node",
                        node.node(),
                        "path",
                        device.path(),
                        "id",
                        device.ids(),
                        "subsystem",
                        subsystem == null ? "" : subsystem,
                        "group",
                        group == null ? "" : group.toString()));
    }
}
