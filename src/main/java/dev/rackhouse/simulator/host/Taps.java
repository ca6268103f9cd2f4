package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.world.GuestLaunch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The network devices of running guests on the host: a tap or veth for each, below its bridge. */
final class Taps {
    private static final Pattern BRIDGE = Pattern.compile("(?:^|,)bridge=([^,]+)");

    private Taps() {}

    static void show(HostTree tree, Map<Integer, GuestLaunch> launches) {
        clear(tree);
        launches.forEach((vmid, launch) -> launch.config().forEach((key, value) -> {
            Matcher bridge = BRIDGE.matcher(value);
            if (key.matches("net\\d+") && bridge.find()) {
                boolean container = launch.kind().equals("lxc");
                String name = (container ? "veth" : "tap") + vmid + "i" + key.substring(3);
                String path = "/sys/devices/virtual/net/" + name;
                tree.line(
                        path + "/address",
                        "52:0c:11:%02x:%02x:%02x".formatted(vmid >> 16 & 255, vmid >> 8 & 255, vmid & 255));
                tree.line(path + "/operstate", container ? "up" : "unknown");
                tree.line(path + "/speed", container ? "10000" : "10");
                tree.link("/sys/class/net/" + name, path);
                String bridgePath = "/sys/devices/virtual/net/" + bridge.group(1);
                if (tree.exists(bridgePath)) {
                    tree.link(bridgePath + "/lower_" + name, path);
                }
            }
        }));
    }

    private static void clear(HostTree tree) {
        Path nets = tree.at("/sys/devices/virtual/net");
        if (!Files.isDirectory(nets)) {
            return;
        }
        try (Stream<Path> all = Files.walk(nets, 2)) {
            List<Path> stale = all.filter(
                            path -> String.valueOf(path.getFileName()).matches("(lower_)?(tap|veth)\\d+i\\d+"))
                    .sorted(java.util.Comparator.reverseOrder())
                    .toList();
            for (Path path : stale) {
                String name = String.valueOf(path.getFileName());
                if (Files.isSymbolicLink(path)) {
                    Files.delete(path);
                } else {
                    Box.erase(path);
                    tree.delete("/sys/class/net/" + name);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
