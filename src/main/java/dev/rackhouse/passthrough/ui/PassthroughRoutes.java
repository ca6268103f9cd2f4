package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.router.QueryParameters;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.VmId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The addresses of this capability's pages. */
public final class PassthroughRoutes {

    /** The wizard. */
    public static final String NEW = "passthrough/new";

    /** All checks of one node. */
    public static final String READINESS = "readiness/:lab/:node";

    /** Giving a device to a VM that exists already. */
    public static final String ATTACH = "passthrough/attach";

    /** Taking a device back from a VM. */
    public static final String DETACH = "passthrough/detach";

    static final String GUEST = "guest";
    static final String LAB = "lab";
    static final String NODE = "node";
    static final String DEVICE = "device";

    private PassthroughRoutes() {}

    /**
     * The wizard, opened for a node and perhaps a device.
     *
     * @param device a slot or a function: {@code 0000:0e:00}; null: the person chooses
     */
    public static String create(NodeRef node, @Nullable String device) {
        String link = NEW + "?" + LAB + "=" + node.lab() + "&" + NODE + "=" + encoded(node.node());
        return device == null ? link : link + "&" + DEVICE + "=" + encoded(device);
    }

    /** All checks of one node. */
    public static String readiness(NodeRef node) {
        return "readiness/" + node.lab() + "/" + node.node();
    }

    /**
     * The page that gives a device to a VM.
     *
     * @param guest null: the person chooses
     * @param device a slot or a function; null: the person chooses
     */
    public static String attach(NodeRef node, @Nullable GuestRef guest, @Nullable String device) {
        return ATTACH + "?" + LAB + "=" + node.lab() + "&" + NODE + "=" + encoded(node.node())
                + (guest == null ? "" : "&" + GUEST + "=" + guest.vmid())
                + (device == null ? "" : "&" + DEVICE + "=" + encoded(device));
    }

    /** The page that takes devices back from a VM. */
    public static String detach(GuestRef guest) {
        return DETACH + "?" + LAB + "=" + guest.lab() + "&" + GUEST + "=" + guest.vmid();
    }

    /** The guest that a page was opened for; empty when none is named, or none that could be one. */
    static Optional<GuestRef> guest(QueryParameters query) {
        try {
            return query.getSingleParameter(LAB)
                    .flatMap(lab -> query.getSingleParameter(GUEST)
                            .filter(number -> number.matches("[1-9][0-9]{2,8}"))
                            .map(number -> new GuestRef(LabId.parse(lab), new VmId(Integer.parseInt(number)))));
        } catch (IllegalArgumentException noGuest) {
            return Optional.empty();
        }
    }

    /** The node that a page was opened for; empty when none is named, or none that could be one. */
    static Optional<NodeRef> node(QueryParameters query) {
        try {
            return query.getSingleParameter(LAB)
                    .flatMap(lab -> query.getSingleParameter(NODE).map(node -> new NodeRef(LabId.parse(lab), node)));
        } catch (IllegalArgumentException noNode) {
            return Optional.empty();
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
