package dev.rackhouse.inference.route;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a kind of router is asked and told. Pure: it makes commands and checks, and reads answers; it never talks itself. Contributed as
 * beans, one for each kind.
 */
public interface RouteController {

    RouterKind kind();

    /** Reads what the router does now: a GET, or a script that only reads. Never something that makes an engine compute. */
    Command look(RouterAt at);

    /** What the answer to {@link #look} tells; empty when it cannot be read. */
    Optional<RoutesNow> read(Answer answer);

    /**
     * New requests for these names are refused with 503 and Retry-After from here on; those that were accepted are carried to their end.
     *
     * @param names routes that are there; others are passed over
     */
    Changed drain(RouterAt at, RoutesNow now, Set<String> names, Holding holding);

    /**
     * Takes the map into use.
     *
     * @param now as it is after {@link #drain}
     */
    Changed activate(RouterAt at, RoutesNow now, RouteMap map);

    /** How it is seen that no accepted request of these names is under way; empty when the router does not tell. */
    Optional<Check> idle(RouterAt at, Set<String> names);

    /**
     * What somebody has to set up at the router before the map can be taken into use; a sentence each, with what to do.
     *
     * @param now as it was seen
     */
    default List<String> lacks(RouterAt at, RoutesNow now, RouteMap map) {
        return List.of();
    }

    /**
     * What stands before the paths of OpenAI's API when clients ask for this name; usually nothing.
     *
     * @return empty when the router's door cannot be asked from its own machine
     */
    default Optional<String> door(RoutesNow now, String name) {
        return Optional.of("");
    }

    /** What is wrong with driving a router so; a sentence each. */
    default List<String> doubts(RouterAt at) {
        return List.of();
    }

    /**
     * The steps, and what the router does after them.
     *
     * @param changes in order; undone in the opposite one
     */
    record Changed(List<RouteChange> changes, RoutesNow then) {
        public Changed {
            changes = List.copyOf(changes);
        }
    }

    /**
     * What clients are told while they wait.
     *
     * @param retryAfterSeconds 5 to 300
     * @param mode that is being switched to, as shown
     */
    record Holding(int retryAfterSeconds, String mode) {
        public Holding {
            if (retryAfterSeconds < 5 || retryAfterSeconds > 300) {
                throw new IllegalArgumentException("Clients wait between 5 and 300 seconds, not " + retryAfterSeconds);
            }
        }

        String message(String name) {
            return "Model " + name + " is offline: switching to " + mode + ", ready in about " + retryAfterSeconds
                    + " s";
        }
    }

    /**
     * Who answers from now on.
     *
     * @param id of the mode, for routers that know modes by name
     * @param mode as shown
     * @param active routes that forward
     * @param off names that nobody answers in this mode
     */
    record RouteMap(String id, String mode, List<ClientRoute> active, Set<String> off) {
        public RouteMap {
            active = List.copyOf(active);
            off = Set.copyOf(off);
        }
    }
}
