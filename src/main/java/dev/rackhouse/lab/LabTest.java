package dev.rackhouse.lab;

import dev.rackhouse.base.Verdict;
import dev.rackhouse.proxmox.PveVersion;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a test of a lab found.
 *
 * @param version of the Proxmox server, when it answered
 */
public record LabTest(Instant at, @Nullable PveVersion version, List<Finding> findings) {

    /**
     * One thing that was tried.
     *
     * @param subject {@code Proxmox}, a role's name, or a host
     * @param what what was tried: {@code Certificate}, {@code VM.Allocate on /vms}
     * @param level ok, attention (works without it, with less), critical (does not work), unknown (could not be tried)
     * @param found what came back
     * @param remedy what to do; empty when all is well. May have several lines, to be pasted.
     */
    public record Finding(String subject, String what, Verdict.Level level, String found, String remedy) {}

    public LabTest {
        findings = List.copyOf(findings);
    }

    /** Whether the console can at least look at everything it was given. */
    public boolean usable() {
        return findings.stream().noneMatch(f -> f.level() == Verdict.Level.CRITICAL);
    }

    /** Subjects in the order in which they were tested. */
    public List<String> subjects() {
        return findings.stream().map(Finding::subject).distinct().toList();
    }

    public List<Finding> of(String subject) {
        return findings.stream().filter(f -> f.subject().equals(subject)).toList();
    }

    /** Roles of which nothing is missing. */
    public Set<RackhouseRole> rolesGranted() {
        Set<RackhouseRole> granted = new TreeSet<>();
        for (RackhouseRole role : RackhouseRole.values()) {
            List<Finding> tested = of(role.roleId());
            if (!tested.isEmpty() && tested.stream().allMatch(f -> f.level() == Verdict.Level.OK)) {
                granted.add(role);
            }
        }
        return granted;
    }
}
