package dev.rackhouse.preparation;

import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.preparation.PreparationPlan.BootFiles;
import dev.rackhouse.preparation.PreparationPlan.Edit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The files that a draft changes, with their new content; and why one cannot be changed. Pure. */
final class FileSet {

    private static final String ROOT = "0:0";

    private final PreparationDraft draft;
    private final HostFacts facts;
    private final HostFiles files;
    private final Map<String, String> after = new LinkedHashMap<>();
    private final List<Finding> problems = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private final List<PciFunction> early;
    private BootFiles boot = BootFiles.NONE;

    private FileSet(PreparationDraft draft, PreparationSite site) {
        this.draft = draft;
        this.facts = site.facts();
        this.files = site.files();
        this.early = facts.functions().stream()
                .filter(f -> draft.early().contains(f.slot()) && f.passable() && !f.virtualFunction())
                .toList();
    }

    static FileSet of(PreparationDraft draft, PreparationSite site) {
        FileSet set = new FileSet(draft, site);
        set.cleanUps();
        set.kernelWords();
        set.earlyBinding();
        return set;
    }

    /** The edits, only those that change something, in the order in which they are made. */
    List<Edit> edits() {
        List<Edit> edits = new ArrayList<>();
        after.forEach((path, text) -> {
            Optional<HostFile> there = files.find(path);
            String before = there.map(HostFile::content).orElse(null);
            if (!text.equals(before)) {
                edits.add(new Edit(
                        path,
                        before,
                        text,
                        there.map(HostFile::owner).orElse(ROOT),
                        there.map(HostFile::mode).orElse(path.equals(EarlyBinding.SCRIPT) ? "0755" : "0644")));
            }
        });
        return edits;
    }

    /** Folders that are missing, outermost first. */
    List<String> missingFolders() {
        return edits().stream()
                .map(e -> e.path().substring(0, e.path().lastIndexOf('/')))
                .flatMap(FileSet::withParents)
                .distinct()
                .filter(f -> HostLook.FOLDERS.contains(f) && !files.folders().contains(f))
                .sorted()
                .toList();
    }

    List<Finding> problems() {
        return List.copyOf(problems);
    }

    /** Words that the kernel must be started with. */
    List<String> words() {
        return List.copyOf(words);
    }

    List<PciFunction> early() {
        return early;
    }

    /** Whose files must be written anew because a word changes. */
    BootFiles boot() {
        return boot;
    }

    boolean initramfs() {
        return edits().stream()
                .anyMatch(e -> e.path().startsWith("/etc/initramfs-tools/")
                        || e.path().startsWith("/etc/modprobe.d/"));
    }

    private static java.util.stream.Stream<String> withParents(String folder) {
        List<String> all = new ArrayList<>();
        for (String f = folder; f.lastIndexOf('/') > 0; f = f.substring(0, f.lastIndexOf('/'))) {
            all.add(f);
        }
        return all.stream();
    }

    private void cleanUps() {
        if (draft.strayLine() && files.find(HostFiles.GRUB).isPresent()) {
            edit(HostFiles.GRUB, GrubDefaults.withoutStrayLines(text(HostFiles.GRUB)));
        }
        if (draft.virqfdLine() && facts.kernelAtLeast(6, 2)) {
            List<HostFile> lists = new ArrayList<>(files.in("/etc/modules-load.d/"));
            files.find(HostFiles.MODULES).ifPresent(lists::add);
            for (HostFile list : lists) {
                edit(list.path(), ModuleLists.withoutLine(text(list.path()), "vfio_virqfd"));
            }
        }
    }

    private void kernelWords() {
        List<String> wanted = new ArrayList<>();
        if (draft.iommu() && !facts.iommuOn() && IommuSwitch.byWord(facts)) {
            wanted.add("intel_iommu=on");
        }
        if (draft.identity()) {
            wanted.add("iommu=pt");
        }
        Hugepages pages = draft.pages();
        if (pages != null) {
            wanted.addAll(pages.words());
        }
        if (!facts.kernelAtLeast(6, 0) && early.stream().anyMatch(this::holdsFramebuffer)) {
            wanted.add("initcall_blacklist=sysfb_init");
        }
        if (wanted.isEmpty()) {
            return;
        }
        BootFiles path = BootPath.of(facts);
        if (path.grub()) {
            grub(wanted);
        }
        if (path.systemdBoot()) {
            cmdline(wanted, path == BootFiles.SYSTEMD_BOOT);
        }
        boolean changed = after.entrySet().stream()
                .anyMatch(e -> (e.getKey().equals(HostFiles.GRUB) || e.getKey().equals(HostFiles.CMDLINE))
                        && !e.getValue().equals(files.text(e.getKey())));
        boolean shown = facts.kernelWords().containsAll(wanted);
        if (changed || !shown) {
            boot = path;
            words.addAll(wanted);
        }
    }

    private void grub(List<String> wanted) {
        files.in("/etc/default/grub.d/").stream()
                .filter(f -> GrubDefaults.overrides(f.content()))
                .findFirst()
                .ifPresent(f -> problems.add(Found.blocker(
                        "files.grub-d",
                        f.path() + " sets " + GrubDefaults.NAME
                                + " anew, so what is written into /etc/default/grub would never reach the kernel.",
                        "Move its words into /etc/default/grub and remove the line there.",
                        f.content().lines().limit(5).toArray(String[]::new))));
        refused(HostFiles.GRUB);
        switch (GrubDefaults.withWords(text(HostFiles.GRUB), wanted)) {
            case GrubDefaults.Edit.Edited(String text) -> edit(HostFiles.GRUB, text);
            case GrubDefaults.Edit.Refused(String sentence) ->
                problems.add(Found.blocker(
                        "files.grub", sentence, "Edit " + HostFiles.GRUB + " by hand, then read the host again."));
        }
    }

    private void cmdline(List<String> wanted, boolean needed) {
        refused(HostFiles.CMDLINE);
        String text = text(HostFiles.CMDLINE);
        String first = text.lines().findFirst().orElse("");
        if (first.isBlank()) {
            if (needed) {
                problems.add(Found.blocker(
                        "files.cmdline",
                        HostFiles.CMDLINE + " is missing or empty, and the boot loader takes the kernel's words from it.",
                        "Write the words of /proc/cmdline into it, without initrd=, then read the host again."));
            }
            return;
        }
        edit(HostFiles.CMDLINE, KernelWords.with(first, wanted) + text.substring(first.length()));
    }

    private void earlyBinding() {
        if (early.isEmpty()) {
            return;
        }
        for (String path : List.of(
                EarlyBinding.SCRIPT, EarlyBinding.UDEV, EarlyBinding.MODPROBE, EarlyBinding.MODULES_LOAD)) {
            refused(path);
            if (files.find(path).isPresent() && !files.text(path).contains(EarlyBinding.HEAD)) {
                problems.add(Found.blocker(
                        "files.name",
                        path + " is there and was not written by this console.",
                        "Give that file another name."));
            }
        }
        refused(HostFiles.INITRAMFS_MODULES);
        EarlyBinding binding = EarlyBinding.in(files).with(early);
        Set<PciSlot> slots =
                binding.claims().keySet().stream().map(a -> a.slot()).collect(Collectors.toSet());
        List<PciFunction> all = facts.functions().stream()
                .filter(f -> slots.contains(f.slot()) && f.passable())
                .toList();
        edit(EarlyBinding.SCRIPT, binding.initramfsScript());
        edit(EarlyBinding.UDEV, binding.udevRules());
        edit(EarlyBinding.MODPROBE, EarlyBinding.modprobeOptions(EarlyBinding.competitors(all)));
        edit(HostFiles.INITRAMFS_MODULES, ModuleLists.withLine(text(HostFiles.INITRAMFS_MODULES), "vfio-pci"));
        Set<String> there = ModuleLists.loadedAtBoot(files);
        List<String> missing = ModuleLists.needed(facts.kernelAtLeast(6, 2)).stream()
                .filter(m -> !there.contains(m))
                .toList();
        if (!missing.isEmpty()) {
            edit(EarlyBinding.MODULES_LOAD, ModuleLists.file(missing));
        }
    }

    private boolean holdsFramebuffer(PciFunction f) {
        return Boolean.TRUE.equals(f.bootVga())
                || facts.framebuffers().stream()
                        .anyMatch(b -> Objects.equals(b.function(), f.address()));
    }

    private void refused(String path) {
        files.refusal(path)
                .filter(why -> problems.stream().noneMatch(p -> p.text().equals(why)))
                .ifPresent(why -> problems.add(Found.blocker("files.unreadable", why, "Look at the file on the host.")));
    }

    private String text(String path) {
        String edited = after.get(path);
        return edited == null ? files.text(path) : edited;
    }

    private void edit(String path, @Nullable String text) {
        if (text != null) {
            after.put(path, text);
        }
    }
}
