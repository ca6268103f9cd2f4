package dev.rackhouse.passthrough.ui;

import dev.rackhouse.base.NodeRef;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The addresses of this capability's pages. */
public final class PassthroughRoutes {

    /** The wizard. */
    public static final String NEW = "passthrough/new";

    /** All checks of one node. */
    public static final String READINESS = "readiness/:lab/:node";

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

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
