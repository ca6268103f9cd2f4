package dev.rackhouse.passthrough.fuzz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One PCI function of a host that is being made. */
final class Fn {

    final String address;
    final String ids;
    final String code;
    /** In sysfs, itself at the end. */
    final String path;

    final boolean bridge;

    @Nullable
    String driver;

    @Nullable
    Integer group;

    final Map<String, String> attributes = new LinkedHashMap<>();
    /** Why the host cannot live without it, each as a chain. */
    final List<String> reasons = new ArrayList<>();
    /** The running guest that has it. */
    @Nullable
    String holder;

    Fn(String address, String ids, String code, String above, boolean bridge, @Nullable String driver) {
        this.address = address;
        this.ids = ids;
        this.code = code;
        this.path = above + "/" + address;
        this.bridge = bridge;
        this.driver = driver;
    }

    String slot() {
        return address.substring(0, address.lastIndexOf('.'));
    }

    boolean is(String codes) {
        return code.startsWith(codes);
    }

    boolean virtual() {
        return attributes.containsKey("vf");
    }

    /** A part of the board that must stay, as opposed to dummies that nobody misses. */
    boolean board() {
        return !bridge
                && (is("0601")
                        || is("0c05")
                        || is("05")
                        || is("08")
                        || is("108000") && ids.startsWith("1022:")
                        || is("0c8000") && ids.startsWith("8086:"));
    }

    /** Something that could be given to a guest at all. */
    boolean endpoint() {
        return !bridge && !board() && !is("06") && !is("13");
    }

    /** What a board's management controller draws on: nobody computes on it. */
    boolean managementScreen() {
        return is("03") && ids.startsWith("1a03:");
    }

    void needed(String chain) {
        reasons.add(address + " <- " + chain);
    }
}
