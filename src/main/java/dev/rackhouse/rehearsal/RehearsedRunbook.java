package dev.rackhouse.rehearsal;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.runbook.Rehearsal;
import dev.rackhouse.runbook.Runbook;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How one runbook is rehearsed: on which machines, with which plans. Plans are made by the console's own parts from what they have
 * discovered, as a screen makes them.
 *
 * @param <P> the runbook's plan
 */
interface RehearsedRunbook<P> {

    /** The runbook's name: {@code create-passthrough-vm}. */
    String name();

    /** The runbook's bean. */
    Class<? extends Runbook<P>> runbook();

    List<Scene> scenes();

    /** How many times faster than real the lab runs; less where something on its machines waits for the console. */
    default double speed() {
        return 100;
    }

    /**
     * What the console is started with beside the usual.
     *
     * @param folder for files of this rehearsal
     */
    default Map<String, Object> settings(Path folder) {
        return Map.of();
    }

    /**
     * Brings the lab into the state from which the scene begins. Called before the plans are made, and again after each of the
     * rehearsal's resets; what it makes counts as having been there before.
     */
    default void prepare(Workbench workbench, Control control, NodeRef node) {}

    /**
     * The plans for one scene, each played from the same beginning. Called with the lab running and the node probed.
     *
     * @param control the lab's control page, to prepare the scene; what is changed there is undone by the rehearsal's resets
     */
    List<Planned<P>> plans(Workbench workbench, Control control, NodeRef node);

    /** Whether it must end with the same engines running, and the same asleep, as it began with. */
    default boolean comparesEngines() {
        return false;
    }

    /** What goes wrong by itself in the pretend lab, each played once with the first plan. */
    default List<Rehearsal.Mishap> mishaps(Control control, NodeRef node, P plan) {
        return List.of();
    }

    /** What there is to play in a scene. */
    sealed interface Planned<P> {

        /** Tells plans of one scene apart: {@code 0000:0e:00, bound early}. */
        String what();

        record Plan<P>(String what, P plan) implements Planned<P> {}

        /** The console refuses to plan this here, which is the expected outcome. */
        record Refused<P>(String what, String why) implements Planned<P> {}
    }
}
