package dev.rackhouse.simulator.pve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Calls of root on a node, and waiting for tasks. */
final class Tasking {
    private final PveSimulator lab;

    Tasking(PveSimulator lab) {
        this.lab = lab;
    }

    LocalAnswer call(String method, String path, String... pairs) {
        Map<String, List<String>> form = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            form.put(pairs[i], List.of(pairs[i + 1]));
        }
        return lab.local("n1", method, path, form);
    }

    /** Makes a call that starts a task; answers its exit status. */
    String run(String method, String path, String... pairs) {
        LocalAnswer answer = call(method, path, pairs);
        assertTrue(answer.succeeded(), method + " " + path + ": " + answer);
        return exit(String.valueOf(answer.data()));
    }

    String start(String method, String path, String... pairs) {
        LocalAnswer answer = call(method, path, pairs);
        assertEquals(200, answer.status(), answer.toString());
        return String.valueOf(answer.data());
    }

    String exit(String upid) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline) {
            Object data = call("GET", "/nodes/" + upid.split(":")[1] + "/tasks/" + upid + "/status")
                    .data();
            if (data instanceof Map<?, ?> row && "stopped".equals(row.get("status"))) {
                return String.valueOf(row.get("exitstatus"));
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("Task does not end: " + upid);
    }

    Map<?, ?> config(int vmid) {
        return (Map<?, ?>) call("GET", "/nodes/n1/qemu/" + vmid + "/config").data();
    }
}
