package dev.rackhouse.inference.fit;

import dev.rackhouse.base.ByteSize;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** In which form a model's weights lie on disk and in memory; what they take and what a card must be able to do. */
public sealed interface Weights {

    /** As written in files and shown: {@code fp16}, {@code awq 4-bit g128}, {@code gguf Q4_0}. */
    String word();

    /** What all weights take in memory, over all GPUs together. */
    ByteSize size(ModelShape shape);

    /** The least compute capability of a card that runs them in vLLM; null for forms that vLLM is not planned with. */
    @Nullable
    ComputeCapability needs();

    /** 16 bit: {@code fp16}, or {@code bf16} that older cards can run as fp16 only. */
    record Half(boolean brain) implements Weights {
        @Override
        public String word() {
            return brain ? "bf16" : "fp16";
        }

        @Override
        public ByteSize size(ModelShape shape) {
            return new ByteSize(2 * shape.parameters());
        }

        @Override
        public ComputeCapability needs() {
            return ComputeCapability.VOLTA;
        }
    }

    /** 8 bit: {@code fp8} (weights and activations), or {@code int8}. */
    record Eight(boolean floating) implements Weights {
        @Override
        public String word() {
            return floating ? "fp8" : "int8";
        }

        @Override
        public ByteSize size(ModelShape shape) {
            return new ByteSize(shape.parameters());
        }

        @Override
        public ComputeCapability needs() {
            return floating ? ComputeCapability.ADA : ComputeCapability.TURING;
        }
    }

    /** AWQ or GPTQ with 4 bit and a scale and a zero point for each group of numbers. */
    record FourBit(Method method, int group) implements Weights {

        /** How they were found. */
        public enum Method {
            AWQ,
            GPTQ
        }

        public FourBit {
            if (group < 16) {
                throw new IllegalArgumentException("a group has at least 16 numbers: " + group);
            }
        }

        @Override
        public String word() {
            return method.name().toLowerCase(java.util.Locale.ROOT) + " 4-bit g" + group;
        }

        @Override
        public ByteSize size(ModelShape shape) {
            long untouched = shape.unquantizedParameters();
            double bits = 4 + 16.0 / group + 4.0 / group;
            return new ByteSize(Math.round((shape.parameters() - untouched) * bits / 8) + 2 * untouched);
        }

        @Override
        public ComputeCapability needs() {
            return method == Method.AWQ ? ComputeCapability.TURING : ComputeCapability.PASCAL;
        }
    }

    /**
     * Files for llama.cpp. Their size is read, never guessed from the level's name.
     *
     * @param level {@code Q4_0}, {@code F16}
     * @param files the size of all files together
     */
    record Gguf(String level, ByteSize files) implements Weights {
        public Gguf {
            if (!level.matches("[A-Za-z0-9_]{1,24}")) {
                throw new IllegalArgumentException("'" + level + "' is no level of a GGUF file, such as Q4_0");
            }
        }

        @Override
        public String word() {
            return "gguf " + level;
        }

        @Override
        public ByteSize size(ModelShape shape) {
            return files;
        }

        @Override
        public @Nullable ComputeCapability needs() {
            return null;
        }
    }

    Pattern FOUR_BIT = Pattern.compile("(awq|gptq)(?: 4-bit g| ?4g)(\\d{2,4})");

    /**
     * Reads what {@link #word()} wrote, and the short {@code awq4g128}.
     *
     * @param files needed for {@code gguf}; not used otherwise
     * @throws IllegalArgumentException when nobody knows such a form
     */
    static Weights parse(String word, @Nullable ByteSize files) {
        Matcher four = FOUR_BIT.matcher(word);
        if (four.matches()) {
            return new FourBit(
                    four.group(1).equals("awq") ? FourBit.Method.AWQ : FourBit.Method.GPTQ,
                    Integer.parseInt(four.group(2)));
        }
        if (word.startsWith("gguf ")) {
            if (files == null) {
                throw new IllegalArgumentException("the size of a GGUF file is read, never guessed: give it");
            }
            return new Gguf(word.substring(5), files);
        }
        return switch (word) {
            case "fp16" -> new Half(false);
            case "bf16" -> new Half(true);
            case "fp8" -> new Eight(true);
            case "int8" -> new Eight(false);
            default ->
                throw new IllegalArgumentException(
                        "'" + word
                                + "' is no form of weights; known are fp16, bf16, fp8, int8, awq 4-bit g128, gptq 4-bit g128, gguf LEVEL");
        };
    }
}
