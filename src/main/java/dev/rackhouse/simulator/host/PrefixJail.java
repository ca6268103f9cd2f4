package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * No jail at all, only a prefix: for systems that forbid user namespaces, and for macOS. Scripts find the machine's
 * files below {@code $R}, its commands first on the PATH, and the listed tools after them.
 */
final class PrefixJail implements Jail {
    private final HostTree tree;
    private final Path tools;
    private final Set<Process> started = ConcurrentHashMap.newKeySet();

    /** @param tools folder with links to the real machine's tools */
    PrefixJail(HostTree tree, Path tools) {
        this.tree = tree;
        this.tools = tools;
    }

    @Override
    public Kind kind() {
        return Kind.PREFIX;
    }

    @Override
    public Process start(String command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of("/bin/sh", "-c", command));
        Map<String, String> env = builder.environment();
        env.clear();
        env.put("R", tree.root().toString());
        env.put("PATH", tree.at("/usr/sbin") + ":" + tools);
        env.put("HOME", tree.at("/root").toString());
        env.put("USER", "root");
        env.put("LOGNAME", "root");
        env.put("LANG", "C.UTF-8");
        env.putAll(environment);
        env.computeIfPresent(
                "HOME",
                (name, home) -> home.startsWith(tree.root() + "/")
                        ? home
                        : tree.at(home).toString());
        Process process = builder.directory(tree.at("/root").toFile()).start();
        started.add(process);
        process.onExit().thenAccept(started::remove);
        return process;
    }

    @Override
    public void close() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
