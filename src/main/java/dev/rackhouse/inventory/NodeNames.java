package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import java.util.UUID;

/** Whether a text from outside can name a node at all. */
final class NodeNames {

    private static final LabId ANY = new LabId(new UUID(0, 0));

    private NodeNames() {}

    static boolean valid(String name) {
        try {
            return new NodeRef(ANY, name).node().equals(name);
        } catch (IllegalArgumentException noName) {
            return false;
        }
    }
}
