package dev.rackhouse.inference.fit;

import dev.rackhouse.base.ByteSize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked: this model, in this form, with this profile, there.
 *
 * @param others further files of the same model that are known, as alternatives
 */
public record FitQuestion(
        ModelShape shape, Weights weights, List<Weights> others, ServingProfile profile, Where where) {

    /** A place with its memory now. */
    public sealed interface Where {

        /** How files would come there. */
        Disk disk();
    }

    /**
     * One or more GPUs that share the model, by vLLM.
     *
     * @param link how they reach each other
     */
    public record Vllm(List<GpuNow> gpus, Link link, Disk disk) implements Where {
        public Vllm {
            gpus = List.copyOf(gpus);
            if (gpus.isEmpty()) {
                throw new IllegalArgumentException("vLLM needs a GPU");
            }
        }
    }

    /** One or more GPUs that share the layers, by llama.cpp or Ollama. */
    public record Llama(List<GpuNow> gpus, Disk disk) implements Where {
        public Llama {
            gpus = List.copyOf(gpus);
            if (gpus.isEmpty()) {
                throw new IllegalArgumentException("this asks for GPUs");
            }
        }
    }

    /** A Mac, by llama.cpp or Ollama. */
    public record Unified(UnifiedMemory memory, Disk disk) implements Where {}

    /** How GPUs reach each other. */
    public enum Link {
        NVLINK,
        PCIE,
        UNKNOWN
    }

    /**
     * @param free null when not known
     * @param present the files lie there already
     */
    public record Disk(@Nullable ByteSize free, boolean present) {
        public static final Disk UNKNOWN = new Disk(null, false);
    }

    public FitQuestion {
        others = List.copyOf(others);
    }

    FitQuestion with(ServingProfile now) {
        return new FitQuestion(shape, weights, others, now, where);
    }

    FitQuestion with(Weights now) {
        return new FitQuestion(shape, now, others, profile, where);
    }
}
