package dev.rackhouse.proxmox;

import java.util.Comparator;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of a Proxmox VE server, and the only place that knows what differs between 7, 8 and 9 (pve-api notes, section 23).
 * 7 is only read; unknown parameters are refused with 400 by every version, so ask here before sending one.
 */
public record PveVersion(int major, int minor, int patch) implements Comparable<PveVersion> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,4})(?:\\.(\\d{1,4}))?(?:[.-](\\d{1,4}))?.*");
    private static final Comparator<PveVersion> ORDER = Comparator.comparingInt(PveVersion::major)
            .thenComparingInt(PveVersion::minor)
            .thenComparingInt(PveVersion::patch);

    /**
     * Reads {@code 9.2.11}, {@code 8.4}, {@code 7.4-3}, {@code pve-manager/9.2.11/14a22df35955d97d}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static PveVersion parse(String text) {
        Matcher m = FORM.matcher(text.strip().replaceFirst("^pve-manager/", ""));
        if (!m.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no version of Proxmox VE");
        }
        return new PveVersion(number(m.group(1)), number(m.group(2)), number(m.group(3)));
    }

    private static int number(@org.jspecify.annotations.Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    /** Whether it is this release or a newer one. */
    public boolean since(int major, int minor) {
        return ORDER.compare(this, new PveVersion(major, minor, 0)) >= 0;
    }

    /** Whether the console changes things there: 8 and newer. */
    public boolean supported() {
        return since(8, 0);
    }

    /** Cluster-wide names for PCI devices, so that a token can pass a device: from 8.0. */
    public boolean knowsPciMappings() {
        return since(8, 0);
    }

    /** {@code live-migration-capable} of a mapping: from 8.4. */
    public boolean knowsLiveMigrationMappings() {
        return since(8, 4);
    }

    /** {@code driver=} of hostpci: from 9.0. */
    public boolean knowsHostPciDriver() {
        return since(9, 0);
    }

    /** {@code allow-ksm}: from 9.1. */
    public boolean knowsAllowKsm() {
        return since(9, 1);
    }

    /** Disk image files as content {@code import}: from 8.3. */
    public boolean knowsImportContent() {
        return since(8, 3);
    }

    /** {@code overrule-shutdown} of stop: from 8.2. */
    public boolean knowsOverruleShutdown() {
        return since(8, 2);
    }

    /** {@code ciupgrade}: from 8.0. */
    public boolean knowsCloudInitUpgrade() {
        return since(8, 0);
    }

    /** {@code memhost}, pressure values, one-minute history: from 9.0. */
    public boolean knowsHostMemoryOfGuests() {
        return since(9, 0);
    }

    /** VM.GuestAgent.* instead of VM.Monitor: from 9.0. */
    public boolean splitsGuestAgentPrivileges() {
        return since(9, 0);
    }

    /**
     * Privileges as this version spells them: 9.x names in, {@code VM.Monitor} for every {@code VM.GuestAgent.*} out on 8, since an
     * unknown privilege makes the whole role call fail; Mapping.* and SDN.Use are left out on 7, which lacks them.
     */
    public SortedSet<String> privileges(Iterable<String> ofNine) {
        SortedSet<String> spelled = new TreeSet<>();
        for (String privilege : ofNine) {
            if (privilege.startsWith("VM.GuestAgent.") && !splitsGuestAgentPrivileges()) {
                spelled.add("VM.Monitor");
            } else if ((privilege.startsWith("Mapping.") || privilege.equals("SDN.Use")) && !since(8, 0)) {
                continue;
            } else if (privilege.equals("Sys.AccessNetwork") && !since(8, 1)) {
                continue;
            } else {
                spelled.add(privilege);
            }
        }
        return spelled;
    }

    @Override
    public int compareTo(PveVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
