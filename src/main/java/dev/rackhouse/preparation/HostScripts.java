package dev.rackhouse.preparation;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.fact.ProbeScript;
import dev.rackhouse.preparation.PreparationPlan.Edit;
import dev.rackhouse.preparation.PreparationPlan.PlannedGuest;
import dev.rackhouse.proxmox.PvePath;
import dev.rackhouse.runbook.Binding;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The literal scripts, calls and conditions of one preparation. {@code R} is the root prefix of the pretend labs, empty on real hosts.
 * Scripts only run commands; every file that they leave is a copy made by cp, or was written as an edit of its own.
 */
final class HostScripts {

    static final String BACKUP = "/var/backups/rackhouse/{run.mark}";
    static final String BOOT = "{host.boot}";

    private static final Duration LOOK = Duration.ofSeconds(60);
    private static final String ROOT = "R=${R:-}; b=$R" + BACKUP + "\n";

    private final PreparationPlan plan;
    private final NodeRef ref;
    private final Host host;

    HostScripts(PreparationPlan plan) {
        this.plan = plan;
        this.ref = plan.node();
        this.host = new Host.Node(plan.node());
    }

    private Shell look(String script) {
        return new Shell(host, "R=${R:-}\n" + script, LOOK);
    }

    // -- before anything is done

    Check asPlanned() {
        return Check.that(asFound(true), asNoted())
                .and(Condition.of(BootFilesCanBeWritten.NAME, "freeMiB", plan.initramfs() ? "150" : "10"))
                .binding(Binding.matching("host.boot", "(?m)^boot (" + Binding.UUID + ")$")
                        .of(Binding.UUID));
    }

    private Condition asNoted() {
        return Condition.of(
                HostAsNoted.NAME,
                "files",
                plan.edits().stream().map(HostScripts::noted).collect(Collectors.joining("\n")),
                "cmdline",
                plan.cmdline());
    }

    /** What {@link #asFound} prints for a file as it was before. */
    static String noted(Edit edit) {
        String before = edit.before();
        return before == null
                ? "absent " + edit.path()
                : "file " + edit.path() + " " + edit.owner() + " " + Integer.toOctalString(Integer.parseInt(edit.mode(), 8))
                        + " " + HostFile.sha256(before);
    }

    private Shell asFound(boolean room) {
        String paths = plan.edits().stream().map(Edit::path).collect(Collectors.joining(" "));
        String files = """
                for p in %s; do
                  if [ -e "$R$p" ]; then echo "file $p $(stat -L -c '%%u:%%g %%a' "$R$p") $(sha256sum "$R$p" | cut -d' ' -f1)"
                  else echo "absent $p"; fi
                done
                echo "cmdline $(cat "$R/proc/cmdline")"
                echo "boot $(cat "$R/proc/sys/kernel/random/boot_id")"
                """.formatted(paths);
        return look(room ? files + ROOM : files);
    }

    /** Where boot files lie, and who else writes there now: dpkg and vzdump hold locks that the kernel lists by inode. */
    private static final String ROOM = """
            for p in /boot /boot/efi /var; do
              [ -d "$R$p" ] && echo "room $p $(df -Pk "$R$p" | tail -n 1 | tr -s ' ' | cut -d' ' -f4)"
            done
            [ -w "$R/boot" ] && echo "writable /boot"
            for p in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /run/vzdump.lock; do
              i=$(stat -c %i "$R$p" 2>/dev/null) && grep -q ":$i " "$R/proc/locks" 2>/dev/null && echo "busy $p"
            done
            echo end
            """;

    Check nothingUnderWay() {
        return Check.that(
                tasks(),
                Conditions.listLacks("", "type", "vzdump"),
                Conditions.listLacks("", "type", "qmigrate"),
                Conditions.listLacks("", "type", "vzmigrate"),
                Conditions.listLacks("", "type", "aptupdate"));
    }

    private ApiCall tasks() {
        return ApiCall.get(ref.lab(), PvePath.of("nodes", ref.node(), "tasks")).with("source", "active");
    }

    // -- the copies, and what is put back

    /** Boot files too: they may be older than what they are made from, and then cannot be made again as they are. */
    Shell save() {
        List<String> there = new ArrayList<>(
                plan.edits().stream().filter(e -> e.before() != null).map(e -> "." + e.path()).toList());
        if (plan.initramfs()) {
            there.add("./boot/initrd.img-*");
        }
        if (plan.boot().grub()) {
            there.add("./boot/grub/grub.cfg");
        }
        String copies = there.isEmpty()
                ? ""
                : "cd \"$R/\" && cp -a --parents " + String.join(" ", there) + " \"$b/files/\"\n";
        return new Shell(host, ROOT + "umask 077\nmkdir -p \"$b/files\" || exit 1\n" + copies, Duration.ofMinutes(5));
    }

    FileEdit manifest() {
        return new FileEdit(
                host,
                BACKUP + "/manifest",
                null,
                plan.edits().stream().map(HostScripts::noted).collect(Collectors.joining("\n", "", "\n")),
                "root:root",
                "0600");
    }

    Shell removeCopies() {
        List<String> ours =
                plan.folders().stream().filter(f -> f.startsWith("/var/backups")).toList();
        return new Shell(
                host,
                ROOT + "rm -rf \"$b\"\n[ ! -e \"$b\" ] || exit 1\n"
                        + (ours.isEmpty() ? "" : removeFolders(ours).script()),
                Duration.ofMinutes(1));
    }

    Shell makeFolders(List<String> folders) {
        return new Shell(
                host,
                "R=${R:-}\numask 022\nfor p in %s; do mkdir -p \"$R$p\" || exit 1; done\n"
                        .formatted(String.join(" ", folders)),
                Duration.ofMinutes(1));
    }

    Shell removeFolders(List<String> folders) {
        return new Shell(
                host,
                "R=${R:-}\nfor p in %s; do [ ! -d \"$R$p\" ] || rmdir --ignore-fail-on-non-empty \"$R$p\"; done\n"
                        .formatted(String.join(" ", folders.reversed())),
                Duration.ofMinutes(1));
    }

    FileEdit edit(Edit edit) {
        return new FileEdit(host, edit.path(), edit.before(), edit.after(), edit.owner(), edit.mode());
    }

    // -- the boot files

    Check wellFormed() {
        List<String> shells = plan.edits().stream()
                .map(Edit::path)
                .filter(p -> p.equals(HostFiles.GRUB) || p.equals(EarlyBinding.SCRIPT))
                .toList();
        StringBuilder script = new StringBuilder();
        shells.forEach(p -> script.append("sh -n \"$R").append(p).append("\" || exit 1\n"));
        script.append("modprobe --showconfig >/dev/null || exit 1\n");
        return Check.that(look(script.toString()), Conditions.exitZero());
    }

    boolean writesBootFiles() {
        return plan.initramfs() || plan.boot() != PreparationPlan.BootFiles.NONE;
    }

    /** The first mark tells an undo that the boot files are not as they were, the second what was written after us. */
    Shell writeBootFiles() {
        String bootId = "cp \"$R/proc/sys/kernel/random/boot_id\" ";
        return new Shell(
                host,
                ROOT + bootId + "\"$b/boot-files-written\" || exit 1\n" + refresh() + bootId
                        + "\"$b/boot-files-are-ours\"\n",
                Duration.ofMinutes(20));
    }

    private String refresh() {
        List<String> commands = new ArrayList<>();
        if (plan.initramfs()) {
            commands.add("update-initramfs -u -k all || exit 1");
        }
        if (plan.boot().grub()) {
            commands.add("update-grub || exit 1");
            commands.add("grub-script-check \"$R/boot/grub/grub.cfg\" || exit 1");
        }
        if (plan.boot().systemdBoot()) {
            commands.add("proxmox-boot-tool refresh || exit 1");
        }
        return String.join("\n", commands) + "\n";
    }

    /** An ESP of proxmox-boot-tool is mounted by that tool alone: there only its own success is known before the boot. */
    boolean provesBootFiles() {
        return plan.boot().grub() && !plan.words().isEmpty() || claimsEarly();
    }

    boolean claimsEarly() {
        return plan.edits().stream().anyMatch(e -> e.path().equals(EarlyBinding.SCRIPT) && e.after() != null);
    }

    Check bootFilesCarryIt() {
        StringBuilder script = new StringBuilder();
        if (plan.boot().grub()) {
            script.append("grep -E '^[[:space:]]*linux[[:space:]]' \"$R/boot/grub/grub.cfg\"\n");
        }
        if (claimsEarly()) {
            script.append("for f in \"$R\"/boot/initrd.img-*; do\n  [ -e \"$R/boot/vmlinuz-${f##*/initrd.img-}\" ] || continue\n")
                    .append("  echo \"initrd $(lsinitramfs \"$f\" | grep -c ")
                    .append(EarlyBinding.SCRIPT.substring("/etc/initramfs-tools/".length()))
                    .append(") ${f##*/}\"\ndone\n");
        }
        script.append("echo end\n");
        return Check.that(
                look(script.toString()),
                Condition.of(
                        BootFilesCarry.NAME,
                        "words",
                        plan.boot().grub() ? String.join(" ", plan.words()) : "",
                        "script",
                        claimsEarly() ? "1" : "0"));
    }

    Shell writeBootFilesBack() {
        return new Shell(
                host,
                ROOT + putBootFilesBack(plan)
                        + "cp \"$R/proc/sys/kernel/random/boot_id\" \"$b/put-back-in\" || exit 1\n",
                Duration.ofMinutes(20));
    }

    /**
     * The saved boot files, byte for byte; one that somebody else has written since, or that came later, is made anew instead, so that
     * what they brought stays. Needs R and b.
     */
    static String putBootFilesBack(PreparationPlan plan) {
        StringBuilder script = new StringBuilder();
        script.append("""
                theirs() { [ -e "$b/boot-files-are-ours" ] && [ "$1" -nt "$b/boot-files-are-ours" ]; }
                back() { cp -a "$b/files$1" "$R/boot/.rackhouse-back" && mv -f "$R/boot/.rackhouse-back" "$R$1"; }
                """);
        if (plan.initramfs()) {
            script.append("""
                    for f in "$R"/boot/initrd.img-*; do
                      k=${f##*/initrd.img-}
                      if [ -e "$b/files/boot/initrd.img-$k" ] && ! theirs "$f"; then back "/boot/initrd.img-$k" || exit 1
                      elif [ -e "$R/boot/vmlinuz-$k" ]; then update-initramfs -u -k "$k" || exit 1; fi
                    done
                    """);
        }
        if (plan.boot().grub()) {
            script.append("""
                    if theirs "$R/boot/grub/grub.cfg"; then update-grub || exit 1; else back /boot/grub/grub.cfg || exit 1; fi
                    """);
        }
        script.append("""
                if [ -s "$R/etc/kernel/proxmox-boot-uuids" ]; then proxmox-boot-tool refresh || exit 1; fi
                """);
        return script.toString();
    }

    /** How far going back has come; the switch on the host leaves the same mark as our own undo. */
    private Shell standing() {
        return new Shell(
                host,
                ROOT + """
                        now=$(cat "$R/proc/sys/kernel/random/boot_id")
                        if [ ! -e "$b/boot-files-written" ]; then echo untouched
                        elif [ ! -e "$b/put-back-in" ]; then echo written
                        elif [ "$now" = "%s" ] || [ "$now" != "$(cat "$b/put-back-in")" ]; then echo booted
                        else echo put-back; fi
                        """.formatted(BOOT),
                LOOK);
    }

    Check bootFilesAreBack() {
        return Check.that(standing(), Conditions.outputMatches("^(untouched|booted|put-back)$"));
    }

    Check bootedFromPriorFiles() {
        return Check.that(standing(), Conditions.outputMatches("^(untouched|booted)$"));
    }

    Check asBefore() {
        return Check.that(asFound(false), asNoted());
    }

    // -- the reboot

    Shell reboot() {
        return new Shell(host, "systemctl reboot\n", Duration.ofMinutes(1));
    }

    Check bootedAnew() {
        return Check.that(
                look("cat \"$R/proc/sys/kernel/random/boot_id\"\n"),
                Conditions.outputMatches(Binding.UUID),
                Conditions.outputLacks(BOOT));
    }

    Check prepared() {
        return Check.that(
                new Shell(host, ProbeScript.text(), LOOK),
                Condition.of(
                        HostPrepared.NAME,
                        "words",
                        String.join(" ", plan.words()),
                        "early",
                        functions(plan.early()),
                        "keeps",
                        functions(plan.keeps()),
                        "interfaces",
                        String.join(" ", plan.interfaces()),
                        "addresses",
                        String.join("\n", plan.addresses()),
                        "pools",
                        String.join("\n", plan.pools()),
                        "remapped",
                        plan.remapped() ? "1" : "0",
                        "iommu",
                        plan.iommu() ? "1" : "0",
                        "pages",
                        plan.pages() == null
                                ? ""
                                : plan.pages().sizeMiB() + "x" + plan.pages().count()));
    }

    private static String functions(List<PreparationPlan.Function> functions) {
        return functions.stream()
                .map(f -> f.address() + "=" + f.ids() + "=" + f.driver())
                .collect(Collectors.joining(" "));
    }

    // -- guests

    ApiCall shutDown(PlannedGuest guest) {
        return ApiCall.post(ref.lab(), path(guest) + "/status/shutdown").with("timeout", 180);
    }

    ApiCall start(PlannedGuest guest) {
        return ApiCall.post(ref.lab(), path(guest) + "/status/start");
    }

    Check is(PlannedGuest guest, String status) {
        return Check.that(
                ApiCall.get(ref.lab(), path(guest) + "/status/current"), Conditions.jsonEquals("/status", status));
    }

    Check noneRuns(String kind) {
        return Check.that(
                ApiCall.get(ref.lab(), PvePath.of("nodes", ref.node(), kind)),
                Conditions.listLacks("", "status", "running"));
    }

    /** Proxmox starts guests at boot by this service; it is active when all were started. */
    Check autostartIsOver() {
        return Check.that(
                look("systemctl is-active pve-guests.service || true\n"), Conditions.outputMatches("^(active|failed)$"));
    }

    private String path(PlannedGuest guest) {
        return PvePath.of("nodes", ref.node(), guest.kind(), Integer.toString(guest.vmid()));
    }

    Host host() {
        return host;
    }
}
