package dev.rackhouse.preparation.ui;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;
import java.util.Locale;

/** The addresses of this capability's pages. */
public final class PreparationRoutes {

    static final String PAGE = "preparation/:lab/:node";
    static final String WISH = "wish";
    static final String EARLY = "early";

    /** What a link may ask for beside what the page suggests by itself. */
    public enum Wish {
        IOMMU,
        STRAY,
        VIRQFD,
        PAGES
    }

    private PreparationRoutes() {}

    /** The page, with what it suggests. */
    public static String of(NodeRef node) {
        return "preparation/" + node.lab() + "/" + node.node();
    }

    public static String of(NodeRef node, Wish wish) {
        return of(node) + "?" + WISH + "=" + wish.name().toLowerCase(Locale.ROOT);
    }

    /** The page, with this slot bound early. */
    public static String early(NodeRef node, PciSlot slot) {
        return of(node) + "?" + EARLY + "=" + slot;
    }
}
