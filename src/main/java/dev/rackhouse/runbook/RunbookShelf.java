package dev.rackhouse.runbook;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All runbooks that this version of the console has. */
public final class RunbookShelf {

    private final Map<String, Runbook<?>> byName = new TreeMap<>();

    RunbookShelf(Collection<? extends Runbook<?>> runbooks) {
        for (Runbook<?> runbook : runbooks) {
            if (byName.put(runbook.name(), runbook) != null) {
                throw new IllegalStateException("Two runbooks are named '" + runbook.name() + "'");
            }
        }
    }

    public Optional<Runbook<?>> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** By name. */
    public Collection<Runbook<?>> list() {
        return byName.values();
    }

    /** Whether it is the same runbook as the one that made a run. */
    boolean knows(String name, int version) {
        return find(name).map(runbook -> runbook.version() == version).orElse(false);
    }

    /** As shown: {@code Create passthrough VM}; the bare name when this version has it no more. */
    public String title(String name) {
        return find(name).map(Runbook::title).orElse(name);
    }
}
