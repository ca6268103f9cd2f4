package dev.rackhouse.simulator.serving;

/** Loading images from outside: how long it takes, and why it fails. */
public final class Pulls {
    private static final double SECONDS = 12;

    private final DockerDaemon daemon;

    public Pulls(DockerDaemon daemon) {
        this.daemon = daemon;
    }

    /**
     * Loads an image.
     *
     * @return whether it is new on the disk
     * @throws DockerRefusal with the daemon's sentence
     */
    public boolean pull(String image) throws DockerRefusal, InterruptedException {
        Computer computer = daemon.computer();
        computer.tempo().sleep(SECONDS);
        if (computer.noNetwork()) {
            throw new DockerRefusal(
                    500,
                    "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: Temporary failure in name"
                            + " resolution");
        }
        if (computer.noSpace()) {
            throw new DockerRefusal(500, "failed to register layer: write /usr/bin/bash: no space left on device");
        }
        if (image.contains("nosuch")) {
            throw new DockerRefusal(
                    404, "manifest for " + Images.tagged(image) + " not found: manifest unknown: manifest unknown");
        }
        return daemon.putImage(image);
    }
}
