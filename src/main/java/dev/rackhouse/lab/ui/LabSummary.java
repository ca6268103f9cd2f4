package dev.rackhouse.lab.ui;

import dev.rackhouse.base.Verdict;
import dev.rackhouse.lab.Lab;
import dev.rackhouse.lab.LabHost;
import dev.rackhouse.lab.LabStanding;
import dev.rackhouse.lab.ProxmoxSide;
import java.util.List;

/**
 * What the list says about a lab.
 *
 * @param reached in a few words: {@code Proxmox at 10.0.10.41:8006, 2 hosts by SSH}
 */
record LabSummary(Verdict verdict, String reached) {

    static LabSummary of(Lab lab, List<LabStanding> standings) {
        return new LabSummary(
                lab.paused()
                        ? Verdict.of(Verdict.Level.OFF, "lab.paused", "Paused: nothing is asked there.")
                        : Verdict.worst(
                                standings.stream().map(LabStanding::verdict).toList()),
                reached(lab));
    }

    private static String reached(Lab lab) {
        ProxmoxSide proxmox = lab.proxmox();
        String hosts = switch (lab.hosts().size()) {
            case 0 -> "no host by SSH";
            case 1 -> lab.hosts().getFirst().node() + " by SSH";
            default -> String.join(", ", lab.hosts().stream().map(LabHost::node).toList()) + " by SSH";
        };
        return proxmox == null
                ? hosts
                : "Proxmox at "
                        + String.join(
                                ", ",
                                proxmox.doors().stream()
                                        .map(d -> d.url().getAuthority())
                                        .toList())
                        + ", " + hosts;
    }
}
