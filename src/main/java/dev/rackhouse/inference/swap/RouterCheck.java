package dev.rackhouse.inference.swap;

import dev.rackhouse.inference.route.ClientRoute;
import dev.rackhouse.inference.route.RouteController;
import dev.rackhouse.inference.route.RouteController.RouteMap;
import dev.rackhouse.inference.route.RouterKind;
import dev.rackhouse.inference.swap.SwapPlan.Routing;
import dev.rackhouse.inference.swap.SwapReadiness.Blocked;
import dev.rackhouse.inference.swap.SwapReadiness.Finding;
import dev.rackhouse.inference.swap.SwapReadiness.Ready;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Whether the router of a plan is set up for the mode: it would be told only after the old set has been stopped. Pure. */
final class RouterCheck {

    private RouterCheck() {}

    /** @param controllers who drives each kind */
    static SwapReadiness of(SwapReadiness judged, Function<RouterKind, RouteController> controllers) {
        if (!(judged instanceof Ready ready)) {
            return judged;
        }
        Routing routing = ready.plan().router();
        if (routing == null) {
            return judged;
        }
        RouteController controller = controllers.apply(routing.at().kind());
        List<Finding> findings = new ArrayList<>(ready.findings());
        List<String> lacks = controller.lacks(
                routing.at(),
                routing.now(),
                new RouteMap(ready.plan().mode(), ready.plan().modeTitle(), routing.active(), routing.off()));
        lacks.forEach(lack -> findings.add(Finding.blocks(
                lack, "Nobody would reach the engines of " + ready.plan().modeTitle() + ".", "")));
        routing.active().stream()
                .map(ClientRoute::name)
                .filter(name -> controller.door(routing.now(), name).isEmpty())
                .forEach(
                        name -> findings.add(
                                Finding.informs(
                                        "Whether clients reach " + name + " through "
                                                + routing.at().name() + " is not asked.",
                                        "Its rule wants more than a path. The engine itself is asked, and the router whether it took the route.")));
        return lacks.isEmpty() ? new Ready(ready.plan(), findings) : new Blocked(findings);
    }
}
