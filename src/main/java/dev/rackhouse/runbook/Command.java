package dev.rackhouse.runbook;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.rackhouse.base.LabId;
import dev.rackhouse.proxmox.PveMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a step does to a machine, as data: previewed literally, stored, sent, compared, exported. Texts may hold placeholders,
 * {@code {guest.address}}, whose values an earlier step binds; {@code {run}} is the number of the run, {@code {run.mark}} the same
 * made unique among consoles, {@code {secret.NAME}} a secret given at the start. Braces around anything else stay as they are.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface Command {

    /**
     * A call of the Proxmox API. When it answers with a UPID, the command is done when that task has ended well.
     *
     * @param path below {@code /api2/json}, starting with a slash; parts that may hold anything are percent-encoded by the caller
     *     ({@code PvePath.of}); bound values are encoded when they are filled in
     * @param form parameters; a key with several values is repeated
     */
    record ApiCall(LabId lab, PveMethod method, String path, SortedMap<String, List<String>> form) implements Command {

        public ApiCall {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("'" + path + "' is no path: it starts with a slash");
            }
            SortedMap<String, List<String>> copy = new TreeMap<>();
            form.forEach((key, values) -> copy.put(key, List.copyOf(values)));
            form = Collections.unmodifiableSortedMap(copy);
        }

        public static ApiCall get(LabId lab, String path) {
            return new ApiCall(lab, PveMethod.GET, path, new TreeMap<>());
        }

        public static ApiCall post(LabId lab, String path) {
            return new ApiCall(lab, PveMethod.POST, path, new TreeMap<>());
        }

        public static ApiCall put(LabId lab, String path) {
            return new ApiCall(lab, PveMethod.PUT, path, new TreeMap<>());
        }

        public static ApiCall delete(LabId lab, String path) {
            return new ApiCall(lab, PveMethod.DELETE, path, new TreeMap<>());
        }

        /** A copy with one more value for the key; called again with the same key, the key is repeated. */
        public ApiCall with(String key, Object value) {
            SortedMap<String, List<String>> copy = new TreeMap<>(form);
            List<String> values = new ArrayList<>(copy.getOrDefault(key, List.of()));
            values.add(String.valueOf(value));
            copy.put(key, values);
            return new ApiCall(lab, method, path, copy);
        }
    }

    /**
     * A script for {@code sh}. As the command of a step it runs under a small wrapper that keeps its output and exit code on the
     * host, so that it is never run twice; as the read of a {@link Check} it runs directly and must change nothing. It succeeds
     * with exit code 0.
     *
     * @param timeout after which it is ended on the host; at least one second
     */
    record Shell(Host host, String script, Duration timeout) implements Command {
        public Shell {
            if (timeout.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("A script needs at least a second");
            }
        }
    }

    /**
     * Replaces one file as a whole, atomically. Refused when the file does not hold {@code before}; nothing to do when it already
     * holds {@code after}.
     *
     * @param before the recorded content; null: the file is absent
     * @param after the wanted content; null: the file is removed
     * @param owner {@code root:root} or numbers, {@code 1000:1000}, for a new file; an existing one keeps its own
     * @param mode octal, {@code 0644}, for a new file; an existing one keeps its own
     */
    record FileEdit(
            Host host,
            String path,
            @Nullable String before,
            @Nullable String after,
            String owner,
            String mode) implements Command {
        public FileEdit {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("'" + path + "' is no absolute path");
            }
            if (!owner.matches("root:root|\\d{1,9}:\\d{1,9}")) {
                throw new IllegalArgumentException("'" + owner + "' is no owner: root:root, or two numbers");
            }
            if (!mode.matches("0?[0-7]{3}")) {
                throw new IllegalArgumentException("'" + mode + "' is no mode like 0644");
            }
        }

        /** The edit that puts the recorded content back. */
        public FileEdit reversed() {
            return new FileEdit(host, path, after, before, owner, mode);
        }
    }

    /**
     * Writes a value into one file of sysfs, in place and in one go: such files cannot be replaced, and what is written is an order to
     * the kernel that need not be what is read afterwards. So it needs a proof of its own.
     *
     * @param path below {@code /sys/}
     * @param value without line end; empty clears the attribute: a line end alone is written
     */
    record SysfsWrite(Host host, String path, String value) implements Command {
        public SysfsWrite {
            if (!path.startsWith("/sys/") || path.contains("/../") || path.endsWith("/..")) {
                throw new IllegalArgumentException("'" + path + "' is no file of sysfs");
            }
            if (value.chars().anyMatch(c -> c < ' ')) {
                throw new IllegalArgumentException("A value for sysfs is one line");
            }
        }
    }

    /**
     * One HTTP request to a program on a host. It succeeds with a status below 400. It must do no harm when it is sent twice: whoever
     * resumes a run looks first, by {@code unless} or {@code confirm}, and sends it again when it finds nothing.
     *
     * @param path starting with a slash, with its query; parts that may hold anything are percent-encoded by the caller
     * @param body JSON; null: none
     * @param timeout for the whole answer; at least a second, at most five minutes, since nothing else happens in the run meanwhile
     * @param asks whether it leaves everything as it was
     */
    record ServiceCall(
            Host host,
            Service service,
            PveMethod method,
            String path,
            @Nullable String body,
            Duration timeout,
            boolean asks)
            implements Command {
        public ServiceCall {
            if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new IllegalArgumentException("'" + path + "' is no path of a request");
            }
            if (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(Duration.ofMinutes(5)) > 0) {
                throw new IllegalArgumentException("A request takes between a second and five minutes");
            }
        }

        public static ServiceCall get(Host host, Service service, String path) {
            return new ServiceCall(host, service, PveMethod.GET, path, null, Duration.ofSeconds(30), true);
        }

        public static ServiceCall post(Host host, Service service, String path, @Nullable String body) {
            return new ServiceCall(host, service, PveMethod.POST, path, body, Duration.ofSeconds(60), false);
        }

        public static ServiceCall put(Host host, Service service, String path, String body) {
            return new ServiceCall(host, service, PveMethod.PUT, path, body, Duration.ofSeconds(60), false);
        }

        public static ServiceCall delete(Host host, Service service, String path) {
            return new ServiceCall(host, service, PveMethod.DELETE, path, null, Duration.ofSeconds(60), false);
        }

        /** A question that is posted, as models are asked: it leaves nothing behind. */
        public static ServiceCall ask(Host host, Service service, String path, String body) {
            return new ServiceCall(host, service, PveMethod.POST, path, body, Duration.ofSeconds(60), true);
        }

        /** A copy with another time limit. */
        public ServiceCall limit(Duration limit) {
            return new ServiceCall(host, service, method, path, body, limit, asks);
        }
    }

    /**
     * Changes nothing: waits until something is so. Within zero it is looked at once.
     *
     * @param what completes "waiting: ...": {@code the guest answers on SSH}
     */
    record Wait(String what, Proof until) implements Command {}

    /** The run waits for the given time; nothing is looked at. */
    record Pause(String what, Duration time) implements Command {}

    /** Whether sending it may change something. */
    default boolean changes() {
        return switch (this) {
            case ApiCall call -> call.method().changes() && !call.path().endsWith("/agent/ping");
            case ServiceCall call -> !call.asks();
            case Shell _, FileEdit _, SysfsWrite _ -> true;
            case Wait _, Pause _ -> false;
        };
    }
}
