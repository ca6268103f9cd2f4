package dev.rackhouse.renumbering;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.lab.Labs;
import dev.rackhouse.renumbering.RenumberPlace.HostFile;
import dev.rackhouse.ssh.RemoteFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Reads the files of ours on a host that may name addresses: those whose names begin with {@code rackhouse-} where drivers are chosen. */
@Component
class OurFiles {

    private static final List<String> FOLDERS =
            List.of("/etc/udev/rules.d", "/etc/initramfs-tools/scripts/init-top", "/etc/modprobe.d");
    private static final String OURS = "rackhouse-";
    /** A longer one was not written by us. */
    private static final int LONGEST = 64 * 1024;

    private final Labs labs;

    OurFiles(Labs labs) {
        this.labs = labs;
    }

    /**
     * Blocks.
     *
     * @throws dev.rackhouse.base.RemoteFailure when the host does not answer
     */
    List<HostFile> on(NodeRef node) {
        RemoteFiles files = labs.ssh(node).files();
        List<HostFile> found = new ArrayList<>();
        for (String folder : FOLDERS) {
            for (String name : files.list(folder)) {
                if (name.startsWith(OURS)) {
                    String path = folder + "/" + name;
                    files.read(path)
                            .filter(bytes -> bytes.length <= LONGEST)
                            .ifPresent(
                                    bytes -> found.add(new HostFile(path, new String(bytes, StandardCharsets.UTF_8))));
                }
            }
        }
        return found;
    }
}
