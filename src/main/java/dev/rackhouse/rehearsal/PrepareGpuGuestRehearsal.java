package dev.rackhouse.rehearsal;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.VmId;
import dev.rackhouse.guestsetup.GpuGuestDraft;
import dev.rackhouse.guestsetup.GpuGuestPlan;
import dev.rackhouse.guestsetup.GpuGuestReadiness;
import dev.rackhouse.guestsetup.GpuGuestSetup;
import dev.rackhouse.guestsetup.GuestFacts;
import dev.rackhouse.guestsetup.PrepareGpuGuest;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.lab.Labs;
import dev.rackhouse.runbook.Runbook;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** A fresh Ubuntu guest with the GPU of caraxes, and the guest of thor in which everything is so already. */
final class PrepareGpuGuestRehearsal implements RehearsedRunbook<GpuGuestPlan> {

    private static final int FRESH = 160;
    private static final int OF_THOR = 110;

    @Override
    public String name() {
        return PrepareGpuGuest.NAME;
    }

    @Override
    public Class<? extends Runbook<GpuGuestPlan>> runbook() {
        return PrepareGpuGuest.class;
    }

    @Override
    public List<Scene> scenes() {
        return List.of(new Scene("targaryen", "caraxes"), new Scene("thor", "thor"));
    }

    /** Somebody has made a VM from a stock image and started it; on thor, has let the console into the guest. */
    @Override
    public void prepare(Workbench workbench, Control control, NodeRef node) {
        String key = workbench.part(Labs.class).publicKey(node.lab());
        String keys = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
        if (node.node().equals("thor")) {
            run(control, node, OF_THOR, Map.of("sshkeys", keys));
            return;
        }
        Map<String, Object> config = Map.ofEntries(
                Map.entry("name", "llm-fresh"),
                Map.entry("machine", "q35"),
                Map.entry("bios", "ovmf"),
                Map.entry("efidisk0", "local-lvm:vm-160-disk-0,efitype=4m,pre-enrolled-keys=0,size=4M"),
                Map.entry("cores", "8"),
                Map.entry("memory", "8192"),
                Map.entry("agent", "1"),
                Map.entry("hostpci0", "mapping=RTX-2080-SUPER,pcie=1"),
                Map.entry("net0", "virtio=BC:24:11:00:01:60,bridge=vmbr0"),
                Map.entry("ciuser", "ops"),
                Map.entry("ipconfig0", "ip=10.0.10.160/24,gw=10.0.10.1"),
                Map.entry("sshkeys", keys));
        run(control, node, FRESH, config);
    }

    private static void run(Control control, NodeRef node, int vmid, Map<String, Object> config) {
        control.post(
                "/guests",
                JsonMapper.shared().writeValueAsString(Map.of("vmid", vmid, "node", node.node(), "config", config)));
    }

    @Override
    public List<Planned<GpuGuestPlan>> plans(Workbench workbench, Control control, NodeRef node) {
        boolean fresh = !node.node().equals("thor");
        GuestRef guest = new GuestRef(node.lab(), new VmId(fresh ? FRESH : OF_THOR));
        GpuGuestSetup setup = workbench.part(GpuGuestSetup.class);
        GpuGuestDraft draft = draft(workbench, guest);
        GuestFacts facts = look(setup, draft);
        if (fresh) {
            draft = draft.withWatts(facts.gpus().keySet().iterator().next(), "200");
        }
        String what = fresh ? "nothing there" : "everything there";
        return List.of(
                switch (setup.assess(draft, facts)) {
                    case GpuGuestReadiness.Ready ready -> new Planned.Plan<>(what, ready.plan());
                    case GpuGuestReadiness.Blocked blocked ->
                        new Planned.Refused<>(
                                what,
                                blocked.remarks().stream()
                                        .map(GpuGuestReadiness.Remark::sentence)
                                        .collect(Collectors.joining(" ")));
                });
    }

    /** The inventory sees a new guest at its next look, and reads its configuration when somebody opens it. */
    private static GpuGuestDraft draft(Workbench workbench, GuestRef guest) {
        Inventory inventory = workbench.part(Inventory.class);
        GpuGuestSetup setup = workbench.part(GpuGuestSetup.class);
        return workbench.await("guest " + guest.vmid() + " is seen with its address", Duration.ofSeconds(90), () -> {
            inventory.refresh(guest.lab());
            inventory.opened(guest);
            return setup.draft(guest).filter(draft -> !draft.address().isEmpty());
        });
    }

    private static GuestFacts look(GpuGuestSetup setup, GpuGuestDraft draft) {
        for (int attempt = 0; ; attempt++) {
            try {
                return setup.look(draft);
            } catch (RemoteFailure stillBooting) {
                if (attempt > 10) {
                    throw stillBooting;
                }
                Workbench.pause();
            }
        }
    }
}
