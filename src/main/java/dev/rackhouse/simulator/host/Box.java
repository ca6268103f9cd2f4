package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A computer made of a file tree and the processes that run on it: a machine or a guest. The tree is written when
 * somebody first looks at it, so that a lab of hundreds of machines starts at once; processes are jailed from the first
 * command to the next power-off.
 */
final class Box {
    private final Object lock;
    private final String name;
    private final Jails jails;
    private final HostTree tree;
    private final Consumer<HostTree> contents;
    private final CommandDoor.Commands commands;
    private Runnable beforeStart = () -> {};
    private Runnable afterEnd = () -> {};
    private boolean built;
    private @Nullable Jail jail;
    private @Nullable CommandDoor door;

    /**
     * @param lock guards the tree as a whole; whoever changes several files of it holds it
     * @param contents writes the files into the fresh tree
     * @param commands what the shims of this box do
     */
    Box(Object lock, String name, Jails jails, Path root, Consumer<HostTree> contents, CommandDoor.Commands commands) {
        this.lock = lock;
        this.name = name;
        this.jails = jails;
        this.tree = new HostTree(root);
        this.contents = contents;
        this.commands = commands;
    }

    String name() {
        return name;
    }

    /** Whether the tree is there already; changes to a tree that is not will be part of its contents. */
    boolean built() {
        synchronized (lock) {
            return built;
        }
    }

    /** Done before each command. */
    void beforeStart(Runnable work) {
        beforeStart = work;
    }

    /** Done after each command whose end somebody waits for. */
    void afterEnd(Runnable work) {
        afterEnd = work;
    }

    /** A command has ended; what it left in the files takes effect before anybody hears of its end. */
    void ended() {
        afterEnd.run();
    }

    /** Whether the processes of this box have its tree as their root. */
    boolean strict() {
        return jails.strict();
    }

    /** The tree, written now if it was not yet. */
    HostTree tree() {
        synchronized (lock) {
            if (!built) {
                erase(tree.root());
                tree.directory("/");
                jails.furnish(tree);
                built = true; // whoever fills the tree may look at what is there already
                try {
                    contents.accept(tree);
                } catch (RuntimeException | Error broken) {
                    built = false;
                    throw broken;
                }
            }
            return tree;
        }
    }

    /** The tree as it stands, for what runs on the box beside its commands: whoever has the box's lock is not waited for. */
    HostTree standing() {
        return tree;
    }

    /** Starts {@code sh -c command} on this box. */
    Process start(String command, Map<String, String> environment) throws IOException {
        Jail now = running();
        beforeStart.run();
        return now.start(command, environment);
    }

    private Jail running() throws IOException {
        synchronized (lock) {
            HostTree files = tree();
            if (door == null) {
                door = CommandDoor.open(files, commands);
            }
            Jail now = jail;
            if (now == null) {
                now = jails.boot(files);
                jail = now;
            }
            return now;
        }
    }

    /** Ends all processes; the files stay. */
    void powerOff() {
        synchronized (lock) {
            if (jail != null) {
                jail.close();
                jail = null;
            }
            if (door != null) {
                door.close();
                door = null;
            }
        }
    }

    /**
     * What lies in memory only is gone, and whatever still ran: a process that had begun on the way down would else leave its door
     * in a folder that is no more.
     */
    void emptied(String... places) {
        synchronized (lock) {
            powerOff();
            for (String place : places) {
                erase(tree.at(place));
                tree.directory(place);
            }
        }
    }

    /** Ends all processes and deletes the files: the disk is gone. */
    void destroy() {
        synchronized (lock) {
            powerOff();
            erase(tree.root());
            built = false;
        }
    }

    static void erase(Path root) {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public java.nio.file.FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                        throws IOException {
                    Files.delete(file);
                    return java.nio.file.FileVisitResult.CONTINUE;
                }

                @Override
                public java.nio.file.FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failed)
                        throws IOException {
                    Files.delete(folder);
                    return java.nio.file.FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot erase " + root, e);
        }
    }
}
