package dev.rackhouse.guestsetup;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.inventory.GuestConfigView;
import dev.rackhouse.inventory.GuestView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.lab.Labs;
import dev.rackhouse.proxmox.IpConfig;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Start;
import dev.rackhouse.ssh.CommandResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.stereotype.Service;

/** Setting up the GPUs of guests: what is seen in a guest, whether it can be set up, the run. Safe for many threads. */
@Service
public class GpuGuestSetup {

    private static final Duration LOOK = Duration.ofSeconds(150);

    private final Inventory inventory;
    private final Labs labs;
    private final Runs runs;
    private final PrepareGpuGuest runbook;
    private final GpuGuestSettings settings;

    GpuGuestSetup(Inventory inventory, Labs labs, Runs runs, PrepareGpuGuest runbook, GpuGuestSettings settings) {
        this.inventory = inventory;
        this.labs = labs;
        this.runs = runs;
        this.runbook = runbook;
        this.settings = settings;
    }

    /** Why the GPUs of a guest cannot be set up now; empty: they may be. */
    public static Optional<String> refusal(GuestView guest) {
        if (guest.node() == null || guest.goneAt() != null) {
            return Optional.of("It is not known where it stands.");
        }
        return guest.running() ? Optional.empty() : Optional.of("It does not run: start it first.");
    }

    /** A draft with what the guest's configuration tells; empty when it is not known where it stands. */
    public Optional<GpuGuestDraft> draft(GuestRef ref) {
        Map<String, String> config = inventory
                .config(ref)
                .map(GuestConfigView::values)
                .<Map<String, String>>map(values -> values)
                .orElse(Map.of());
        return inventory
                .guest(ref)
                .flatMap(guest -> Optional.ofNullable(guest.node())
                        .map(node -> new GpuGuestDraft(
                                ref,
                                node,
                                guest.title(),
                                config.getOrDefault("ciuser", "ubuntu"),
                                address(config.getOrDefault("ipconfig0", "")),
                                settings.image(),
                                Map.of())));
    }

    private static String address(String ipConfig) {
        try {
            String ip = IpConfig.parse(ipConfig).ip();
            return ip == null || !ip.contains("/") ? "" : ip.substring(0, ip.indexOf('/'));
        } catch (IllegalArgumentException notOne) {
            return "";
        }
    }

    /**
     * Looks into the guest, through its node. Blocks, up to two and a half minutes; usually some seconds.
     *
     * @throws RemoteFailure when it is not reached, or what it prints cannot be read
     */
    public GuestFacts look(GpuGuestDraft draft) {
        NodeRef node = draft.node();
        CommandResult result = labs.sshGuest(node, draft.user(), draft.address(), 22, null)
                .run("sh -s", LookScript.text().getBytes(StandardCharsets.UTF_8), LOOK);
        return switch (GuestFacts.parse(result.out())) {
            case GuestFacts.Read.Complete(GuestFacts facts) -> facts;
            case GuestFacts.Read.Unreadable(String sentence) ->
                throw new RemoteFailure.Unreadable(
                        "look into the guest",
                        draft.user() + "@" + draft.address() + " via " + node.node(),
                        sentence,
                        "Look again; when it stays so, sign in to the guest and see what hangs there.",
                        null);
        };
    }

    /** Pure, so it may be asked after every change. */
    public GpuGuestReadiness assess(GpuGuestDraft draft, GuestFacts facts) {
        return GpuGuestAssessment.of(draft, facts, settings);
    }

    /**
     * Starts the run.
     *
     * @throws AccessDeniedException when the operator may only look
     */
    public Start start(GpuGuestPlan plan, Operator operator, String reason) {
        if (!operator.may(Role.OPERATOR)) {
            throw new AccessDeniedException(
                    operator.name() + " may look, but not change guests: this needs the role operator.");
        }
        return runs.start(runbook, plan, operator, Objects.requireNonNullElse(reason, ""));
    }
}
