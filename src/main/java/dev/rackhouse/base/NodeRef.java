package dev.rackhouse.base;

/**
 * One machine of a lab, by the name it calls itself: a Proxmox node, or a plain host reached by SSH.
 *
 * @param node at most 63 characters; letters, digits and inner hyphens (a DNS label, as Proxmox demands of node names)
 */
public record NodeRef(LabId lab, String node) {

    public NodeRef {
        if (!node.matches("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")) {
            throw new IllegalArgumentException("'" + node + "' is no name of a node");
        }
    }

    @Override
    public String toString() {
        return lab + "/" + node;
    }

    /** Reads back what {@link #toString()} wrote. */
    public static NodeRef parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("'" + text + "' is no reference to a node");
        }
        return new NodeRef(LabId.parse(text.substring(0, slash)), text.substring(slash + 1));
    }
}
