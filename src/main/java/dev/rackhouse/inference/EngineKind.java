package dev.rackhouse.inference;

/** The programs that serve models. */
public enum EngineKind {
    VLLM("vLLM"),
    LLAMA_CPP("llama.cpp"),
    OLLAMA("Ollama");

    private final String title;

    EngineKind(String title) {
        this.title = title;
    }

    /** As its makers write it. */
    public String title() {
        return title;
    }

    /** Reads {@code vllm}, {@code llama.cpp}, {@code ollama}. */
    static EngineKind parse(String text) {
        for (EngineKind kind : values()) {
            if (kind.title.equalsIgnoreCase(text.strip())) {
                return kind;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no engine; known are vllm, llama.cpp, ollama");
    }
}
