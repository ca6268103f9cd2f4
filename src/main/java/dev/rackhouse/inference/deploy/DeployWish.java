package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.Mode;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.ModelFiles;
import dev.rackhouse.inference.Problem;
import dev.rackhouse.inference.Route;
import dev.rackhouse.inference.ServingEngine;
import dev.rackhouse.inference.live.StartTimes;
import dev.rackhouse.runbook.Host;
import java.util.List;

/**
 * A deployment that is wanted, with what the registry knows about it.
 *
 * @param alternatives other files of the model that the engine runs
 * @param unified the place is a Mac
 * @param problems what the registry's own rules say against it
 * @param registered all deployments
 * @param routes all that are registered
 * @param starts past starts of the deployment
 * @param tokenKnown the console has a token for the publisher of gated models
 * @param placeTitle as shown
 */
record DeployWish(
        Deployment deployment,
        Model model,
        ModelFiles files,
        ServingEngine engine,
        boolean unified,
        List<Problem> problems,
        List<Deployment> registered,
        List<Mode> modes,
        List<Route> routes,
        StartTimes starts,
        boolean tokenKnown,
        Host host,
        String placeTitle,
        List<String> locks) {

    DeployWish {
        problems = List.copyOf(problems);
        registered = List.copyOf(registered);
        modes = List.copyOf(modes);
        routes = List.copyOf(routes);
        locks = List.copyOf(locks);
    }
}
