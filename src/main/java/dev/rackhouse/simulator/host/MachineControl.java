package dev.rackhouse.simulator.host;

import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What whoever controls the lab wishes for a machine. Each key of the wishes is one thing; seconds are simulated ones.
 *
 * <table>
 * <caption>keys</caption>
 * <tr><td>{@code bootsWithoutNetwork: 1}</td><td>so many of the next boots end without a network</td></tr>
 * <tr><td>{@code bootsNowhere: 1}</td><td>so many of the next boots never end</td></tr>
 * <tr><td>{@code move: {"0000:0e:00": "0000:0f:00"}}</td><td>from the next boot on cards are in other slots; interfaces are
 * called after them</td></tr>
 * <tr><td>{@code missing: ["0000:0e:00"]}</td><td>from the next boot on they are gone; an empty list brings them back</td></tr>
 * <tr><td>{@code bios: "5100"}, {@code biosDate: "01/02/2026"}, {@code iommu: false}</td><td>another firmware, VT-d or AMD-Vi
 * off, from the next boot on</td></tr>
 * <tr><td>{@code free: {"/boot": 0}}, {@code readOnly: {"/boot": true}}</td><td>room in bytes; {@code esp} for the boot
 * partitions</td></tr>
 * <tr><td>{@code powerCutSeconds: 30}</td><td>the power goes then; with {@code comesBack: false} for good, with
 * {@code torn: true} a boot file that is being written stays half written</td></tr>
 * <tr><td>{@code cutNextBootFile: true}</td><td>the power goes in the middle of the next {@code update-initramfs} or
 * {@code update-grub}, and comes back; with {@code torn: true} the file is left half written</td></tr>
 * <tr><td>{@code writeFile: {path, content}}</td><td>a second admin writes a file, content null removes it</td></tr>
 * <tr><td>{@code cutNextWrite: "connection"} or {@code "power"}</td><td>in the middle of the next file transfer</td></tr>
 * <tr><td>{@code powerOn: true}</td><td>somebody presses the button</td></tr>
 * </table>
 */
final class MachineControl implements SftpAccess.Watch {
    private final SimulatedMachine machine;
    private final AtomicReference<String> cutNextWrite = new AtomicReference<>("");

    MachineControl(SimulatedMachine machine) {
        this.machine = machine;
    }

    @Override
    public void written(String name) {
        if (name.startsWith("/sys/")) {
            machine.look();
        }
    }

    @Override
    public String refusal(String name) {
        return machine.space().refusal(name, 1);
    }

    @Override
    public Optional<Runnable> breaks(String name) {
        return switch (cutNextWrite.getAndSet("")) {
            case "connection" -> Optional.of(() -> {});
            case "power" -> Optional.of(() -> Thread.ofVirtual().start(() -> machine.powerCut(true, false)));
            default -> Optional.empty();
        };
    }

    /** @return how the machine is now */
    Map<String, Object> apply(Map<String, @Nullable Object> wishes) {
        Power power = machine.power();
        boolean comesBack = !Boolean.FALSE.equals(wishes.get("comesBack"));
        boolean torn = Boolean.TRUE.equals(wishes.get("torn"));
        wishes.forEach((key, value) -> {
            switch (key) {
                case "bootsWithoutNetwork" -> power.withoutNetwork((int) number(value));
                case "bootsNowhere" -> power.nowhere((int) number(value));
                case "move", "missing", "bios", "biosDate", "iommu" ->
                    power.hardware(changed(power.hardware(), key, value));
                case "free" ->
                    map(value).forEach((place, bytes) -> machine.space().free(place, number(bytes)));
                case "readOnly" ->
                    map(value).forEach((place, on) -> machine.space().readOnly(place, Boolean.TRUE.equals(on)));
                case "powerCutSeconds" ->
                    machine.lab().pace().after(number(value), () -> machine.powerCut(comesBack, torn));
                case "cutNextBootFile" -> machine.bootFiles().cutNext(torn);
                case "comesBack", "torn" -> {}
                case "writeFile" -> write(map(value));
                case "cutNextWrite" -> cutNextWrite.set(String.valueOf(value));
                case "powerOn" -> power.on(machine.whenReachable());
                default -> throw new IllegalArgumentException("No such wish: " + key);
            }
        });
        Map<String, Object> now = new LinkedHashMap<>();
        now.put("state", power.state());
        now.put("boots", power.boots());
        now.put("hardware", power.hardware().toString());
        now.put("digest", machine.digest());
        now.put("differences", machine.differences().lines().toList());
        return now;
    }

    private static Hardware changed(Hardware old, String key, @Nullable Object value) {
        String text = value == null ? null : value.toString();
        return switch (key) {
            case "move" -> {
                Map<String, String> moves = new LinkedHashMap<>();
                map(value).forEach((from, to) -> moves.put(from, String.valueOf(to)));
                yield new Hardware(moves, old.missing(), old.bios(), old.biosDate(), old.iommu());
            }
            case "missing" -> {
                Set<String> missing = new LinkedHashSet<>();
                if (value instanceof Iterable<?> all) {
                    all.forEach(slot -> missing.add(String.valueOf(slot)));
                }
                yield new Hardware(old.moves(), missing, old.bios(), old.biosDate(), old.iommu());
            }
            case "bios" -> new Hardware(old.moves(), old.missing(), text, old.biosDate(), old.iommu());
            case "biosDate" -> new Hardware(old.moves(), old.missing(), old.bios(), text, old.iommu());
            default ->
                new Hardware(old.moves(), old.missing(), old.bios(), old.biosDate(), !Boolean.FALSE.equals(value));
        };
    }

    private void write(Map<String, @Nullable Object> file) {
        HostTree tree = machine.box().tree();
        String path = String.valueOf(file.get("path"));
        Object content = file.get("content");
        if (content == null) {
            tree.delete(path);
        } else {
            boolean fresh = !tree.exists(path);
            tree.write(path, content.toString());
            if (fresh) {
                tree.mode(path, PosixFilePermissions.fromString("rw-r--r--"));
            }
        }
        machine.look();
    }

    private static Map<String, @Nullable Object> map(@Nullable Object value) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> given) {
            given.forEach((key, entry) -> map.put(String.valueOf(key), entry));
            return map;
        }
        throw new IllegalArgumentException("Not an object: " + value);
    }

    private static long number(@Nullable Object value) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("Not a number: " + value);
    }
}
