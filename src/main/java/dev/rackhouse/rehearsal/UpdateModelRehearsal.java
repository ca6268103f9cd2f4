package dev.rackhouse.rehearsal;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.deploy.Deploying;
import dev.rackhouse.inference.deploy.UpdateModel;
import dev.rackhouse.inference.deploy.UpdatePlan;
import dev.rackhouse.inference.deploy.UpdateReadiness;
import dev.rackhouse.runbook.Rehearsal;
import dev.rackhouse.runbook.Runbook;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * thor's 7B gets another context while its second card is free, so that clients are led to the canary meanwhile; then as where there is
 * no room for both, with the router draining; its embedding server, to which no router leads, is moved aside where both have room.
 */
final class UpdateModelRehearsal implements RehearsedRunbook<UpdatePlan> {

    @Override
    public String name() {
        return UpdateModel.NAME;
    }

    @Override
    public Class<? extends Runbook<UpdatePlan>> runbook() {
        return UpdateModel.class;
    }

    @Override
    public List<Scene> scenes() {
        return List.of(ThorsGuest.SCENE);
    }

    /** The console knows what the pretend homelabs serve, and their router. */
    @Override
    public Map<String, Object> settings(Path folder) {
        return ThorsGuest.served(folder);
    }

    @Override
    public void prepare(Workbench workbench, Control control, NodeRef node) {
        ThorsGuest.opened(workbench, control, node).stopped("vllm-14b");
    }

    @Override
    public List<Planned<UpdatePlan>> plans(Workbench workbench, Control control, NodeRef node) {
        ThorsGuest guest = ThorsGuest.opened(workbench, control, node);
        List<GpuPin> first = List.of(guest.gpus().getFirst());
        Planned<UpdatePlan> beside = planned(
                workbench,
                guest,
                "beside the old one, on the free card",
                serving(
                        guest.deployment(
                                "vllm-7b",
                                "qwen2.5-7b-instruct",
                                "fp16",
                                EngineKind.VLLM,
                                first,
                                ThorsGuest.VLLM,
                                8000),
                        "qwen2.5-7b",
                        0.85));
        return List.of(
                beside,
                atOnce(beside),
                planned(
                        workbench,
                        guest,
                        "an embedding server",
                        serving(
                                guest.deployment(
                                        "embed-thor",
                                        "nomic-embed-text-v1.5",
                                        "f16",
                                        EngineKind.LLAMA_CPP,
                                        first,
                                        "ghcr.io/ggml-org/llama.cpp:server-cuda",
                                        8090),
                                "nomic-embed-text",
                                0.90)));
    }

    /** The new engine proves itself, and makes tokens at a quarter of the old one's pace: the comparison must say so. */
    @Override
    public List<Rehearsal.Mishap> mishaps(Control control, NodeRef node, UpdatePlan plan) {
        Runnable slow = () -> fault(control, node, plan, "awq-slow");
        Runnable well = () -> fault(control, node, plan, "none");
        return List.of(new Rehearsal.Mishap("the new engine is slow", "", slow, well, "tokens/s for one request"));
    }

    private static void fault(Control control, NodeRef node, UpdatePlan plan, String fault) {
        String canary =
                plan.canary() == null ? plan.next().container() : plan.canary().container();
        control.post(
                "/engines/fault",
                JsonMapper.shared()
                        .writeValueAsString(new TreeMap<>(Map.of(
                                "node",
                                node.node(),
                                "vmid",
                                ThorsGuest.VMID,
                                "container",
                                canary,
                                "fault",
                                fault,
                                "times",
                                1))));
    }

    /** As where there is no room for both. */
    private static Planned<UpdatePlan> atOnce(Planned<UpdatePlan> planned) {
        return switch (planned) {
            case Planned.Plan<UpdatePlan>(String _, UpdatePlan plan) ->
                new Planned.Plan<>("after the old one was stopped", plan.atOnce());
            case Planned.Refused<UpdatePlan> refused -> refused;
        };
    }

    private static Deployment serving(Deployment d, String name, double utilization) {
        return new Deployment(
                d.id(),
                d.model(),
                d.files(),
                d.engine(),
                d.place(),
                d.gpus(),
                d.image(),
                d.port(),
                name,
                d.modelDirectory(),
                d.profile().withUtilization(utilization).withSequences(d.engine() == EngineKind.VLLM ? 16 : 2),
                false);
    }

    private static Planned<UpdatePlan> planned(
            Workbench workbench, ThorsGuest guest, String what, Deployment deployment) {
        return switch (workbench.part(Deploying.class).assessUpdate(deployment, guest.facts(deployment))) {
            case UpdateReadiness.Ready ready -> new Planned.Plan<>(what, ready.plan());
            case UpdateReadiness.Blocked blocked ->
                new Planned.Refused<>(what, DeployModelRehearsal.said(blocked.findings()));
        };
    }
}
