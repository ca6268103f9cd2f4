package dev.rackhouse.simulator.serving;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where models are published, as a pretend computer reaches it: single files by their address. */
public final class ModelHub {
    public static final String HOST = "huggingface.co";

    private static final Pattern FILE = Pattern.compile("/[^/]+/[^/]+/resolve/[^/]+/([^/]+\\.gguf)");
    private static final double BYTES_PER_SECOND = 100e6;

    private ModelHub() {}

    /**
     * What came of asking.
     *
     * @param status of HTTP; 0: the name is not resolved; 507: the disk of whoever asked is full
     * @param content the weights themselves are a line that says how much they are
     */
    public record Loaded(int status, String content) {}

    /** Loads a file; takes as long as it would there. */
    public static Loaded load(Computer computer, String path) throws InterruptedException {
        computer.tempo().sleep(0.5);
        if (computer.noNetwork()) {
            return new Loaded(0, "");
        }
        Matcher file = FILE.matcher(path);
        ModelFacts model = file.matches() ? ModelFacts.find(file.group(1)).orElse(null) : null;
        if (model == null || !model.form().equals("gguf")) {
            return new Loaded(404, "");
        }
        if (model.gated()) {
            return new Loaded(401, "");
        }
        computer.tempo().sleep(model.weightBytes() / BYTES_PER_SECOND);
        return computer.noSpace()
                ? new Loaded(507, "")
                : new Loaded(200, String.format(Locale.ROOT, "GGUF %d bytes%n", model.weightBytes()));
    }
}
