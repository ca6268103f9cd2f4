package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.serving.Routers;
import dev.rackhouse.simulator.serving.SeededServing;
import dev.rackhouse.simulator.world.ServingControl;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The engines, cards and router of one computer, as {@link ServingControl} shows and changes them. */
final class ServingControls {
    /** What {@code dmesg} prints. */
    private static final String KERNEL_LOG = "/cmd/dmesg.txt";

    private ServingControls() {}

    static void show(Software software, String node, int vmid, List<Object> engines, List<Object> gpus) {
        software.docker().shown().forEach(one -> engines.add(ServingControl.row(node, vmid, one)));
        software.programs().shown().forEach(one -> engines.add(ServingControl.row(node, vmid, one)));
        software.driver().cards().forEach(card -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("uuid", card.uuid);
            row.put("usedMiB", software.driver().rack().usedMiB(card.uuid));
            row.put("freeMiB", software.driver().rack().freeMiB(card.uuid));
            row.put("load", software.driver().rack().load(card.uuid));
            row.put("lost", software.driver().rack().lost(card.uuid));
            gpus.add(ServingControl.row(node, vmid, row));
        });
    }

    static Object control(Software software, String what, Map<String, @Nullable Object> body) {
        switch (what) {
            case "engines/fault" ->
                software.engineFaults()
                        .set(text(body, "container"), text(body, "fault"), Math.max(1, number(body, "times")));
            case "engines/gpu" -> gpu(software, body);
            case "router/fault" -> software.routers().fault(text(body, "fault"));
            case "router/kind" -> use(software, body);
            case "router" -> {
                return addresses(software.routers());
            }
            default -> throw new IllegalArgumentException("No such control: " + what);
        }
        return Map.of();
    }

    private static void gpu(Software software, Map<String, @Nullable Object> body) {
        String uuid = text(body, "uuid");
        if (software.driver().find(uuid) == null) {
            throw new IllegalArgumentException("No card " + uuid + " there");
        }
        if (body.get("state") != null) {
            boolean gone = text(body, "state").equals("lost");
            if (gone && !software.driver().rack().lost(uuid)) {
                fellOffTheBus(software, uuid);
            }
            software.driver().rack().lost(uuid, gone);
        }
        if (body.get("foreignMiB") != null) {
            software.driver().rack().foreign(uuid, number(body, "foreignMiB"));
        }
    }

    /** What the kernel says then. */
    private static void fellOffTheBus(Software software, String uuid) {
        ServingComputer computer = software.computer();
        GpuDriver.Card card = java.util.Objects.requireNonNull(software.driver().find(uuid));
        String up = computer.read("/proc/uptime").orElse("12.00 20.00").split(" ")[0];
        String bus = card.address.substring(0, card.address.lastIndexOf('.'));
        String stamp = "[%12s0000] NVRM: ".formatted(up);
        String before = computer.read(KERNEL_LOG).map(text -> text + "\n").orElse("");
        computer.write(
                KERNEL_LOG,
                before + stamp + "Xid (PCI:" + bus
                        + "): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.\n" + stamp + "GPU "
                        + card.address + ": GPU has fallen off the bus.\n");
    }

    private static void use(Software software, Map<String, @Nullable Object> body) {
        int vmid = number(body, "vmid");
        String place = text(body, "node") + (vmid == 0 ? "" : "-" + vmid);
        SeededServing seed =
                SeededServing.of(place).orElseThrow(() -> new IllegalArgumentException("Nothing serves on " + place));
        software.routers().use(text(body, "kind"), seed.routing());
    }

    private static Object addresses(Routers routers) {
        String clients = routers.clientsUrl();
        String control = routers.controlUrl();
        if (clients == null || control == null) {
            throw new IllegalArgumentException("No router runs there");
        }
        return Map.of("clients", clients, "control", control);
    }

    private static String text(Map<String, @Nullable Object> body, String key) {
        return String.valueOf(body.getOrDefault(key, ""));
    }

    private static int number(Map<String, @Nullable Object> body, String key) {
        String text = text(body, key);
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }
}
