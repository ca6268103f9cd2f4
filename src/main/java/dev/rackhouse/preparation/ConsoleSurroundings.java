package dev.rackhouse.preparation;

import java.util.List;
import java.util.Set;

/**
 * Where this console lives and what it needs to live, as its own settings and interfaces tell. Names are not looked up: an address
 * that only the DNS knows is compared by name.
 *
 * @param hostName of the machine that the console runs on
 * @param addresses of its interfaces, without loopback
 * @param macs of its interfaces, in lower case
 * @param needs what it cannot do without
 */
public record ConsoleSurroundings(String hostName, Set<String> addresses, Set<String> macs, List<Need> needs) {

    /**
     * One service that the console needs.
     *
     * @param what {@code the database}
     * @param host name or address, as the settings name it
     */
    public record Need(String what, String host) {}

    public ConsoleSurroundings {
        addresses = Set.copyOf(addresses);
        macs = Set.copyOf(macs);
        needs = List.copyOf(needs);
    }
}
