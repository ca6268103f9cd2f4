package dev.rackhouse.lab;

import dev.rackhouse.proxmox.ApiToken;
import dev.rackhouse.proxmox.PveVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * The roles that the console asks an admin of Proxmox to make, smallest first. Privileges as Proxmox 9 spells them; {@link
 * PveVersion#privileges} translates for 8.
 */
public enum RackhouseRole {
    READ(
            "RackhouseRead",
            "See everything; nothing can be changed",
            "/",
            "Datastore.Audit",
            "Mapping.Audit",
            "Pool.Audit",
            "SDN.Audit",
            "Sys.Audit",
            "VM.Audit",
            "VM.GuestAgent.Audit"),
    OPERATE(
            "RackhouseOperate",
            "Create passthrough VMs from existing mappings, power, snapshots, backups",
            "/",
            "Datastore.AllocateSpace",
            "Datastore.AllocateTemplate",
            "Datastore.Audit",
            "Mapping.Audit",
            "Mapping.Use",
            "Pool.Audit",
            "SDN.Audit",
            "SDN.Use",
            "Sys.Audit",
            "VM.Allocate",
            "VM.Audit",
            "VM.Backup",
            "VM.Clone",
            "VM.Config.CDROM",
            "VM.Config.CPU",
            "VM.Config.Cloudinit",
            "VM.Config.Disk",
            "VM.Config.HWType",
            "VM.Config.Memory",
            "VM.Config.Network",
            "VM.Config.Options",
            "VM.Console",
            "VM.GuestAgent.Audit",
            "VM.GuestAgent.FileRead",
            "VM.GuestAgent.FileSystemMgmt",
            "VM.GuestAgent.FileWrite",
            "VM.GuestAgent.Unrestricted",
            "VM.Migrate",
            "VM.PowerMgmt",
            "VM.Snapshot",
            "VM.Snapshot.Rollback"),
    MAPPING(
            "RackhouseMapping",
            "Create and repair PCI mappings",
            "/mapping",
            "Mapping.Audit",
            "Mapping.Modify",
            "Mapping.Use"),
    HOST(
            "RackhouseHost",
            "Download images by URL, backup jobs, network staging, reboot; leave away what you do not want",
            "/",
            "Datastore.Allocate",
            "Sys.AccessNetwork",
            "Sys.Modify",
            "Sys.PowerMgmt");

    private final String roleId;
    private final String purpose;
    private final String path;
    private final List<String> privileges;

    RackhouseRole(String roleId, String purpose, String path, String... privileges) {
        this.roleId = roleId;
        this.purpose = purpose;
        this.path = path;
        this.privileges = List.of(privileges);
    }

    /** As Proxmox knows it: {@code RackhouseRead}. */
    public String roleId() {
        return roleId;
    }

    /** What it is for. */
    public String purpose() {
        return purpose;
    }

    /** Where it is granted, flowing down. */
    public String path() {
        return path;
    }

    /** What it holds, as this version spells it. */
    public SortedSet<String> privileges(PveVersion version) {
        return version.privileges(privileges);
    }

    /**
     * Lines for a root shell of Proxmox that make the roles, the user and its token and grant both what they need: a token never
     * may more than its user. The line that adds the token prints its secret, once.
     *
     * @param version how the server spells privileges
     */
    public static List<String> pveumLines(PveVersion version, ApiToken token, Collection<RackhouseRole> roles) {
        List<String> lines = new ArrayList<>();
        for (RackhouseRole role : values()) {
            if (roles.contains(role)) {
                lines.add("pveum role add " + role.roleId + " --privs \"" + String.join(" ", role.privileges(version))
                        + "\"");
            }
        }
        lines.add("pveum user add " + quoted(token.user()));
        lines.add("pveum user token add " + quoted(token.user()) + " " + quoted(token.name()) + " --privsep 1");
        lines.addAll(grants(token, roles));
        return lines;
    }

    private static List<String> grants(ApiToken token, Collection<RackhouseRole> roles) {
        Map<String, List<String>> byPath = new LinkedHashMap<>();
        for (RackhouseRole role : values()) {
            if (roles.contains(role)) {
                byPath.computeIfAbsent(role.path, p -> new ArrayList<>()).add(role.roleId);
            }
        }
        List<String> lines = new ArrayList<>();
        byPath.forEach((path, ids) -> {
            String joined = String.join(",", ids);
            lines.add("pveum acl modify " + path + " --users " + quoted(token.user()) + " --roles " + joined);
            lines.add("pveum acl modify " + path + " --tokens " + quoted(token.id()) + " --roles " + joined);
        });
        return lines;
    }

    /** The lines that repair one role that lacks something: its privileges anew, and its grants. */
    public List<String> repairLines(PveVersion version, ApiToken token) {
        List<String> lines = new ArrayList<>();
        lines.add("pveum role modify " + roleId + " --privs \"" + String.join(" ", privileges(version)) + "\"");
        lines.addAll(grants(token, List.of(this)));
        return lines;
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9@._-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
