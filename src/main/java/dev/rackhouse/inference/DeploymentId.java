package dev.rackhouse.inference;

/** A deployment, and the name of its container: {@code vllm-14b}. */
public record DeploymentId(String value) implements Comparable<DeploymentId> {

    public DeploymentId {
        if (!value.matches("[a-z0-9][a-z0-9-]{0,40}")) {
            throw new IllegalArgumentException(
                    "'" + value
                            + "' is no name of a deployment: at most 41 lower-case letters, digits, hyphens, beginning with a letter or digit");
        }
    }

    @Override
    public int compareTo(DeploymentId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
