package dev.rackhouse.inference;

import java.util.regex.Pattern;

/**
 * A model as Ollama names it: {@code qwen2.5:7b}, {@code somebody/model:tag}, {@code hf.co/owner/repository:Q4_K_M}.
 *
 * @param name always with its tag, as {@code /api/tags} shows it
 */
public record OllamaModel(String name) {

    /** Where Ollama keeps its models in its container: below {@code models}. */
    static final String FOLDER = "/root/.ollama";

    private static final Pattern NAME = Pattern.compile(
            "(?:[A-Za-z0-9][A-Za-z0-9._-]*/){0,2}[A-Za-z0-9][A-Za-z0-9._-]*:[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final String REGISTRY = "registry.ollama.ai";

    public OllamaModel {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no model of Ollama with its tag, such as qwen2.5:7b");
        }
    }

    /** Whether Ollama could pull something of this name: a path to a file is none. */
    public static boolean named(String source) {
        return !source.endsWith(".gguf") && NAME.matcher(tagged(source)).matches();
    }

    /** Without a tag it is {@code latest}. */
    public static OllamaModel of(String source) {
        if (!named(source)) {
            throw new IllegalArgumentException("'" + source + "' is no model of Ollama, such as qwen2.5:7b");
        }
        return new OllamaModel(tagged(source));
    }

    private static String tagged(String source) {
        return source.contains(":") ? source : source + ":latest";
    }

    /** Where its manifest lies in the folder that is mounted: it is there once the model was pulled whole. */
    public String manifest(String directory) {
        String path = name.replace(':', '/');
        return directory + "/models/manifests/"
                + switch (path.split("/").length) {
                    case 2 -> REGISTRY + "/library/" + path;
                    case 3 -> REGISTRY + "/" + path;
                    default -> path;
                };
    }
}
