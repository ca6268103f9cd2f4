package dev.rackhouse.inference;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.fit.Weights;

/**
 * One form in which a model's files exist.
 *
 * @param name short, unique for the model: {@code fp16}, {@code awq}
 * @param bytes on disk
 * @param source where an engine finds them: a repository ({@code Qwen/Qwen2.5-7B-Instruct}), a file below the model directory, a tag
 */
public record ModelFiles(String name, Weights weights, ByteSize bytes, String source) {

    public ModelFiles {
        if (!name.matches("[a-z0-9][a-z0-9._-]{0,30}")) {
            throw new IllegalArgumentException("'" + name + "' is no name of files, such as awq");
        }
        if (!source.matches("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,200}") || source.contains("..")) {
            throw new IllegalArgumentException("'" + source + "' is no repository, file or tag");
        }
        if (bytes.bytes() == 0) {
            throw new IllegalArgumentException("files have a size");
        }
    }
}
