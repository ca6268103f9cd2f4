package dev.rackhouse.simulator.pve;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One checked request on its way to the code of its call. */
final class Req {
    final World world;
    final ApiCall call;
    final Map<String, Object> params;
    final Caller caller;
    private final @Nullable Node node;
    final Node arrived;
    final byte @Nullable [] upload;

    Req(
            World world,
            ApiCall call,
            Map<String, Object> params,
            Caller caller,
            @Nullable Node node,
            Node arrived,
            byte @Nullable [] upload) {
        this.world = world;
        this.call = call;
        this.params = params;
        this.caller = caller;
        this.node = node;
        this.arrived = arrived;
        this.upload = upload;
    }

    /** The node that the path names; calls without one run where they arrived. */
    Node node() {
        return node == null ? arrived : node;
    }

    @Nullable
    String opt(String name) {
        Object value = params.get(name);
        return value == null ? null : value.toString();
    }

    String get(String name) {
        String value = opt(name);
        if (value == null) {
            throw new IllegalStateException(call.key() + " without " + name);
        }
        return value;
    }

    String get(String name, String otherwise) {
        String value = opt(name);
        return value == null ? otherwise : value;
    }

    boolean has(String name) {
        return params.containsKey(name);
    }

    boolean flag(String name) {
        return "1".equals(opt(name));
    }

    int number(String name, int otherwise) {
        String value = opt(name);
        return value == null ? otherwise : (int) Math.min(Integer.MAX_VALUE, Long.parseLong(value));
    }

    long number(String name, long otherwise) {
        String value = opt(name);
        return value == null ? otherwise : Long.parseLong(value);
    }

    int vmid() {
        return Integer.parseInt(get("vmid"));
    }

    /** The guest in the path; the kind is in the path, too. */
    Guest guest() {
        return world.guest(call.path().contains("/lxc") ? "lxc" : "qemu", node(), vmid());
    }

    List<String> list(String name) {
        return Validator.strings(params.get(name));
    }

    void need(String path, String... privileges) {
        world.rights.need(caller, path, privileges);
    }

    boolean may(String path, String... anyOf) {
        return world.rights.any(caller, path, anyOf);
    }

    /** Only root@pam by ticket may use these request options. */
    void rootOnly(String... names) {
        for (String name : names) {
            if (has(name) && !caller.isRoot()) {
                throw ApiError.parameter(name, "Only root may use this option.");
            }
        }
    }

    String task(String type, String id, Task.Work work) {
        return world.tasks.start(node(), type, id, caller, work);
    }

    static Map<String, @Nullable Object> row() {
        return new LinkedHashMap<>();
    }
}
