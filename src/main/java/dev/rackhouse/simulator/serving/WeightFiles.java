package dev.rackhouse.simulator.serving;

import java.util.Locale;

/** The files of a model on a computer's disk: in the cache of Hugging Face's hub, below what is mounted there. */
final class WeightFiles {
    private static final String CACHE = "/root/.cache/huggingface";

    private WeightFiles() {}

    static boolean there(Launch launch, ModelFacts model) {
        String folder = folder(launch.mounts().getOrDefault(CACHE, ""), model.name());
        return launch.computer().names(folder + "/snapshots").stream()
                .anyMatch(revision -> launch.computer()
                        .names(folder + "/snapshots/" + revision)
                        .contains("config.json"));
    }

    static void write(Launch launch, ModelFacts model) {
        String cache = launch.mounts().getOrDefault(CACHE, "");
        if (!cache.isEmpty()) {
            put(launch.computer(), cache, model.name());
        }
    }

    /** Puts a model there as somebody loaded it long ago. The weights themselves are a line that says how much they are. */
    static void put(Computer computer, String cache, String name) {
        ModelFacts model = ModelFacts.find(name).orElseThrow();
        String revision = Images.hash(name).substring(0, 40);
        String snapshot = folder(cache, name) + "/snapshots/" + revision;
        computer.write(folder(cache, name) + "/refs/main", revision);
        computer.write(
                snapshot + "/config.json",
                ("{\"architectures\": [\"%s\"], \"hidden_size\": %d, \"num_hidden_layers\": %d, \"num_attention_heads\": %d,"
                                + " \"num_key_value_heads\": %d, \"max_position_embeddings\": %d%s}\n")
                        .formatted(
                                model.architecture(),
                                model.hidden(),
                                model.layers(),
                                model.heads(),
                                model.kvHeads(),
                                model.positions(),
                                model.form().equals("awq")
                                        ? ", \"quantization_config\": {\"quant_method\": \"awq\", \"bits\": 4, \"group_size\": 128}"
                                        : ""));
        for (int shard = 1; shard <= model.shards(); shard++) {
            computer.write(
                    snapshot + "/model-%05d-of-%05d.safetensors".formatted(shard, model.shards()),
                    String.format(Locale.ROOT, "%d bytes%n", model.weightBytes() / model.shards()));
        }
    }

    private static String folder(String cache, String name) {
        return cache + "/hub/models--" + name.replace("/", "--");
    }
}
