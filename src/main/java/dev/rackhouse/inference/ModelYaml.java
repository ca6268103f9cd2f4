package dev.rackhouse.inference;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.fit.LayerGroup;
import dev.rackhouse.inference.fit.ModelShape;
import dev.rackhouse.inference.fit.Weights;
import java.util.List;
import java.util.Locale;

/** How models stand in YAML: in the console's own list, and in the inference file. */
final class ModelYaml {

    private ModelYaml() {}

    static Model model(YamlEntry entry, boolean builtIn) {
        entry.knows("id", "name", "family", "purpose", "licence", "gated", "shape", "files");
        return entry.made(e -> {
            ModelShape shape = e.entry("shape").made(ModelYaml::shape);
            List<ModelFiles> files = e.entries("files").stream()
                    .map(f -> f.made(each -> files(each, shape)))
                    .toList();
            return new Model(
                    new ModelId(e.text("id")),
                    e.text("name"),
                    e.text("family"),
                    Model.Purpose.valueOf(e.text("purpose", "chat").toUpperCase(Locale.ROOT)),
                    e.has("licence") ? e.text("licence") : null,
                    e.flag("gated", false),
                    shape,
                    files,
                    builtIn);
        });
    }

    private static ModelShape shape(YamlEntry e) {
        e.knows(
                "parameters",
                "layers",
                "hidden",
                "heads",
                "headDim",
                "intermediate",
                "vocabulary",
                "maxPositions",
                "tiedEmbeddings",
                "attentionBias",
                "stateMiBPerSequence",
                "attention");
        return new ModelShape(
                e.number("parameters"),
                e.number("layers", 0),
                e.entries("attention").stream()
                        .map(g -> g.knows("layers", "kvHeads", "headDim", "window")
                                .made(each -> new LayerGroup(
                                        each.number("layers", 0),
                                        each.number("kvHeads", 0),
                                        each.number("headDim", 0),
                                        each.has("window") ? Integer.valueOf(each.number("window", 0)) : null)))
                        .toList(),
                e.number("hidden", 0),
                e.number("heads", 0),
                e.number("headDim", 0),
                e.number("intermediate", 0),
                e.number("vocabulary", 0),
                e.number("maxPositions", 0),
                e.flag("tiedEmbeddings", false),
                e.flag("attentionBias", false),
                e.number("stateMiBPerSequence", 0));
    }

    private static ModelFiles files(YamlEntry e, ModelShape shape) {
        e.knows("name", "weights", "bytes", "source");
        ByteSize given = e.has("bytes") ? new ByteSize(e.number("bytes")) : null;
        Weights weights = Weights.parse(e.text("weights"), given);
        return new ModelFiles(e.text("name"), weights, given == null ? weights.size(shape) : given, e.text("source"));
    }
}
