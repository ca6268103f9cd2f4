package dev.rackhouse.inference;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.fit.ComputeCapability;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What follows from a card's ids and size alone, until it is asked itself. */
final class CardFacts {

    /** As seen on cards of 24 GiB (RTX 3090: 325 MiB) and on smaller ones (410 MiB on 8 and 16 GiB Turing). */
    private static final ByteSize RESERVED_LARGE = ByteSize.ofMiB(325);

    private static final ByteSize RESERVED_SMALL = ByteSize.ofMiB(410);

    private record Block(int from, int to, String capability) {}

    private static final List<Block> BLOCKS = List.of(
            new Block(0x1b00, 0x1d7f, "6.1"),
            new Block(0x1d80, 0x1dff, "7.0"),
            new Block(0x1e00, 0x1fff, "7.5"),
            new Block(0x2080, 0x20ff, "8.0"),
            new Block(0x2180, 0x21ff, "7.5"),
            new Block(0x2200, 0x22ff, "8.6"),
            new Block(0x2302, 0x23ff, "9.0"),
            new Block(0x2400, 0x25ff, "8.6"),
            new Block(0x2600, 0x28ff, "8.9"),
            new Block(0x2900, 0x29ff, "10.0"),
            new Block(0x2b80, 0x2fff, "12.0"));

    private CardFacts() {}

    /** What the driver leaves of a card's memory. */
    static ByteSize usable(ByteSize vram) {
        ByteSize reserved = vram.compareTo(ByteSize.ofGiB(24)) >= 0 ? RESERVED_LARGE : RESERVED_SMALL;
        return new ByteSize(Math.max(0, vram.bytes() - reserved.bytes()));
    }

    /** By NVIDIA's blocks of device ids; empty for other makers and for blocks that are not listed. */
    static Optional<ComputeCapability> capability(String ids) {
        if (!ids.matches("10de:[0-9a-f]{4}")) {
            return Optional.empty();
        }
        int device = Integer.parseInt(ids.substring(5), 16);
        return Optional.ofNullable(ofNvidia(device)).map(ComputeCapability::parse);
    }

    private static @Nullable String ofNvidia(int device) {
        return BLOCKS.stream()
                .filter(b -> device >= b.from && device <= b.to)
                .map(Block::capability)
                .findFirst()
                .orElse(null);
    }

    /** {@code GA102 [GeForce RTX 3090]} is called {@code RTX 3090}. */
    static String shortName(String name) {
        int open = name.indexOf('[');
        int close = name.lastIndexOf(']');
        String inner = open >= 0 && close > open ? name.substring(open + 1, close) : name;
        return inner.replace("NVIDIA ", "").replace("GeForce ", "").strip();
    }
}
