package dev.rackhouse.runbook;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;

/** A machine that is reached by SSH. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface Host {

    /** The lab whose credentials and pins are used. */
    LabId lab();

    /** As shown: {@code root@caraxes}. */
    String label();

    /** A node of the lab, as the user that the lab names for it. */
    record Node(NodeRef node) implements Host {
        @Override
        public LabId lab() {
            return node.lab();
        }

        @Override
        public String label() {
            return node.node();
        }
    }

    /**
     * A guest, reached through its node as jump host. Its host key is recorded by the run on first contact and must stay the same
     * within the run.
     *
     * @param address may be a placeholder, {@code {guest.address}}
     * @param port 1 to 65535
     */
    record GuestVia(NodeRef via, String user, String address, int port) implements Host {
        public GuestVia {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException(port + " is no port");
            }
        }

        @Override
        public LabId lab() {
            return via.lab();
        }

        @Override
        public String label() {
            return user + "@" + address + (port == 22 ? "" : ":" + port) + " via " + via.node();
        }
    }
}
