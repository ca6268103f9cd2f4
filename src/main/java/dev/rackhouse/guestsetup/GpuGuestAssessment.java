package dev.rackhouse.guestsetup;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.guestsetup.GpuGuestPlan.Card;
import dev.rackhouse.guestsetup.GpuGuestPlan.Part;
import dev.rackhouse.guestsetup.GpuGuestReadiness.Kind;
import dev.rackhouse.guestsetup.GpuGuestReadiness.Remark;
import dev.rackhouse.guestsetup.GuestFacts.SeenCard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides from a draft and from what was seen in the guest what the run will do, or why it cannot. Pure; used once. */
final class GpuGuestAssessment {

    /** Driver, Docker, toolkit and their archives, with some air. */
    private static final long NEEDED_KIB = 6L << 20;

    private final GpuGuestDraft draft;
    private final GuestFacts facts;
    private final GpuGuestSettings settings;
    private final List<Remark> remarks = new ArrayList<>();

    private GpuGuestAssessment(GpuGuestDraft draft, GuestFacts facts, GpuGuestSettings settings) {
        this.draft = draft;
        this.facts = facts;
        this.settings = settings;
    }

    static GpuGuestReadiness of(GpuGuestDraft draft, GuestFacts facts, GpuGuestSettings settings) {
        return new GpuGuestAssessment(draft, facts, settings).assess();
    }

    private GpuGuestReadiness assess() {
        access();
        system();
        boolean open = modules();
        otherDrivers(open);
        List<Card> cards = cards();
        Set<Part> parts = parts(cards);
        String config = dockerConfig();
        List<String> toHold = GpuGuestPlan.driverPackages(open).stream()
                .filter(name -> !facts.held().contains(name))
                .toList();
        boolean missing = !facts.packages().keySet().containsAll(GpuGuestPlan.driverPackages(open))
                || !facts.packages().containsKey("nvidia-container-toolkit");
        if (missing
                || config != null
                || !toHold.isEmpty()
                || !parts.isEmpty()
                || !facts.xids().isEmpty()) {
            parts.add(Part.RESTART);
        }
        space(missing || parts.contains(Part.DOCKER));
        state(parts);
        List<Remark> sorted =
                remarks.stream().sorted(Comparator.comparing(Remark::kind)).toList();
        if (sorted.stream().anyMatch(r -> r.kind() == Kind.BLOCKS)) {
            return new GpuGuestReadiness.Blocked(sorted);
        }
        boolean keepsRunning =
                facts.files().getOrDefault(SetupScripts.DAEMON, "").matches("(?s).*\"live-restore\"\\s*:\\s*true.*");
        return new GpuGuestReadiness.Ready(
                new GpuGuestPlan(
                        draft.guest(),
                        draft.node(),
                        draft.name(),
                        draft.user(),
                        draft.address(),
                        open,
                        cards,
                        parts,
                        toHold,
                        settings.repository(),
                        config,
                        draft.image(),
                        before(),
                        facts.is("cdi_file"),
                        facts.is("docker_folder"),
                        config == null || keepsRunning ? List.of() : facts.containers()),
                sorted);
    }

    private Map<String, String> before() {
        Map<String, String> before = new LinkedHashMap<>();
        for (String path : List.of(
                SetupFiles.NEVER_UPGRADED,
                SetupFiles.KEY,
                SetupFiles.LIST,
                SetupFiles.PERSISTENCE,
                SetupFiles.POWER,
                SetupScripts.DAEMON)) {
            String content = facts.files().get(path);
            if (content != null) {
                before.put(path, content);
            }
        }
        return before;
    }

    private void access() {
        if (!draft.user().matches("[a-z_][a-z0-9_-]{0,31}")) {
            blocks("\"" + shown(draft.user()) + "\" is no name of a user.", "Enter who signs in to the guest.");
        }
        if (!draft.address().matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:]{2,39}")) {
            blocks(
                    "\"" + shown(draft.address()) + "\" is no address.",
                    "Enter the address of the guest, without prefix.");
        }
        if (!draft.image().matches("[a-z0-9][A-Za-z0-9._:/@-]{0,254}")) {
            blocks("\"" + shown(draft.image()) + "\" is no container image.", "Enter one like ubuntu:24.04.");
        }
        if (!facts.is("root")) {
            blocks(
                    draft.user() + " may not use sudo without a password in the guest.",
                    "Allow it there (cloud-init does so for the user that it makes), or sign in as root.");
        }
    }

    private void system() {
        String system = facts.value("os") + " " + facts.value("os_version");
        if (!system.equals("ubuntu 24.04")) {
            blocks(
                    "The guest runs " + shown(system.strip()) + "; only Ubuntu 24.04 is set up from here.",
                    "Install the driver there by the system's own means, or make the guest from an Ubuntu 24.04 image.");
        }
        if (!facts.value("arch").equals("x86_64")) {
            blocks(
                    "The guest's processor is " + shown(facts.value("arch")) + ", not x86_64.",
                    "There are no such packages for it.");
        }
        if (facts.value("cloud_init").contains("running")) {
            blocks("The guest still sets itself up (cloud-init).", "Wait until that has ended, and look again.");
        }
        if (facts.value("secure_boot").equals("1")) {
            informs(
                    "vm.sb-keys: Secure Boot is on in the guest. The kernel modules that are installed here are signed by Ubuntu and load;"
                            + " modules that a person builds there will not.");
        }
    }

    /** Whether the open kernel modules are installed: where the cards leave a choice, what is there stays. */
    private boolean modules() {
        if (facts.gpus().isEmpty()) {
            blocks("The guest has no NVIDIA GPU.", "Pass one to it first, and start it.");
            return true;
        }
        List<String> closed = new ArrayList<>();
        List<String> open = new ArrayList<>();
        facts.gpus().forEach((address, ids) -> {
            switch (DriverTable.modules(ids)) {
                case NONE ->
                    blocks(
                            "No driver of branch " + DriverTable.BRANCH + " knows the card " + ids + " at " + address
                                    + ".",
                            "It needs an older branch, which this run does not install.");
                case CLOSED_ONLY -> closed.add(ids);
                case OPEN_ONLY -> open.add(ids);
                case EITHER -> {}
            }
        });
        if (!closed.isEmpty() && !open.isEmpty()) {
            blocks(
                    "%s needs the closed kernel modules and %s the open ones; a guest loads only one of them."
                            .formatted(closed.getFirst(), open.getFirst()),
                    "Give the cards to different guests.");
        }
        boolean closedThere = facts.packages().keySet().stream()
                .anyMatch(name -> name.matches("linux-modules-nvidia-\\d+-server-(generic|[0-9].*)"));
        return closed.isEmpty() && (!closedThere || !open.isEmpty());
    }

    private void otherDrivers(boolean open) {
        String ours = DriverTable.BRANCH + "-server" + (open ? "-open" : "");
        List<String> others = facts.packages().keySet().stream()
                .filter(
                        name -> name.matches(
                                "(nvidia-(driver|headless|headless-no-dkms|dkms|open|kernel-source)|linux-modules-nvidia|cuda-drivers)(-.*)?"))
                .filter(name -> !name.matches(".*-" + ours + "(-(generic|virtual|[0-9]).*)?"))
                .toList();
        if (!others.isEmpty()) {
            blocks(
                    "Another NVIDIA driver is installed in the guest: " + String.join(", ", others) + ".",
                    "Remove it there first (apt-get purge), or keep it and set up the rest by hand.");
        } else if (!facts.cards().isEmpty()
                && facts.packages().keySet().stream().noneMatch(name -> name.startsWith("linux-modules-nvidia-"))) {
            blocks(
                    "A driver is loaded in the guest that did not come from Ubuntu's packages.",
                    "Remove it first: with a .run file, nvidia-uninstall does that.");
        }
    }

    private List<Card> cards() {
        List<Card> cards = new ArrayList<>();
        facts.gpus().forEach((address, ids) -> {
            if (ids.matches("10de:[0-9a-f]{4}")) {
                cards.add(new Card(address, ids, watts(address, ids)));
            }
        });
        return cards;
    }

    /** Nothing typed: as shipped, where that is known. */
    private @Nullable Integer watts(PciAddress address, String ids) {
        SeenCard seen = facts.card(address).orElse(null);
        DriverTable.Limits board = DriverTable.limits(ids);
        Double least =
                seen != null && seen.least() != null ? seen.least() : board == null ? null : (double) board.least();
        Double most = seen != null && seen.most() != null ? seen.most() : board == null ? null : (double) board.most();
        Double shipped = seen != null && seen.shipped() != null
                ? seen.shipped()
                : board == null ? null : (double) board.shipped();
        String typed = draft.watts().get(address);
        if (typed == null) {
            return shipped == null ? null : (int) Math.round(shipped);
        }
        if (typed.isBlank()) {
            return null;
        }
        if (!typed.matches("[0-9]{2,4}")) {
            blocks("\"" + shown(typed) + "\" is no power limit for " + address + ".", "Enter whole watts.");
            return null;
        }
        int watts = Integer.parseInt(typed);
        if (watts < 10 || watts > 2000 || least != null && watts < least || most != null && watts > most) {
            blocks(
                    "%d W is not possible for the card at %s%s."
                            .formatted(
                                    watts,
                                    address,
                                    least == null || most == null
                                            ? ""
                                            : ": it takes %.0f to %.0f W".formatted(least, most)),
                    "Choose a limit within that range.");
            return null;
        }
        if (least == null) {
            informs("Which power limits the card " + ids + " takes is not known yet; the run stops when " + watts
                    + " W is not among them.");
        }
        return watts;
    }

    private Set<Part> parts(List<Card> cards) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        if (!upgradesLeaveItAlone()) {
            parts.add(Part.NEVER_UPGRADED);
        }
        if (facts.cards().isEmpty() || !facts.cards().stream().allMatch(SeenCard::persistent)) {
            parts.add(Part.PERSISTENCE);
        }
        if (PowerUnits.needed(cards, facts, this::blocks)) {
            parts.add(Part.POWER);
        }
        boolean docker =
                facts.packages().containsKey("docker.io") || facts.packages().containsKey("docker-ce");
        if (!docker && facts.value("docker").isEmpty()) {
            parts.add(Part.DOCKER);
        } else if (facts.value("docker").isEmpty()) {
            warns(
                    "Docker is installed, but its daemon does not answer.",
                    "Look at systemctl status docker in the guest.");
        }
        boolean offered = facts.toolkitLists().stream().anyMatch(list -> !list.equals(SetupFiles.LIST));
        if (!facts.packages().containsKey("nvidia-container-toolkit") && !offered) {
            parts.add(Part.REPOSITORY);
        }
        return parts;
    }

    private boolean upgradesLeaveItAlone() {
        return List.of(
                        "linux-modules-nvidia-580-server-open-generic",
                        "nvidia-utils-580-server",
                        "libnvidia-compute-580-server")
                .stream()
                .allMatch(name -> facts.neverUpgraded().stream().anyMatch(pattern -> begins(pattern, name)));
    }

    /** Python's match: a regular expression at the beginning of the name (unattended-upgrades 2.9). */
    private static boolean begins(String pattern, String name) {
        try {
            return java.util.regex.Pattern.compile(pattern).matcher(name).lookingAt();
        } catch (PatternSyntaxException notOne) {
            return false;
        }
    }

    private @Nullable String dockerConfig() {
        String now = facts.files().getOrDefault(SetupScripts.DAEMON, "");
        if (facts.dockerReady()) {
            return null;
        }
        String wanted = SetupFiles.daemon(now).orElse(null);
        if (wanted == null) {
            blocks(
                    SetupScripts.DAEMON + " in the guest is no JSON.",
                    "Repair it there; Docker itself would not start with it.");
            return null;
        }
        return wanted.equals(now) ? null : wanted;
    }

    private void space(boolean installs) {
        String free = facts.value("free_kib");
        if (!free.matches("\\d{1,15}")) {
            warns("How much space the guest has could not be read.", "Make sure that 6 GiB are free.");
        } else if (installs && Long.parseLong(free) < NEEDED_KIB) {
            blocks(
                    "Only %.1f GiB are free on the guest's disk; driver, Docker and toolkit need about 6."
                            .formatted(Long.parseLong(free) / 1048576.0),
                    "Make the disk larger, or free some space.");
        }
    }

    private void state(Set<Part> parts) {
        if (!facts.cards().isEmpty()) {
            done("Driver " + facts.cards().getFirst().driver() + " shows "
                    + facts.cards().stream().map(SeenCard::name).collect(Collectors.joining(", ")) + ".");
        } else if (facts.value("smi_code").equals("18")
                || facts.value("smi_said").contains("version mismatch")) {
            informs(
                    "The loaded driver is older than its programs (\"Driver/library version mismatch\"): the restart cures that.");
        }
        if (facts.dockerReady()) {
            done("Docker hands out GPUs.");
        }
        if (!facts.cdiDevices().isEmpty()) {
            done("Containers may ask for " + String.join(", ", facts.cdiDevices()) + ".");
        }
        if (!facts.xids().isEmpty()) {
            warns(
                    "The driver has reported faults since the guest was booted: "
                            + facts.xids().getLast(),
                    "The run restarts the guest and proves that none comes again.");
        }
        if (parts.contains(Part.RESTART) && !facts.containers().isEmpty()) {
            warns(
                    "These containers run in the guest and are interrupted by its restart: "
                            + String.join(", ", facts.containers()) + ".",
                    "Choose a moment when nobody needs them.");
        }
    }

    private void blocks(String sentence, String remedy) {
        remarks.add(new Remark(Kind.BLOCKS, sentence, remedy));
    }

    private void warns(String sentence, String remedy) {
        remarks.add(new Remark(Kind.WARNS, sentence, remedy));
    }

    private void informs(String sentence) {
        remarks.add(new Remark(Kind.INFORMS, sentence, ""));
    }

    private void done(String sentence) {
        remarks.add(new Remark(Kind.DONE, sentence, ""));
    }

    private static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() > 60 ? line.substring(0, 60) + "..." : line;
    }
}
