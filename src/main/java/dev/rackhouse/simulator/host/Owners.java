package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who owns the files of pretend machines, as their users know it: the real files all belong to whoever runs the simulator.
 * Kept in an extended attribute, which goes where the file goes; where the real file system has none, in memory by name.
 */
final class Owners {
    private static final String ATTRIBUTE = "rackhouse.owner";
    private static final Map<Path, String> WITHOUT_ATTRIBUTES = new ConcurrentHashMap<>();

    private Owners() {}

    /** User and group number, {@code 0:0} for root. */
    static String of(Path file) {
        try {
            UserDefinedFileAttributeView view = view(file);
            if (view != null && view.list().contains(ATTRIBUTE)) {
                ByteBuffer value = ByteBuffer.allocate(view.size(ATTRIBUTE));
                view.read(ATTRIBUTE, value);
                return StandardCharsets.US_ASCII.decode(value.flip()).toString();
            }
        } catch (IOException | UnsupportedOperationException none) {
            // then in memory, or nowhere
        }
        return WITHOUT_ATTRIBUTES.getOrDefault(file, "0:0");
    }

    static int user(Path file) {
        return Integer.parseInt(of(file).split(":")[0]);
    }

    static int group(Path file) {
        return Integer.parseInt(of(file).split(":")[1]);
    }

    /** @param user number, or -1 to leave it; likewise the group */
    static void set(Path file, int user, int group) {
        String owner = (user < 0 ? user(file) : user) + ":" + (group < 0 ? group(file) : group);
        try {
            UserDefinedFileAttributeView view = view(file);
            if (view != null) {
                if (!owner.equals("0:0")) {
                    view.write(ATTRIBUTE, ByteBuffer.wrap(owner.getBytes(StandardCharsets.US_ASCII)));
                } else if (view.list().contains(ATTRIBUTE)) {
                    view.delete(ATTRIBUTE);
                }
                return;
            }
        } catch (IOException | UnsupportedOperationException none) {
            // then in memory
        }
        WITHOUT_ATTRIBUTES.put(file, owner);
    }

    private static @org.jspecify.annotations.Nullable UserDefinedFileAttributeView view(Path file) {
        return Files.isSymbolicLink(file) ? null : Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    }
}
