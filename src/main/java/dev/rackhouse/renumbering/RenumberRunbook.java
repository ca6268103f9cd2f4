package dev.rackhouse.renumbering;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.ProbeScript;
import dev.rackhouse.passthrough.GuestChange;
import dev.rackhouse.proxmox.PvePath;
import dev.rackhouse.renumbering.RenumberPlan.FileChange;
import dev.rackhouse.renumbering.RenumberPlan.MappingChange;
import dev.rackhouse.runbook.Binding;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Command.Wait;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Locks;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.RetryPolicy;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Step;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Makes resource mappings, raw addresses of guests, and our own files follow devices that moved. Undo restores what was recorded. */
@Component
public class RenumberRunbook implements Runbook<RenumberPlan> {

    private static final String PLACE = """
            R=${R:-}; a="$R/var/backups/rackhouse"; b="$a/renumber-{run.mark}"
            """;
    private static final String SAVE = PLACE + """
            umask 077
            mkdir -p "$b" && cp -a "$R"/boot/initrd.img-* "$b/"
            """;
    private static final String PUT_BACK = PLACE + """
            [ -d "$b" ] || exit 0
            for f in "$b"/initrd.img-*; do
              [ -e "$f" ] || continue
              cp -a "$f" "$R/boot/.rackhouse-back" && mv -f "$R/boot/.rackhouse-back" "$R/boot/${f##*/}" || exit 1
            done
            if [ -s "$R/etc/kernel/proxmox-boot-uuids" ]; then proxmox-boot-tool refresh || exit 1; fi
            """;
    private static final String FORGET = PLACE + """
            rm -rf "$b"
            [ ! -d "$a" ] || rmdir --ignore-fail-on-non-empty "$a"
            """;

    public static final String NAME = "renumber";

    private static final Duration SOON = Duration.ofSeconds(20);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "Renumber devices";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Class<RenumberPlan> plan() {
        return RenumberPlan.class;
    }

    @Override
    public Outline outline(RenumberPlan plan) {
        Outline outline = Outline.titled("Renumber devices on %s", plan.node().node())
                .target(plan.node().node())
                .locks(locks(plan));
        for (String note : notes(plan)) {
            outline = outline.note(note);
        }
        outline = outline.check("The devices are where the plan says", devices(plan));
        for (VmId vmid : plan.stopped()) {
            outline = outline.check(
                    "VM " + vmid + " is stopped",
                    Check.that(
                            ApiCall.get(
                                    plan.node().lab(),
                                    PvePath.of("nodes", plan.node().node(), "qemu", vmid, "status", "current")),
                            Conditions.jsonEquals("/status", "stopped")));
        }
        for (int i = 0; i < plan.mappings().size(); i++) {
            outline = mapping(outline, plan, plan.mappings().get(i), i);
        }
        for (GuestChange guest : plan.guests()) {
            outline = guest.addTo(outline, "guest-" + guest.vmid(), "Name the new addresses in VM " + guest.vmid());
        }
        outline = files(outline, plan);
        return plan.mappings().isEmpty()
                ? outline
                : outline.confirm("Proxmox finds that the mappings fit the hardware", fits(plan), SOON);
    }

    /** The node that an outline of ours is about. */
    static Optional<NodeRef> nodeOf(Outline outline) {
        return outline.steps().stream()
                .map(Step::command)
                .flatMap(c -> c instanceof Wait wait
                                && wait.until().check().read() instanceof Shell shell
                                && shell.host() instanceof Host.Node node
                        ? Stream.of(node.node())
                        : Stream.empty())
                .findFirst();
    }

    private static Check devices(RenumberPlan plan) {
        return Check.that(
                new Shell(new Host.Node(plan.node()), ProbeScript.text(), Duration.ofSeconds(60)),
                Condition.of(DevicesStandAt.NAME, "devices", String.join(" ", plan.present())));
    }

    private static Outline mapping(Outline outline, RenumberPlan plan, MappingChange mapping, int number) {
        String digest = "mapping." + number + ".digest";
        String undoDigest = "mapping." + number + ".undo.digest";
        return outline.check(
                        "Mapping " + mapping.id() + " is as it was when this was planned",
                        is(plan, mapping.id(), mapping.before()).binding(Binding.at(digest, "/digest")))
                .step(
                        "mapping-" + mapping.id(),
                        "Let mapping " + mapping.id() + " name its device again",
                        put(plan, mapping.id(), mapping.after(), digest))
                .unless(is(plan, mapping.id(), mapping.after()))
                .confirm(is(plan, mapping.id(), mapping.after()), SOON)
                .retry(RetryPolicy.never())
                .undo(Undo.by(
                                "Put mapping " + mapping.id() + " back",
                                put(plan, mapping.id(), mapping.before(), undoDigest))
                        .onlyIf(is(plan, mapping.id(), mapping.after()).binding(Binding.at(undoDigest, "/digest")))
                        .confirm(is(plan, mapping.id(), mapping.before()), SOON));
    }

    private static Check is(RenumberPlan plan, String id, List<String> entries) {
        return Check.that(
                ApiCall.get(plan.node().lab(), path(id)),
                Condition.of(MappingEntriesAre.NAME, "entries", String.join("\n", entries)));
    }

    private static ApiCall put(RenumberPlan plan, String id, List<String> entries, String digest) {
        ApiCall call = ApiCall.put(plan.node().lab(), path(id)).with("digest", "{" + digest + "}");
        for (String entry : entries) {
            call = call.with("map", entry);
        }
        return call;
    }

    private static String path(String id) {
        return PvePath.of("cluster", "mapping", "pci", id);
    }

    private static Check fits(RenumberPlan plan) {
        return Check.that(
                ApiCall.get(plan.node().lab(), "/cluster/mapping/pci")
                        .with("check-node", plan.node().node()),
                Condition.of(
                        MappingsFitHardware.NAME,
                        "mappings",
                        String.join(
                                " ",
                                plan.mappings().stream().map(MappingChange::id).toList())));
    }

    /** The saved initramfs goes back as it was: one made anew would hold whatever else changed on the disk since it was made. */
    private static Outline files(Outline outline, RenumberPlan plan) {
        if (plan.files().isEmpty()) {
            return outline;
        }
        Host host = new Host.Node(plan.node());
        Outline grown = outline.step("Save the initramfs", shell(host, SAVE))
                .undo(
                        Undo.by("Put the saved initramfs back", shell(host, PUT_BACK)),
                        Undo.by("Remove the saved copy", shell(host, FORGET)));
        for (FileChange file : plan.files()) {
            FileEdit edit = new FileEdit(host, file.path(), file.before(), file.after(), "root:root", "0644");
            grown = grown.step("file-" + file.path(), "Name the new addresses in " + file.path(), edit)
                    .undo(edit.reversed());
        }
        return grown.step("Make the initramfs again", shell(host, "update-initramfs -u -k all"))
                .limit(Duration.ofMinutes(12))
                .usually(Duration.ofMinutes(1));
    }

    private static Shell shell(Host host, String script) {
        return new Shell(host, script, Duration.ofMinutes(10));
    }

    private static String[] locks(RenumberPlan plan) {
        List<String> locks = new ArrayList<>();
        locks.add(Locks.node(plan.node()));
        plan.stopped()
                .forEach(vmid -> locks.add(Locks.guest(new GuestRef(plan.node().lab(), vmid))));
        return locks.toArray(String[]::new);
    }

    private static List<String> notes(RenumberPlan plan) {
        List<String> notes = new ArrayList<>(plan.moves());
        notes.addAll(plan.left());
        notes.add(
                "No guest is started or stopped. When all is done, the layout of today is the accepted one; after an undo, the one before is.");
        return notes;
    }
}
