package dev.rackhouse.inference;

import dev.rackhouse.inference.Place.PlacedGpu;
import dev.rackhouse.inference.fit.ComputeCapability;
import dev.rackhouse.inference.fit.Fit;
import dev.rackhouse.inference.fit.Fit.DoesNotFit;
import dev.rackhouse.inference.fit.Fit.Fits;
import dev.rackhouse.inference.fit.Fit.FitsWithChanges;
import dev.rackhouse.inference.fit.FitQuestion;
import dev.rackhouse.inference.fit.Fitting;
import dev.rackhouse.inference.fit.GpuNow;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.inference.fit.Weights;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a model could run, the best place first, each with its reasons. Pure. */
public final class Placement {

    private static final int LLAMA_SLOTS = 4;

    private Placement() {}

    /** How well it goes there, best first. */
    public enum Level {
        NOW("fits"),
        WITH_CHANGES("fits with changes"),
        IF_FREED("if you free memory"),
        NO("does not fit");

        private final String word;

        Level(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * One way to run it.
     *
     * @param gpus empty on a Mac
     * @param reasons why it stands where it stands in the list
     * @param ifFreed {@code if you free GPU 1 (vllm-14b holds 12.1 GiB)}; null when that does not help or is not needed
     */
    public record Option(
            Place place,
            List<PlacedGpu> gpus,
            EngineKind engine,
            ModelFiles files,
            ServingProfile profile,
            Level level,
            Fit fit,
            List<String> reasons,
            @Nullable String ifFreed) {
        public Option {
            gpus = List.copyOf(gpus);
            reasons = List.copyOf(reasons);
        }
    }

    /** @param wish the tuning that is wanted; context and requests are cut to what model and engine can take */
    public static List<Option> options(Model model, ServingProfile wish, List<Place> places) {
        List<Option> options = new ArrayList<>();
        for (Place place : places) {
            for (List<PlacedGpu> gpus : choices(place)) {
                model.files().stream()
                        .map(files -> option(model, files, wish, place, gpus))
                        .flatMap(Optional::stream)
                        .min(ORDER)
                        .ifPresent(options::add);
            }
        }
        options.sort(ORDER);
        return options;
    }

    /** Fits first; then fewer cards, better weights, places where nothing stands in the way, more room. */
    private static final Comparator<Option> ORDER = Comparator.comparing(Option::level)
            .thenComparing(o -> !o.place().note().isEmpty() && o.place().kind() != Place.Kind.MAC)
            .thenComparing(o -> slow(o))
            .thenComparing(o -> o.gpus().size())
            .thenComparing(o -> -o.fit().shown().concurrency())
            .thenComparing(o -> o.place().title());

    private static boolean slow(Option option) {
        return option.engine() == EngineKind.VLLM && old(option.gpus());
    }

    private static boolean old(List<PlacedGpu> gpus) {
        return gpus.stream()
                .map(g -> g.now().capability())
                .anyMatch(c -> c != null && !c.atLeast(ComputeCapability.AMPERE));
    }

    /** Each card alone, and all together where there are several; a Mac as a whole. */
    private static List<List<PlacedGpu>> choices(Place place) {
        if (place.memory() != null) {
            return List.of(List.of());
        }
        List<List<PlacedGpu>> choices = new ArrayList<>();
        place.gpus().forEach(g -> choices.add(List.of(g)));
        if (place.gpus().size() > 1) {
            choices.add(place.gpus());
        }
        return choices;
    }

    private static Optional<Option> option(
            Model model, ModelFiles files, ServingProfile wish, Place place, List<PlacedGpu> gpus) {
        boolean gguf = files.weights() instanceof Weights.Gguf;
        if (place.memory() != null && !gguf) {
            return Optional.empty();
        }
        EngineKind engine = gguf ? EngineKind.LLAMA_CPP : EngineKind.VLLM;
        ServingProfile profile = wish.withContext(
                        Math.min(wish.contextTokens(), model.shape().maxPositions()))
                .withSequences(gguf ? Math.min(LLAMA_SLOTS, wish.sequences()) : wish.sequences());
        List<GpuNow> now = gpus.stream().map(PlacedGpu::now).toList();
        Fit fit = fit(model, files, profile, place, engine, now);
        String ifFreed = fit instanceof Fits ? null : freed(model, files, profile, place, engine, now);
        Level level = switch (fit) {
            case Fits f -> Level.NOW;
            case FitsWithChanges f -> Level.WITH_CHANGES;
            case DoesNotFit f -> ifFreed == null ? Level.NO : Level.IF_FREED;
        };
        return Optional.of(new Option(
                place, gpus, engine, files, profile, level, fit, reasons(place, gpus, files, engine, fit), ifFreed));
    }

    private static Fit fit(
            Model model, ModelFiles files, ServingProfile profile, Place place, EngineKind engine, List<GpuNow> gpus) {
        FitQuestion.Where where = place.memory() != null
                ? new FitQuestion.Unified(place.memory(), place.disk())
                : switch (engine) {
                    case VLLM -> new FitQuestion.Vllm(gpus, place.link(), place.disk());
                    case LLAMA_CPP, OLLAMA -> new FitQuestion.Llama(gpus, place.disk());
                };
        return Fitting.of(new FitQuestion(model.shape(), files.weights(), List.of(), profile, where));
    }

    /** The card or cards whose freeing alone makes it fit. */
    private static @Nullable String freed(
            Model model, ModelFiles files, ServingProfile profile, Place place, EngineKind engine, List<GpuNow> gpus) {
        List<GpuNow> taken = gpus.stream().filter(g -> !g.holders().isEmpty()).toList();
        for (int i = 0; i <= taken.size() && !taken.isEmpty(); i++) {
            List<GpuNow> gone = i < taken.size() ? List.of(taken.get(i)) : taken;
            List<GpuNow> then =
                    gpus.stream().map(g -> gone.contains(g) ? g.emptied() : g).toList();
            if (!(fit(model, files, profile, place, engine, then) instanceof DoesNotFit)) {
                return "if you free "
                        + gone.stream()
                                .map(g -> g.label() + " ("
                                        + g.holders().stream()
                                                .map(h -> h.who() + " holds " + h.memory())
                                                .collect(Collectors.joining(", "))
                                        + ")")
                                .collect(Collectors.joining(" and "));
            }
        }
        return null;
    }

    private static List<String> reasons(
            Place place, List<PlacedGpu> gpus, ModelFiles files, EngineKind engine, Fit fit) {
        List<String> reasons = new ArrayList<>();
        switch (fit) {
            case Fits f -> {
                reasons.add(room(f));
                reasons.addAll(f.notes());
            }
            case FitsWithChanges f -> {
                reasons.addAll(f.reasons());
                reasons.add("It would fit with "
                        + f.ways().stream()
                                .limit(3)
                                .map(w -> w.changes().stream()
                                        .map(c -> c.sentence())
                                        .collect(Collectors.joining(" and ")))
                                .collect(Collectors.joining("; or with "))
                        + ".");
            }
            case DoesNotFit f -> {
                reasons.addAll(f.reasons());
                f.remedies().forEach(r -> reasons.add("What would help: " + r.sentence() + "."));
            }
        }
        if (engine == EngineKind.VLLM && old(gpus) && fit instanceof FitsWithChanges) {
            reasons.add("vLLM is slow on cards of this generation; llama.cpp with a GGUF file is the sane default.");
        }
        if (!place.note().isEmpty()) {
            reasons.add(place.note());
        }
        if (place.memory() == null && !place.measured()) {
            reasons.add("Its memory was not measured: it is planned from what shall run there.");
        }
        return reasons;
    }

    private static String room(Fits fit) {
        return String.format(
                Locale.ROOT,
                "%,d tokens of context, %.1f requests of full length at once.",
                fit.plan().contextTokens(),
                fit.plan().concurrency());
    }
}
