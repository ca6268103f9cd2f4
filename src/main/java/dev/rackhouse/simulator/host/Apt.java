package dev.rackhouse.simulator.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The packages that can be installed on pretend computers. */
final class Apt {
    static final Set<String> KNOWN = Set.of(
            "qemu-guest-agent", "pciutils", "curl", "jq", "numactl", "openssh-server", "htop", "nvtop", "pve-headers");

    private Apt() {}

    /** Package names among the words of an {@code apt-get install}. */
    static List<String> packages(List<String> words) {
        List<String> names = new ArrayList<>();
        boolean after = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-o") || word.equals("-c") || word.equals("-t")) {
                i++;
            } else if (word.equals("install")) {
                after = true;
            } else if (after && !word.startsWith("-")) {
                names.add(word);
            }
        }
        return names;
    }
}
