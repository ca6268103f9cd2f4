package dev.rackhouse.inference;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.VmId;

/** Where models run: in a guest, or on a host that SSH reaches (a Docker host, a Mac). */
public sealed interface PlaceRef {

    LabId lab();

    record InGuest(GuestRef guest) implements PlaceRef {
        @Override
        public LabId lab() {
            return guest.lab();
        }

        @Override
        public String toString() {
            return "guest:" + guest;
        }
    }

    record OnHost(NodeRef node) implements PlaceRef {
        @Override
        public LabId lab() {
            return node.lab();
        }

        @Override
        public String toString() {
            return "host:" + node;
        }
    }

    /** Reads what {@code toString()} wrote. */
    static PlaceRef parse(String text) {
        if (text.startsWith("host:")) {
            return new OnHost(NodeRef.parse(text.substring(5)));
        }
        int slash = text.indexOf('/');
        if (text.startsWith("guest:") && slash > 0) {
            return new InGuest(new GuestRef(
                    LabId.parse(text.substring(6, slash)), new VmId(Integer.parseInt(text.substring(slash + 1)))));
        }
        throw new IllegalArgumentException("'" + text + "' is no place");
    }
}
