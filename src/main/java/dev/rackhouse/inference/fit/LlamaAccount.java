package dev.rackhouse.inference.fit;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.fit.Change.FewerSequences;
import dev.rackhouse.inference.fit.Change.ShorterContext;
import dev.rackhouse.inference.fit.Change.SlidingWindowsOnly;
import dev.rackhouse.inference.fit.Change.SmallerKv;
import dev.rackhouse.inference.fit.ServingProfile.KvType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** llama.cpp with all layers on GPUs, split over them by what is free on each. */
final class LlamaAccount {

    private LlamaAccount() {}

    static Account of(FitQuestion question, FitQuestion.Llama where) {
        List<GpuNow> gpus = where.gpus();
        LlamaMemory memory = LlamaMemory.of(question.shape(), question.weights(), question.profile());
        double free = gpus.stream().mapToDouble(g -> g.freeOrAll().bytes()).sum();
        double room = Math.max(0, free - gpus.size() * memory.buffers());
        double split = memory.weights() + memory.kv() + memory.state();
        boolean fits = split <= room;
        boolean tight = room - split < 0.1 * split;
        List<GpuShare> shares = gpus.stream()
                .map(g -> {
                    double part = free == 0 ? 1.0 / gpus.size() : g.freeOrAll().bytes() / free;
                    return GpuShare.of(
                            g.label(),
                            g.usable(),
                            g.held(),
                            memory.weights() * part,
                            memory.buffers(),
                            (memory.kv() + memory.state()) * part);
                })
                .toList();
        MemoryPlan plan = new MemoryPlan(
                shares,
                question.profile().contextTokens(),
                (long) question.profile().contextTokens() * question.profile().sequences(),
                concurrency(memory, room, question.profile().sequences()),
                tight,
                gpus.stream().anyMatch(g -> g.free() == null)
                        ? "Nobody has measured what is free; the cards are taken as empty."
                        : "");
        String shortage = fits
                ? ""
                : String.format(
                        Locale.ROOT,
                        "The files take %.1f GiB, keys and values %.1f GiB and buffers %.1f GiB; %.1f GiB are free.",
                        memory.weights() / VllmMemory.GIB,
                        (memory.kv() + memory.state()) / VllmMemory.GIB,
                        gpus.size() * memory.buffers() / VllmMemory.GIB,
                        free / VllmMemory.GIB);
        return new Account(
                plan,
                fits,
                shortage,
                obstacles(question),
                List.of(),
                candidates(question.profile(), memory),
                remedies(gpus, memory),
                fits && tight ? List.of("It is tight: less than a tenth stays free.") : List.of());
    }

    static List<String> obstacles(FitQuestion question) {
        List<String> obstacles = new ArrayList<>();
        if (!(question.weights() instanceof Weights.Gguf)) {
            obstacles.add("llama.cpp and Ollama run GGUF files only, not "
                    + question.weights().word() + ".");
        }
        if (question.profile().contextTokens() > question.shape().maxPositions()) {
            obstacles.add(String.format(
                    Locale.ROOT,
                    "The model was made for %,d tokens; a context of %,d needs a scaling of positions.",
                    question.shape().maxPositions(),
                    question.profile().contextTokens()));
        }
        return obstacles;
    }

    /** All slots when it fits, since llama.cpp reserves them at the start; else the part that would. */
    static double concurrency(LlamaMemory memory, double room, int slots) {
        double each = (memory.kv() + memory.state()) / slots;
        return each == 0
                ? memory.weights() <= room ? slots : 0
                : Math.clamp((room - memory.weights()) / each, 0, slots);
    }

    static List<List<Change>> candidates(ServingProfile profile, LlamaMemory memory) {
        List<List<Change>> candidates = new ArrayList<>();
        if (profile.wholeWindows()) {
            candidates.add(List.of(new SlidingWindowsOnly()));
        }
        for (int slots = profile.sequences() / 2; slots >= 1; slots /= 2) {
            candidates.add(List.of(new FewerSequences(profile.sequences(), slots)));
        }
        if (profile.kvType() == KvType.AUTO && memory.kv() > 0) {
            candidates.add(List.of(new SmallerKv(KvType.Q8_0)));
        }
        for (int context = profile.contextTokens() / 2; context >= 2048; context /= 2) {
            candidates.add(List.of(new ShorterContext(profile.contextTokens(), context)));
        }
        return candidates;
    }

    private static List<Remedy> remedies(List<GpuNow> gpus, LlamaMemory memory) {
        List<Remedy> remedies = new ArrayList<>();
        double all =
                gpus.stream().map(GpuNow::usable).mapToDouble(ByteSize::bytes).sum();
        if (memory.total(gpus.size()) <= all) {
            gpus.stream()
                    .filter(g -> g.held().bytes() > ByteSize.ofMiB(512).bytes())
                    .forEach(g -> remedies.add(new Remedy.FreeGpu(g.label(), g.holders())));
        }
        return remedies;
    }
}
