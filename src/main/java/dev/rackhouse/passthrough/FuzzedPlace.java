package dev.rackhouse.passthrough;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.ProtectedSet;
import java.util.List;
import java.util.Random;

/** A made host as the console sees it: what it can know, and nothing of what the maker knows. */
public final class FuzzedPlace {

    static final LabId LAB = LabId.parse("00000000-0000-4000-8000-00000000f022");

    private final long seed;
    private final String probe;
    private final Examined examined;
    private final List<String> names;

    /** @param names slots and functions that could be named */
    FuzzedPlace(long seed, String probe, HostFacts facts, List<String> names) {
        this.seed = seed;
        this.probe = probe;
        this.examined = Examined.of(facts);
        this.names = List.copyOf(names);
    }

    public NodeRef node() {
        return new NodeRef(LAB, facts().hostname());
    }

    public HostFacts facts() {
        return examined.facts();
    }

    public ProtectedSet needed() {
        return examined.needed();
    }

    /** What the host printed. */
    public String probe() {
        return probe;
    }

    /** Slots and functions that could be named on this host. */
    public List<String> names() {
        return names;
    }

    /** Random numbers that are the same each time this host is made, and others for each purpose. */
    public Random random(String purpose) {
        return new Random(seed * 31 + purpose.hashCode());
    }

    Examined examined() {
        return examined;
    }
}
