package dev.rackhouse.simulator.host;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What lay on a machine's disk and its boot partitions when the lab began: whoever claims to have put everything back is
 * compared with it. What a machine does by itself moves it along. Guarded by its machine.
 */
final class FirstState {
    private TreeDigest disk = new TreeDigest(Map.of());
    private TreeDigest esp = new TreeDigest(Map.of());

    /** From now on this is the first state. */
    void taken(HostTree tree, EspLoader loader) {
        disk = TreeDigest.of(tree.root());
        esp = TreeDigest.of(loader.folder());
    }

    /**
     * A boot made a staged network change live. One that was there at first would have gone live at any boot: the first
     * state is the one after it.
     */
    void stagedNetworkWentLive() {
        String staged = disk.files().get(NetworkFiles.STAGED);
        if (staged != null) {
            Map<String, String> files = new LinkedHashMap<>(disk.files());
            files.remove(NetworkFiles.STAGED);
            files.put(NetworkFiles.LIVE, staged);
            disk = new TreeDigest(files);
        }
    }

    /** Files that are not as they were at first, one a line. */
    String differences(HostTree tree, EspLoader loader) {
        StringBuilder text = new StringBuilder();
        TreeDigest.of(tree.root())
                .changedSince(disk)
                .forEach((name, state) ->
                        text.append(name).append(' ').append(state).append('\n'));
        TreeDigest.of(loader.folder())
                .changedSince(esp)
                .forEach((name, state) -> text.append("esp:")
                        .append(name)
                        .append(' ')
                        .append(state)
                        .append('\n'));
        return text.toString();
    }

    /** A hash of the differences and of the devices' state, equal whenever both are. */
    static String digest(String differences, RunningSystem system, Hardware hardware) {
        StringBuilder text = new StringBuilder(differences);
        PciState pci = system.pci();
        pci.driversAsKept()
                .forEach((address, driver) ->
                        text.append(address).append(' ').append(driver).append('\n'));
        text.append(pci.overrides()).append(system.memory().hugePages().reserved());
        text.append(system.commandLine()).append(hardware).append(pci.virtualCounts());
        return TreeDigest.hash(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
