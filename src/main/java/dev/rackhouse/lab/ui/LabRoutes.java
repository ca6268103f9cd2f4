package dev.rackhouse.lab.ui;

import dev.rackhouse.base.LabId;

/** The addresses of the pages about labs. */
public final class LabRoutes {

    static final String LABS = "labs";
    static final String CONNECT = "labs/connect";
    static final String LAB = "labs/:lab";
    static final String TRUST = "labs/:lab/trust";

    private LabRoutes() {}

    /** The list. */
    public static String labs() {
        return LABS;
    }

    /** One lab. */
    public static String lab(LabId id) {
        return LABS + "/" + id;
    }

    /** Where a changed certificate or host key is looked at and accepted. */
    public static String trust(LabId id) {
        return lab(id) + "/trust";
    }

    /** The wizard. */
    public static String connect() {
        return CONNECT;
    }
}
