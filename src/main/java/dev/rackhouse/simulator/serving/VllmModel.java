package dev.rackhouse.simulator.serving;

import dev.rackhouse.simulator.serving.GpuRack.Card;
import java.util.function.Consumer;

/** What vLLM finds out about its model before it touches a card, and the reasons to refuse it. */
final class VllmModel {
    private final Launch launch;
    private final VllmFlags flags;

    VllmModel(Launch launch, VllmFlags flags) {
        this.launch = launch;
        this.flags = flags;
    }

    ModelFacts model() throws Refusal {
        return ModelFacts.find(flags.model())
                .filter(one -> !one.form().equals("gguf"))
                .orElseThrow(() -> new Refusal(
                        1,
                        "OSError: " + flags.model()
                                + " is not a local folder and is not a valid model identifier listed on"
                                + " 'https://huggingface.co/models'"));
    }

    void check(ModelFacts model, int context) throws Refusal {
        if (model.gated() && launch.environment().getOrDefault("HF_TOKEN", "").isEmpty()) {
            throw new Refusal(
                    1,
                    "huggingface_hub.errors.GatedRepoError: 401 Client Error. (Request ID: Root=1-00000000-000000000000000000000000;00000000-0000-0000-0000-000000000000)\n\n"
                            + "Cannot access gated repo for url https://huggingface.co/" + model.name()
                            + "/resolve/main/config.json.\nAccess to model " + model.name()
                            + " is restricted. You must have access to it and be authenticated to access it. Please log in.");
        }
        if (context > model.positions() && !flags.given().containsKey("--hf-overrides")) {
            throw new Refusal(
                    1,
                    "pydantic_core._pydantic_core.ValidationError: 1 validation error for ModelConfig\n  Value error, User-specified max_model_len ("
                            + context + ") is greater than the derived max_model_len (max_position_embeddings="
                            + model.positions()
                            + " or model_max_length=None in model's config.json). To allow overriding this maximum, set the env var VLLM_ALLOW_LONG_MAX_MODEL_LEN=1.");
        }
        if (model.heads() % flags.cards() != 0) {
            throw new Refusal(
                    1,
                    "pydantic_core._pydantic_core.ValidationError: 1 validation error for VllmConfig\n  Value error, Total number of attention heads ("
                            + model.heads() + ") must be divisible by tensor parallel size (" + flags.cards()
                            + "). [type=value_error, input_value=ArgsKwargs((), {'model_co...}), input_type=ArgsKwargs]");
        }
    }

    /** The kernel for the weights; empty: plain ones. */
    String kernel(ModelFacts model, String fault, Consumer<String> said) throws Refusal {
        for (String uuid : launch.gpus()) {
            Card card = launch.computer().gpus().find(uuid).orElse(null);
            if (card != null && model.form().equals("awq") && card.computeTenths() < 75) {
                throw new Refusal(
                        1,
                        "ValueError: The quantization method awq is not supported for the current GPU. Minimum capability: 75. Current capability: "
                                + card.computeTenths() + ".");
            }
        }
        if (flags.quantization().equals("awq") || fault.equals("awq-slow")) {
            said.accept(
                    "[awq_marlin.py:120] Detected that the model can run with awq_marlin, however you specified quantization=awq explicitly, so forcing awq. Use quantization=awq_marlin for faster inference");
            return "awq";
        }
        if (model.form().equals("awq")) {
            said.accept(
                    "[awq_marlin.py:117] The model is convertible to awq_marlin during runtime. Using awq_marlin kernel.");
            return "awq_marlin";
        }
        return "";
    }
}
