package dev.rackhouse.renumbering.ui;

import com.vaadin.flow.router.QueryParameters;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The address of this capability's page. */
public final class RenumberRoutes {

    /** Which devices moved on a node, and the run that puts names right. */
    public static final String RENUMBER = "renumbering";

    private static final String LAB = "lab";
    private static final String NODE = "node";

    private RenumberRoutes() {}

    public static String of(NodeRef node) {
        return RENUMBER + "?" + LAB + "=" + node.lab() + "&" + NODE + "="
                + URLEncoder.encode(node.node(), StandardCharsets.UTF_8);
    }

    /** Empty when the parameters name no node. */
    static Optional<NodeRef> node(QueryParameters query) {
        try {
            return query.getSingleParameter(LAB)
                    .flatMap(lab -> query.getSingleParameter(NODE).map(node -> new NodeRef(LabId.parse(lab), node)));
        } catch (IllegalArgumentException noNode) {
            return Optional.empty();
        }
    }
}
