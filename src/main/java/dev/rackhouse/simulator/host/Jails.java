package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes jails of the strictest kind that this system allows, which is found out once. */
public final class Jails {
    private static final Logger LOG = LoggerFactory.getLogger(Jails.class);

    private final Map<String, Path> tools = Tools.found();
    private final Path toolFolder;
    private final Jail.Kind kind;

    /**
     * Tries out what is allowed.
     *
     * @param folder for links to tools, and for the trial
     */
    public Jails(Path folder) {
        this.toolFolder = folder.resolve("tools");
        linkTools();
        this.kind = tryOut(folder.resolve("trial"));
    }

    /** Whether every machine has a root of its own. */
    public boolean strict() {
        return kind == Jail.Kind.NAMESPACES;
    }

    /** Puts into a fresh tree what its jail needs: links to tools, places to mount on. */
    void furnish(HostTree tree) {
        tree.directory("/.machine");
        tree.directory("/root");
        tree.directory("/tmp");
        tree.directory("/usr/bin");
        tree.directory("/usr/sbin");
        for (String device : new String[] {"null", "zero", "full", "random", "urandom"}) {
            tree.write("/dev/" + device, "");
        }
        rawLink(tree, "/bin", "usr/bin");
        rawLink(tree, "/sbin", "usr/sbin");
        rawLink(tree, "/lib", "usr/lib");
        rawLink(tree, "/lib64", "usr/lib64");
        rawLink(tree, "/usr/lib", "/.machine/lib");
        rawLink(tree, "/usr/lib64", "/.machine/lib64");
        rawLink(tree, "/usr/share", "/.machine/share");
        tools.forEach((name, place) -> {
            if (place.startsWith("/usr/")) {
                rawLink(tree, "/usr/bin/" + name, "/.machine/" + Path.of("/usr").relativize(place));
            }
        });
    }

    Jail boot(HostTree tree) throws IOException {
        return kind == Jail.Kind.NAMESPACES ? NamespaceJail.boot(tree) : new PrefixJail(tree, toolFolder);
    }

    private Jail.Kind tryOut(Path folder) {
        if ("prefix".equals(System.getProperty("rackhouse.simulator.jail"))) {
            return Jail.Kind.PREFIX;
        }
        HostTree tree = new HostTree(folder);
        furnish(tree);
        try (Jail jail = NamespaceJail.boot(tree)) {
            Process process = jail.start("exit 42", Map.of());
            if (process.waitFor() == 42) {
                return Jail.Kind.NAMESPACES;
            }
            LOG.warn("Pretend machines run without a root of their own: a command did not run in its namespace");
        } catch (IOException refused) {
            LOG.warn("Pretend machines run without a root of their own: {}", refused.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return Jail.Kind.PREFIX;
    }

    private void linkTools() {
        try {
            Files.createDirectories(toolFolder);
            for (Map.Entry<String, Path> tool : tools.entrySet()) {
                Path link = toolFolder.resolve(tool.getKey());
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, tool.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void rawLink(HostTree tree, String name, String target) {
        try {
            Path link = tree.at(name);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
