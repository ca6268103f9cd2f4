package dev.rackhouse.simulator.host;

/** What shall go wrong when software is installed on a pretend computer. Safe for many threads. */
public final class SoftwareFaults {
    private volatile boolean noNetwork;
    private volatile boolean noSpace;
    private volatile boolean locked;

    /** Nothing outside is reached: no package, no image. */
    public void noNetwork(boolean on) {
        noNetwork = on;
    }

    /** The disk is full. */
    public void noSpace(boolean on) {
        noSpace = on;
    }

    /** Another program installs packages and does not end. */
    public void locked(boolean on) {
        locked = on;
    }

    boolean noNetwork() {
        return noNetwork;
    }

    boolean noSpace() {
        return noSpace;
    }

    boolean locked() {
        return locked;
    }
}
