package dev.rackhouse.simulator.host;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files below {@code /etc/pve}, which all nodes of a lab see alike. Thread-safe. */
final class ConfigFiles {
    private final Map<String, String> files = new TreeMap<>();
    private final Supplier<Stream<HostTree>> trees;

    /** @param trees the trees that are written already */
    ConfigFiles(Supplier<Stream<HostTree>> trees) {
        this.trees = trees;
    }

    void write(String path, @Nullable String text) {
        synchronized (files) {
            if (text == null) {
                files.remove(path);
            } else {
                files.put(path, text);
            }
        }
        // a tree that is just being written takes the new state from here, or is in this stream when it is done
        trees.get().forEach(tree -> {
            String file = "/etc/pve/" + path;
            if (text == null) {
                tree.delete(file);
            } else {
                tree.write(file, text);
            }
        });
    }

    /** Replaces what the dump had by what the Proxmox side wrote; nothing happens while it wrote nothing. */
    void showIn(HostTree tree) {
        Map<String, String> now;
        synchronized (files) {
            now = new TreeMap<>(files);
        }
        if (!now.isEmpty()) {
            Box.erase(tree.at("/etc/pve/nodes"));
            now.forEach((path, text) -> tree.write("/etc/pve/" + path, text));
        }
    }
}
