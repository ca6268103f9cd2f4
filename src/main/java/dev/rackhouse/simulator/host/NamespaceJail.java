package dev.rackhouse.simulator.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A jail made of Linux namespaces: mount, user and process. One small process, the machine's init, holds them from boot
 * to shutdown; commands enter them with {@code nsenter}. Only {@code /usr} of the real machine is seen, read-only. When
 * the simulator dies, init's standard input ends, and with it every process of the machine.
 */
final class NamespaceJail implements Jail {
    /** Run as the first process of the new namespaces; $1 is the tree. It says "up" only when its root is the tree. */
    private static final String INIT = """
            T=$1
            mount --bind /usr "$T/.machine" && { mount -o remount,bind,ro "$T/.machine" 2>/dev/null || [ ! -w /usr ]; } || exit 9
            for d in null zero full random urandom; do mount --bind /dev/$d "$T/dev/$d" || exit 8; done
            cd "$T" || exit 7
            exec chroot "$T" /bin/sh -c 'cd / && echo up && exec 3<&0 </dev/null >/dev/null; cat <&3 & wait $!'
            """;

    private final Process holder;
    private final long init;

    private NamespaceJail(Process holder, long init) {
        this.holder = holder;
        this.init = init;
    }

    /**
     * Boots a machine.
     *
     * @throws IOException when this system does not allow it; the message says why
     */
    static NamespaceJail boot(HostTree tree) throws IOException {
        Process holder = new ProcessBuilder(
                        "unshare",
                        "--user",
                        "--map-root-user",
                        "--mount",
                        "--pid",
                        "--fork",
                        "--kill-child=KILL",
                        "--propagation",
                        "private",
                        "sh",
                        "-c",
                        INIT,
                        "init",
                        tree.root().toString())
                .start();
        try (BufferedReader said = holder.inputReader()) {
            String word = said.readLine();
            if (!"up".equals(word)) {
                String why = new String(holder.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                holder.destroyForcibly();
                throw new IOException("namespaces are not to be had here: " + why);
            }
        }
        long init = holder.toHandle()
                .children()
                .findFirst()
                .map(ProcessHandle::pid)
                .orElseThrow(() -> new IOException("the machine's first process ended at once"));
        return new NamespaceJail(holder, init);
    }

    @Override
    public Kind kind() {
        return Kind.NAMESPACES;
    }

    @Override
    public Process start(String command, Map<String, String> environment) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "nsenter",
                "--target=" + init,
                "--user",
                "--preserve-credentials",
                "--mount",
                "--pid",
                "--root",
                "--wd",
                "/bin/sh",
                "-c",
                "cd \"$HOME\" 2>/dev/null || cd /; exec /bin/sh -c \"$1\"",
                "sh",
                command));
        ProcessBuilder builder = new ProcessBuilder(words);
        Map<String, String> env = builder.environment();
        String realPath = Objects.requireNonNullElse(env.get("PATH"), "/usr/bin:/bin");
        env.clear();
        env.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        env.put("HOME", "/root");
        env.put("USER", "root");
        env.put("LOGNAME", "root");
        env.put("SHELL", "/bin/sh");
        env.put("LANG", "C.UTF-8");
        env.putAll(environment);
        // the program itself is looked up on the real machine
        words.set(0, find("nsenter", realPath));
        return builder.start();
    }

    private static String find(String program, String path) {
        for (String folder : path.split(":")) {
            java.nio.file.Path candidate = java.nio.file.Path.of(folder, program);
            if (java.nio.file.Files.isExecutable(candidate)) {
                return candidate.toString();
            }
        }
        return program;
    }

    @Override
    public void close() {
        holder.descendants().forEach(ProcessHandle::destroyForcibly);
        holder.destroyForcibly();
        try {
            holder.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
