package dev.rackhouse.preparation;

import dev.rackhouse.preparation.ConsoleSurroundings.Need;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Reads the console's own settings, interfaces and resolver. Asks nobody: no name is looked up. */
@Component
class LocalSurroundings {

    private static final Map<String, String> SETTINGS = Map.of(
            "spring.datasource.url", "the database",
            "rackhouse.sign-in.issuer", "the login",
            "rackhouse.public-address", "the proxy",
            "https.proxyHost", "the proxy to the outside");

    private final Environment environment;

    LocalSurroundings(Environment environment) {
        this.environment = environment;
    }

    ConsoleSurroundings read() {
        Set<String> addresses = new TreeSet<>();
        Set<String> macs = new TreeSet<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isLoopback()) {
                    continue;
                }
                Collections.list(each.getInetAddresses())
                        .forEach(a -> addresses.add(a.getHostAddress().replaceFirst("%.*", "")));
                byte[] mac = each.getHardwareAddress();
                if (mac != null) {
                    macs.add(HexFormat.ofDelimiter(":").formatHex(mac));
                }
            }
        } catch (SocketException withoutNetwork) {
            // nothing to compare: names still are
        }
        List<Need> needs = new ArrayList<>();
        SETTINGS.forEach((setting, what) -> {
            String host = host(environment.getProperty(setting, ""));
            if (!host.isEmpty()) {
                needs.add(new Need(what, host));
            }
        });
        resolvers().forEach(r -> needs.add(new Need("its name server", r)));
        return new ConsoleSurroundings(hostName(), addresses, macs, needs);
    }

    /** The host of an address; empty for this machine itself, which stands or falls with the console. */
    static String host(String setting) {
        String host = setting.strip();
        if (host.contains("://")) {
            try {
                String parsed = URI.create(host.replaceFirst("^jdbc:", "")).getHost();
                host = parsed == null ? "" : parsed;
            } catch (IllegalArgumentException notOne) {
                return "";
            }
        }
        host = host.replaceAll("^\\[|]$", "");
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1") ? "" : host;
    }

    private static String hostName() {
        return first(Path.of("/proc/sys/kernel/hostname"));
    }

    private static List<String> resolvers() {
        try (var lines = Files.lines(Path.of("/etc/resolv.conf"))) {
            return lines.map(String::strip)
                    .filter(l -> l.startsWith("nameserver "))
                    .map(l -> host(l.substring("nameserver ".length())))
                    .filter(h -> !h.isEmpty())
                    .toList();
        } catch (IOException unknown) {
            return List.of();
        }
    }

    private static String first(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.findFirst().orElse("").strip();
        } catch (IOException unknown) {
            return "";
        }
    }
}
