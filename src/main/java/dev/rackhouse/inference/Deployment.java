package dev.rackhouse.inference;

import dev.rackhouse.inference.fit.ServingProfile;
import java.util.List;

/**
 * A model served by an engine in a place: everything that its container or process is made from.
 *
 * @param files the name of the model's files
 * @param gpus none on a Mac
 * @param image of the container, with a tag; on a Mac the program
 * @param port on the place, by which clients reach it
 * @param servedName the name that clients ask for
 * @param modelDirectory where files lie in the place
 * @param declared it stands in the inference file, which is the only place to change it
 */
public record Deployment(
        DeploymentId id,
        ModelId model,
        String files,
        EngineKind engine,
        PlaceRef place,
        List<GpuPin> gpus,
        String image,
        int port,
        String servedName,
        String modelDirectory,
        ServingProfile profile,
        boolean declared) {

    public Deployment {
        gpus = List.copyOf(gpus);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(port + " is no port");
        }
        if (!image.matches("[A-Za-z0-9/][A-Za-z0-9._:/@-]{0,200}")) {
            throw new IllegalArgumentException("'" + image + "' is no image with a tag, and no path of a program");
        }
        if (!servedName.matches("[A-Za-z0-9][A-Za-z0-9._:/-]{0,100}")) {
            throw new IllegalArgumentException("'" + servedName + "' is no name that clients could ask for");
        }
        if (!modelDirectory.matches("/[A-Za-z0-9._/-]{0,200}") || modelDirectory.contains("..")) {
            throw new IllegalArgumentException("'" + modelDirectory + "' is no directory");
        }
        if (gpus.stream().map(GpuPin::uuid).distinct().count() != gpus.size()) {
            throw new IllegalArgumentException("a GPU is named twice");
        }
    }

    public boolean holds(GpuPin pin) {
        return gpus.stream().anyMatch(g -> g.uuid().equals(pin.uuid()));
    }
}
