package dev.rackhouse.rehearsal;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.deploy.DeployModel;
import dev.rackhouse.inference.deploy.DeployPlan;
import dev.rackhouse.inference.deploy.DeployReadiness;
import dev.rackhouse.inference.deploy.Deploying;
import dev.rackhouse.inference.deploy.Finding;
import dev.rackhouse.runbook.Runbook;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * thor's second card is free: a model in an image that must be pulled first, an embedding server, one whose file is loaded first, one
 * that Ollama pulls, and one that has no room. Its router leads clients to each that answers.
 */
final class DeployModelRehearsal implements RehearsedRunbook<DeployPlan> {

    @Override
    public String name() {
        return DeployModel.NAME;
    }

    @Override
    public Class<? extends Runbook<DeployPlan>> runbook() {
        return DeployModel.class;
    }

    /** A model whose files lie at the hub and in Ollama's registry. */
    private static final String MODELS = """
            models:
              - id: qwen2.5-7b-gguf
                name: Qwen2.5 7B Instruct
                family: Qwen2.5
                purpose: chat
                licence: Apache 2.0
                shape: { parameters: 7615616512, layers: 28, hidden: 3584, heads: 28, headDim: 128, intermediate: 18944,
                         vocabulary: 152064, maxPositions: 32768, attentionBias: true,
                         attention: [ { layers: 28, kvHeads: 4, headDim: 128 } ] }
                files:
                  - { name: hub, weights: gguf Q4_K_M, bytes: 4683074240,
                      source: bartowski/Qwen2.5-7B-Instruct-GGUF/Qwen2.5-7B-Instruct-Q4_K_M.gguf }
                  - { name: ollama, weights: gguf Q4_K_M, bytes: 4683073952, source: "qwen2.5:7b" }
            """;

    @Override
    public List<Scene> scenes() {
        return List.of(ThorsGuest.SCENE);
    }

    /** The console knows what the pretend homelabs serve, their router, and a model in two more forms. */
    @Override
    public Map<String, Object> settings(Path folder) {
        return ThorsGuest.served(folder, text -> text + MODELS);
    }

    @Override
    public void prepare(Workbench workbench, Control control, NodeRef node) {
        ThorsGuest.opened(workbench, control, node).stopped("vllm-14b");
    }

    @Override
    public List<Planned<DeployPlan>> plans(Workbench workbench, Control control, NodeRef node) {
        ThorsGuest guest = ThorsGuest.opened(workbench, control, node);
        List<GpuPin> cards = guest.gpus();
        List<GpuPin> free = List.of(cards.get(1));
        List<Planned<DeployPlan>> plans = new ArrayList<>();
        plans.add(planned(
                workbench,
                guest,
                "an image that is not there",
                guest.deployment(
                        "vllm-spare",
                        "qwen2.5-7b-instruct",
                        "fp16",
                        EngineKind.VLLM,
                        free,
                        "vllm/vllm-openai:v0.30.0",
                        8005)));
        plans.add(planned(
                workbench,
                guest,
                "an embedding server",
                guest.deployment(
                        "embed-spare",
                        "nomic-embed-text-v1.5",
                        "f16",
                        EngineKind.LLAMA_CPP,
                        free,
                        "ghcr.io/ggml-org/llama.cpp:server-cuda",
                        8091)));
        plans.add(planned(
                workbench,
                guest,
                "a file that is not there",
                guest.deployment(
                        "llama-spare",
                        "qwen2.5-7b-gguf",
                        "hub",
                        EngineKind.LLAMA_CPP,
                        free,
                        "ghcr.io/ggml-org/llama.cpp:server-cuda",
                        8092)));
        Planned<DeployPlan> ollama = planned(
                workbench,
                guest,
                "Ollama",
                guest.deployment(
                        "ollama-spare",
                        "qwen2.5-7b-gguf",
                        "ollama",
                        EngineKind.OLLAMA,
                        free,
                        "ollama/ollama:0.13.5",
                        11434));
        plans.add(ollama);
        plans.add(waiting(ollama));
        plans.add(planned(
                workbench,
                guest,
                "no room for it",
                guest.deployment(
                        "vllm-much", "qwen2.5-32b-instruct", "awq", EngineKind.VLLM, cards, ThorsGuest.VLLM, 8006)));
        return plans;
    }

    /** As while another mode has its card. */
    private static Planned<DeployPlan> waiting(Planned<DeployPlan> planned) {
        return switch (planned) {
            case Planned.Plan<DeployPlan>(String what, DeployPlan plan) ->
                new Planned.Plan<>(what + ", which waits for its mode", plan.waitingFor("another mode runs there."));
            case Planned.Refused<DeployPlan> refused -> refused;
        };
    }

    private static Planned<DeployPlan> planned(
            Workbench workbench, ThorsGuest guest, String what, Deployment deployment) {
        return switch (workbench.part(Deploying.class).assess(deployment, guest.facts(deployment))) {
            case DeployReadiness.Ready ready -> new Planned.Plan<>(what, ready.plan());
            case DeployReadiness.Blocked blocked -> new Planned.Refused<>(what, said(blocked.findings()));
        };
    }

    static String said(List<Finding> findings) {
        return findings.stream()
                .filter(f -> f.weight() == Finding.Weight.BLOCKS)
                .map(Finding::sentence)
                .collect(Collectors.joining(" "));
    }
}
