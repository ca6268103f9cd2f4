package dev.rackhouse.passthrough;

import dev.rackhouse.passthrough.FuzzedRunbook.Offer;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The devices that the commands of an outline and of its undos name: what is sent, not what is only looked at. Checks and proofs read,
 * so they may name anything.
 */
final class NamedDevices {

    private static final Pattern DEVICE = Pattern.compile(
            "(?<![0-9a-fA-F:.])(?:([0-9a-fA-F]{4,8}):)?([0-9a-fA-F]{2}:[01][0-9a-fA-F])(\\.[0-7])?(?![0-9a-fA-F:])");
    /** Parameters whose values look like addresses and are none: MAC addresses and UUIDs. */
    private static final Set<String> NO_DEVICES = Set.of("net0", "smbios1");

    private NamedDevices() {}

    static Set<String> of(Offer offer) {
        Set<String> named = new HashSet<>();
        for (Step step : offer.outline().steps()) {
            named.addAll(in(offer.recorded().isEmpty() ? texts(step.command()) : changed(step)));
            Set<String> undone = in(step.undo().stream()
                    .flatMap(u -> texts(u.command()).stream())
                    .toList());
            // an undo that did not put back what was recorded, whatever that names, would be none
            undone.removeAll(offer.recorded());
            named.addAll(undone);
        }
        return named;
    }

    /**
     * Proxmox takes the entries of a mapping, and a host a file, only as a whole. So what a step sends at the same place as its undo
     * stood there already and is left byte for byte, and only the rest says something.
     */
    private static List<String> changed(Step step) {
        List<String> sent = texts(step.command());
        List<String> before = step.undo().stream()
                .filter(u -> u.command().getClass() == step.command().getClass())
                .findFirst()
                .map(u -> texts(u.command()))
                .orElse(List.of());
        List<String> changed = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            boolean left = sent.size() == before.size() && sent.get(i).equals(before.get(i));
            if (!left) {
                changed.add(sent.get(i));
            }
        }
        return changed;
    }

    private static Set<String> in(List<String> texts) {
        Set<String> found = new HashSet<>();
        for (String text : texts) {
            Matcher m = DEVICE.matcher(text);
            while (m.find()) {
                String domain = Objects.requireNonNullElse(m.group(1), "0000");
                found.add(domain + ":" + m.group(2) + Objects.requireNonNullElse(m.group(3), ""));
            }
        }
        return found;
    }

    private static List<String> texts(Command command) {
        return switch (command) {
            case Command.ApiCall call ->
                call.form().entrySet().stream()
                        .filter(e -> !NO_DEVICES.contains(e.getKey()))
                        .flatMap(e -> e.getValue().stream())
                        .toList();
            case Command.ServiceCall call -> List.of(Objects.requireNonNullElse(call.body(), ""));
            case Command.Shell shell -> List.of(shell.script());
            case Command.FileEdit edit ->
                Objects.requireNonNullElse(edit.after(), "").lines().toList();
            case Command.SysfsWrite write -> List.of(write.path(), write.value());
            case Command.Wait _, Command.Pause _ -> List.of();
        };
    }
}
