package dev.rackhouse.inference.fit;

import java.util.List;

/** Architectures of the models in the samples. */
final class Shapes {

    static final ModelShape QWEN_7B = qwen(7_615_616_512L, 28, 3584, 28, 4, 18944);
    static final ModelShape QWEN_14B = qwen(14_770_033_664L, 48, 5120, 40, 8, 13824);
    static final ModelShape QWEN_32B = qwen(32_763_876_352L, 64, 5120, 40, 8, 27648);

    private Shapes() {}

    static ModelShape of(String model) {
        return switch (model) {
            case "qwen2.5-7b" -> QWEN_7B;
            case "qwen2.5-14b" -> QWEN_14B;
            case "qwen2.5-32b" -> QWEN_32B;
            default -> throw new IllegalArgumentException(model);
        };
    }

    private static ModelShape qwen(long parameters, int layers, int hidden, int heads, int kvHeads, int intermediate) {
        return new ModelShape(
                parameters,
                layers,
                List.of(new LayerGroup(layers, kvHeads, 128, null)),
                hidden,
                heads,
                128,
                intermediate,
                152_064,
                32_768,
                false,
                true,
                0);
    }
}
