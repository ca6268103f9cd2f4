package dev.rackhouse.passthrough.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A host that was made up, with what its maker knows about it: the oracle against which the console's own reasoning is held.
 *
 * @param probe what the host prints when it is probed
 */
public record PretendHost(long seed, String name, String probe, List<Function> functions) {

    /**
     * One PCI function.
     *
     * @param reasons why the host cannot live without it, each as a chain; empty: it can
     * @param holder the running guest that has it; null: none
     * @param board a part of the board that must stay
     * @param endpoint something that could be given to a guest at all
     * @param gpu something that draws or computes, but the screen of a management controller
     */
    public record Function(
            String address,
            @Nullable Integer group,
            @Nullable String driver,
            boolean bridge,
            boolean board,
            boolean endpoint,
            boolean virtual,
            boolean gpu,
            List<String> reasons,
            @Nullable String holder) {

        public Function {
            reasons = List.copyOf(reasons);
        }

        public String slot() {
            return address.substring(0, address.lastIndexOf('.'));
        }
    }

    public PretendHost {
        functions = List.copyOf(functions);
    }

    /** Every slot and every function, as a person could name them. */
    public List<String> drafts() {
        SortedSet<String> drafts = new TreeSet<>();
        functions.forEach(f -> {
            drafts.add(f.address());
            drafts.add(f.slot());
        });
        return List.copyOf(drafts);
    }

    /** What a name stands for: a function, or of a slot all functions. */
    public List<Function> named(String path) {
        return functions.stream()
                .filter(f -> f.address().equals(path) || f.slot().equals(path))
                .toList();
    }

    /** Why these must not be given away; empty when they may. */
    public Optional<String> objection(List<String> paths) {
        return objectionToNaming(paths).or(() -> held(leaving(named(paths))));
    }

    /**
     * Why nothing may be written by which a guest would get these later; empty when it may. One that runs now may have them until
     * then.
     */
    public Optional<String> objectionToNaming(List<String> paths) {
        Set<Function> named = named(paths);
        Optional<String> kind = kind(named);
        if (kind.isPresent()) {
            return kind;
        }
        if (!named.isEmpty() && named.stream().noneMatch(Function::endpoint)) {
            return Optional.of(paths + " holds nothing for a guest");
        }
        for (Function f : leaving(named)) {
            if (!f.reasons().isEmpty()) {
                return Optional.of(f.reasons().getFirst());
            }
            if (f.board()) {
                return Optional.of(f.address() + " belongs to the board");
            }
        }
        return Optional.empty();
    }

    /**
     * Why these must not be taken from their driver to be the host's again; empty when they may. A group of which a guest has a part
     * cannot have another part at work for the host: the kernel gives it to one side only.
     */
    public Optional<String> objectionToReturning(List<String> paths) {
        Set<Function> named = named(paths);
        return kind(named)
                .or(() -> named.stream().flatMap(f -> f.reasons().stream()).findFirst())
                .or(() -> held(leaving(named)));
    }

    private Set<Function> named(List<String> paths) {
        return paths.stream().flatMap(p -> named(p).stream()).collect(Collectors.toSet());
    }

    private static Optional<String> kind(Set<Function> named) {
        for (Function f : named) {
            if (f.bridge()) {
                return Optional.of(f.address() + " is a bridge");
            }
            if (f.board()) {
                return Optional.of(f.address() + " belongs to the board");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> held(List<Function> functions) {
        return functions.stream()
                .filter(f -> f.holder() != null)
                .findFirst()
                .map(f -> f.address() + " is held by running guest " + f.holder());
    }

    /** What Proxmox takes from the host for these: all of their groups but bridges. */
    private List<Function> leaving(Set<Function> named) {
        Map<Integer, List<Function>> groups =
                functions.stream().filter(f -> f.group() != null).collect(Collectors.groupingBy(Function::group));
        List<Function> leaving = new ArrayList<>(named);
        named.stream()
                .filter(f -> f.group() != null)
                .forEach(f -> leaving.addAll(groups.getOrDefault(f.group(), List.of())));
        return leaving.stream().filter(f -> !f.bridge()).distinct().toList();
    }

    /** GPUs that nothing speaks against: alone in their groups, nobody needs or has them. They should be on offer. */
    public List<String> freeGpus() {
        return functions.stream()
                .filter(f -> f.gpu() && !f.virtual() && f.group() != null)
                .map(Function::slot)
                .distinct()
                .filter(slot -> objection(List.of(slot)).isEmpty()
                        && leaving(Set.copyOf(named(slot))).stream()
                                .allMatch(f -> f.slot().equals(slot)))
                .toList();
    }
}
