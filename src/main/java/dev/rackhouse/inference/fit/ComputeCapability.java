package dev.rackhouse.inference.fit;

/** What generation an NVIDIA card is of: {@code 8.6} for a 3090. */
public record ComputeCapability(int major, int minor) implements Comparable<ComputeCapability> {

    public static final ComputeCapability PASCAL = new ComputeCapability(6, 0);
    public static final ComputeCapability VOLTA = new ComputeCapability(7, 0);
    /** RTX 20xx, Quadro RTX, T4: no bf16. */
    public static final ComputeCapability TURING = new ComputeCapability(7, 5);
    /** RTX 30xx, A100: the first with bf16. */
    public static final ComputeCapability AMPERE = new ComputeCapability(8, 0);
    /** RTX 40xx: the first with fp8 in hardware. */
    public static final ComputeCapability ADA = new ComputeCapability(8, 9);

    public ComputeCapability {
        if (major < 1 || minor < 0 || minor > 9) {
            throw new IllegalArgumentException(major + "." + minor + " is no compute capability");
        }
    }

    /** Reads {@code 8.6}. */
    public static ComputeCapability parse(String text) {
        String[] parts = text.strip().split("\\.", -1);
        if (parts.length != 2 || !parts[0].matches("\\d{1,2}") || !parts[1].matches("\\d")) {
            throw new IllegalArgumentException("'" + text + "' is no compute capability, such as 8.6");
        }
        return new ComputeCapability(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    public boolean atLeast(ComputeCapability other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(ComputeCapability other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
