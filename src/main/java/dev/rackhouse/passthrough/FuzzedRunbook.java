package dev.rackhouse.passthrough;

import dev.rackhouse.runbook.Outline;
import java.util.List;

/**
 * A runbook as {@link FuzzCommand} holds it against made hosts: every outline that the console would build for a host and some of its
 * devices. Registered in {@link FuzzCommand#RUNBOOKS}.
 */
interface FuzzedRunbook {

    /** As it is called in a violation. */
    String name();

    /**
     * The outlines, as they would be previewed when every warning is ticked; empty when the console refuses. Pure.
     *
     * @param site the host as a place, its facts parsed from a probe
     * @param devices slots and functions, as a person could name them, right or wrong
     */
    List<Outline> outlines(Site site, Examined host, List<String> devices);
}
