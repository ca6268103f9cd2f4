package dev.rackhouse.inventory;

/** Sources as shown beside a fact. */
final class Words {

    static final String API = "Proxmox API";
    static final String PROBE = "probe over SSH";
    static final String SSH = "SSH";

    private Words() {}
}
