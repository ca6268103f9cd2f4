package dev.rackhouse.inference;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What must hold between deployments, models and modes before they are stored. Pure; whether memory is enough is the fit's business. */
final class DeploymentRules {

    private DeploymentRules() {}

    /** @param others all deployments that are stored; one of the same name is the one that is replaced */
    static List<Problem> of(
            Deployment draft, Optional<Model> model, ServingEngine engine, boolean unified, List<Deployment> others) {
        List<Problem> problems = new ArrayList<>();
        if (model.isEmpty()) {
            problems.add(new Problem("model", "There is no model " + draft.model() + " in the registry."));
        } else {
            Optional<ModelFiles> files = model.get().files(draft.files());
            if (files.isEmpty()) {
                problems.add(new Problem(
                        "files",
                        model.get().name() + " is not known as " + draft.files() + "; known are "
                                + String.join(
                                        ", ",
                                        model.get().files().stream()
                                                .map(ModelFiles::name)
                                                .toList()) + "."));
            } else if (!engine.runs(files.get().weights())) {
                problems.add(new Problem(
                        "engine",
                        engine.kind().title() + " does not run "
                                + files.get().weights().word() + " files."));
            } else if (draft.engine() == EngineKind.OLLAMA) {
                ollama(draft, files.get().source(), problems);
            }
        }
        if (unified && !draft.gpus().isEmpty()) {
            problems.add(new Problem("gpus", "A Mac has no GPUs to choose from: leave them out."));
        }
        if (unified && draft.engine() == EngineKind.VLLM) {
            problems.add(new Problem("engine", "vLLM does not use the GPU of a Mac: llama.cpp and Ollama do."));
        }
        if (!unified && draft.gpus().isEmpty()) {
            problems.add(new Problem("gpus", "A deployment names the GPUs it holds, by their UUIDs."));
        }
        if (!unified && !draft.image().contains(":") && !draft.image().contains("@")) {
            problems.add(
                    new Problem("image", "The image needs a tag or a digest, so that it is the same one tomorrow."));
        }
        others.stream()
                .filter(o -> !o.id().equals(draft.id()) && o.place().equals(draft.place()) && o.port() == draft.port())
                .forEach(o -> problems.add(new Problem("port", o.id() + " has the port " + draft.port() + " there.")));
        return problems;
    }

    /** Ollama pulls by name, and serves a model under the name by which it was pulled. */
    private static void ollama(Deployment draft, String source, List<Problem> problems) {
        if (!OllamaModel.named(source)) {
            problems.add(new Problem(
                    "files",
                    "Ollama pulls a model by its name, such as qwen2.5:7b, and " + source
                            + " is none: llama.cpp runs such a file."));
            return;
        }
        String name = OllamaModel.of(source).name();
        if (!OllamaModel.named(draft.servedName())
                || !OllamaModel.of(draft.servedName()).name().equals(name)) {
            problems.add(new Problem(
                    "servedName", "Ollama serves a model under its own name: here clients ask for " + name + "."));
        }
    }

    static List<Problem> of(Mode draft, List<Deployment> deployments, List<Mode> others) {
        List<Problem> problems = new ArrayList<>();
        for (DeploymentId id : draft.deployments()) {
            Optional<Deployment> member =
                    deployments.stream().filter(d -> d.id().equals(id)).findFirst();
            if (member.isEmpty()) {
                problems.add(new Problem("deployments", "There is no deployment " + id + "."));
            } else if (!member.get().place().equals(draft.place())) {
                problems.add(new Problem("deployments", id + " runs in another place; a mode has one."));
            }
        }
        if (draft.desired()) {
            others.stream()
                    .filter(m -> m.desired()
                            && !m.id().equals(draft.id())
                            && m.place().equals(draft.place()))
                    .forEach(m -> problems.add(
                            new Problem("desired", m.title() + " is the one that shall run there; only one can.")));
        }
        return problems;
    }

    static List<Problem> of(Route draft, List<Deployment> deployments) {
        Set<DeploymentId> known = new HashSet<>();
        deployments.forEach(d -> known.add(d.id()));
        List<Problem> problems = new ArrayList<>();
        if (!known.contains(draft.main())) {
            problems.add(new Problem("main", "There is no deployment " + draft.main() + "."));
        }
        DeploymentId fallback = draft.fallback();
        if (fallback != null && !known.contains(fallback)) {
            problems.add(new Problem("fallback", "There is no deployment " + fallback + "."));
        }
        return problems;
    }
}
