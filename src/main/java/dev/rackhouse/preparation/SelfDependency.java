package dev.rackhouse.preparation;

import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.InterfaceAddress;
import dev.rackhouse.inventory.fact.NetInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a host carries the console itself, or what the console needs to live. Then nobody watches while the host is away: the run
 * goes on when the console is back, and somebody must be at the machine in case it does not come back. Pure.
 */
public final class SelfDependency {

    /**
     * Something of the console that this host carries.
     *
     * @param what {@code the console itself}, {@code the database}
     * @param through the host, or the guest in which it runs: {@code VM 105 (rackhouse)}
     */
    public record Carried(String what, String through) {
        @Override
        public String toString() {
            return what + " (" + through + ")";
        }
    }

    private SelfDependency() {}

    /** What the host carries; empty when the console does not depend on it as far as its settings and interfaces tell. */
    public static List<Carried> of(ConsoleSurroundings console, HostFacts facts, String node, List<Guest> guests) {
        List<Carried> carried = new ArrayList<>();
        Set<String> own = facts.addresses().stream()
                .map(InterfaceAddress::address)
                .filter(a -> !a.startsWith("127.") && !a.equals("::1"))
                .collect(Collectors.toSet());
        Set<String> ownMacs = facts.interfaces().stream()
                .map(NetInterface::mac)
                .map(SelfDependency::lower)
                .filter(SelfDependency::real)
                .collect(Collectors.toSet());
        if (sameName(console.hostName(), node) || meets(own, console.addresses()) || meets(ownMacs, console.macs())) {
            carried.add(new Carried("the console itself", node));
        }
        for (Guest guest : guests) {
            if (meets(Set.copyOf(guest.macs()), console.macs())
                    || meets(Set.copyOf(guest.addresses()), console.addresses())) {
                carried.add(new Carried("the console itself", guest.label()));
            }
        }
        for (ConsoleSurroundings.Need need : console.needs()) {
            if (own.contains(need.host()) || sameName(need.host(), node)) {
                carried.add(new Carried(need.what(), node));
            }
            guests.stream()
                    .filter(g -> g.addresses().contains(need.host()) || named(g, need.host()))
                    .forEach(g -> carried.add(new Carried(need.what(), g.label())));
        }
        return carried.stream().distinct().toList();
    }

    private static boolean named(Guest guest, String host) {
        String label = guest.label();
        int open = label.indexOf('(');
        return open >= 0 && label.endsWith(")") && sameName(host, label.substring(open + 1, label.length() - 1));
    }

    /** Compares without domain; addresses are no names. */
    private static boolean sameName(String one, String other) {
        String a = lower(one).replaceFirst("\\..*", "");
        String b = lower(other).replaceFirst("\\..*", "");
        return !a.isEmpty() && !a.matches("[0-9]+") && a.equals(b);
    }

    private static boolean meets(Set<String> some, Set<String> others) {
        return some.stream().anyMatch(s -> !s.isEmpty() && others.contains(s));
    }

    private static boolean real(String mac) {
        return !mac.isEmpty() && !mac.equals("00:00:00:00:00:00");
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
