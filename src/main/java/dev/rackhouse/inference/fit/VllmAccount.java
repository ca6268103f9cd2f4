package dev.rackhouse.inference.fit;

import static dev.rackhouse.inference.fit.VllmMemory.GIB;

import dev.rackhouse.inference.fit.Change.CustomAllReduceOff;
import dev.rackhouse.inference.fit.Change.FewerSequences;
import dev.rackhouse.inference.fit.Change.OtherUtilization;
import dev.rackhouse.inference.fit.Change.ShorterContext;
import dev.rackhouse.inference.fit.Change.SmallerKv;
import dev.rackhouse.inference.fit.FitQuestion.Link;
import dev.rackhouse.inference.fit.ServingProfile.KvType;
import dev.rackhouse.inference.fit.Weights.FourBit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** vLLM on one GPU, or tensor parallel on several: the tightest card decides. */
final class VllmAccount {

    private static final int SHORTEST_USEFUL_CONTEXT = 2048;
    private static final int FEW_SEQUENCES = 8;
    private static final double HIGHEST_UTILIZATION = 0.95;
    private static final double CUSTOMARY_UTILIZATION = 0.90;

    private final FitQuestion question;
    private final FitQuestion.Vllm where;
    private final ServingProfile profile;
    private final int ranks;
    private final GpuNow tightest;
    private final VllmMemory memory;

    private VllmAccount(FitQuestion question, FitQuestion.Vllm where) {
        this.question = question;
        this.where = where;
        this.profile = question.profile();
        this.ranks = where.gpus().size();
        this.tightest =
                where.gpus().stream().min(Comparator.comparing(GpuNow::usable)).orElseThrow();
        this.memory = VllmMemory.of(question.shape(), question.weights(), profile, ranks, tightest.usable());
    }

    static Account of(FitQuestion question, FitQuestion.Vllm where) {
        return new VllmAccount(question, where).account();
    }

    private Account account() {
        boolean starts = where.gpus().stream().allMatch(this::starts);
        boolean holds = memory.holds(profile.contextTokens());
        String shortage = !holds ? tooLittleCache() : !starts ? tooLittleFree() : "";
        return new Account(
                plan(), holds && starts, shortage, obstacles(), needed(), candidates(), remedies(starts), notes());
    }

    /** vLLM refuses to start when less is free than it shall take of the whole card. */
    private boolean starts(GpuNow gpu) {
        return gpu.freeOrAll().bytes()
                >= Math.floor(profile.utilization() * gpu.usable().bytes());
    }

    private MemoryPlan plan() {
        List<GpuShare> shares = where.gpus().stream()
                .map(g -> {
                    double kv = Math.max(
                            0,
                            profile.utilization() * g.usable().bytes()
                                    - memory.weightsPerRank()
                                    - memory.overhead()
                                    + VllmMemory.CUDA_CONTEXT);
                    return GpuShare.of(g.label(), g.usable(), g.held(), memory.weightsPerRank(), memory.overhead(), kv);
                })
                .toList();
        return new MemoryPlan(
                shares,
                profile.contextTokens(),
                memory.kvTokens(),
                memory.concurrency(),
                memory.concurrency() < 1.10,
                where.gpus().stream().anyMatch(g -> g.free() == null)
                        ? "Nobody has measured what is free; the cards are taken as empty."
                        : "");
    }

    private List<String> obstacles() {
        List<String> obstacles = new ArrayList<>();
        Weights weights = question.weights();
        ModelShape shape = question.shape();
        if (weights instanceof Weights.Gguf) {
            obstacles.add("vLLM is not planned with GGUF files: llama.cpp or Ollama runs them.");
        }
        if (shape.heads() % ranks != 0) {
            obstacles.add("The " + shape.heads() + " attention heads cannot be divided by " + ranks + " GPUs.");
        } else if (shape.attention().stream().anyMatch(g -> g.kvHeads() % ranks != 0 && ranks % g.kvHeads() != 0)) {
            obstacles.add("The key and value heads can neither be divided by " + ranks + " GPUs nor repeated on them.");
        }
        if (weights instanceof FourBit four
                && (shape.intermediate() % ((long) four.group() * ranks) != 0
                        || (long) shape.heads() * shape.headDim() % ((long) four.group() * ranks) != 0)) {
            obstacles.add("Each GPU's part of the weights is no multiple of the group of " + four.group() + ".");
        }
        ComputeCapability least = weights.needs();
        if (least != null) {
            where.gpus().stream()
                    .filter(g -> g.capability() != null && !g.capability().atLeast(least))
                    .forEach(g -> obstacles.add(weights.word() + " needs compute capability " + least + ", and "
                            + g.label() + " has " + g.capability() + "."));
        }
        if (profile.contextTokens() > shape.maxPositions()) {
            obstacles.add(String.format(
                    Locale.ROOT,
                    "The model was made for %,d tokens; a context of %,d needs a scaling of positions.",
                    shape.maxPositions(),
                    profile.contextTokens()));
        }
        return obstacles;
    }

    private List<Change> needed() {
        List<Change> needed = new ArrayList<>();
        Fitting.half(where.gpus(), profile).ifPresent(needed::add);
        if (ranks > 1 && profile.customAllReduce() && where.link() != Link.NVLINK) {
            needed.add(new CustomAllReduceOff());
        }
        return needed;
    }

    private List<List<Change>> candidates() {
        List<List<Change>> candidates = new ArrayList<>();
        double room = freeShare();
        if (room < profile.utilization()) {
            OtherUtilization lower = new OtherUtilization(profile.utilization(), room);
            if (room >= 0.10) {
                candidates.add(List.of(lower));
                shorter(profile.withUtilization(room)).ifPresent(s -> candidates.add(List.of(lower, s)));
            }
            return candidates;
        }
        higher(CUSTOMARY_UTILIZATION, room).ifPresent(c -> candidates.add(List.of(c)));
        if (profile.sequences() > FEW_SEQUENCES) {
            candidates.add(List.of(new FewerSequences(profile.sequences(), FEW_SEQUENCES)));
        }
        shorter(profile).ifPresent(c -> candidates.add(List.of(c)));
        if (profile.kvType() == KvType.AUTO && fp8()) {
            candidates.add(List.of(new SmallerKv(KvType.FP8)));
        }
        higher(HIGHEST_UTILIZATION, room).ifPresent(c -> candidates.add(List.of(c)));
        return candidates;
    }

    /** The largest utilization that the start check lets pass on every card, in hundredths. */
    private double freeShare() {
        double least = where.gpus().stream()
                .mapToDouble(g -> (double) g.freeOrAll().bytes() / g.usable().bytes())
                .min()
                .orElse(1);
        return Math.min(HIGHEST_UTILIZATION, Math.floor(least * 100 + 1e-9) / 100);
    }

    private java.util.Optional<Change> higher(double to, double room) {
        double reach = Math.min(to, room);
        return profile.utilization() < reach - 0.001
                ? java.util.Optional.of(new OtherUtilization(profile.utilization(), reach))
                : java.util.Optional.empty();
    }

    private java.util.Optional<Change> shorter(ServingProfile with) {
        long tokens = VllmMemory.of(question.shape(), question.weights(), with, ranks, tightest.usable())
                .kvTokens();
        int rounded = (int) (Math.min(tokens, question.shape().maxPositions()) / 1024 * 1024);
        return rounded >= SHORTEST_USEFUL_CONTEXT && rounded < profile.contextTokens()
                ? java.util.Optional.of(new ShorterContext(profile.contextTokens(), rounded))
                : java.util.Optional.empty();
    }

    private boolean fp8() {
        return where.gpus().stream()
                .map(GpuNow::capability)
                .allMatch(c -> c != null && c.atLeast(ComputeCapability.ADA));
    }

    private String tooLittleCache() {
        return memory.kvAvailable() < 0
                ? String.format(
                        Locale.ROOT,
                        "Weights and overhead take %.2f GiB on each GPU; utilization %.2f of %s allows %.2f GiB.",
                        (memory.budget() - memory.kvAvailable()) / GIB,
                        profile.utilization(),
                        tightest.usable(),
                        memory.budget() / GIB)
                : String.format(
                        Locale.ROOT,
                        "One request of %,d tokens needs %.2f GiB for keys and values; %.2f GiB remain, enough for %,d tokens.",
                        profile.contextTokens(),
                        memory.kvNeeded() / GIB,
                        memory.kvAvailable() / GIB,
                        memory.kvTokens());
    }

    private String tooLittleFree() {
        GpuNow full = where.gpus().stream().filter(g -> !starts(g)).findFirst().orElseThrow();
        return String.format(
                Locale.ROOT,
                "vLLM would take %.2f GiB of %s at its start, and %.2f GiB are free%s.",
                profile.utilization() * full.usable().inGiB(),
                full.label(),
                full.freeOrAll().inGiB(),
                full.holders().isEmpty()
                        ? ""
                        : ": "
                                + full.holders().stream()
                                        .map(h -> h.who() + " holds " + h.memory())
                                        .reduce((a, b) -> a + ", " + b)
                                        .orElse(""));
    }

    private List<Remedy> remedies(boolean starts) {
        List<Remedy> remedies = new ArrayList<>();
        ComputeCapability least = question.weights().needs();
        if (least != null
                && where.gpus().stream()
                        .anyMatch(g -> g.capability() != null && !g.capability().atLeast(least))) {
            remedies.add(new Remedy.OtherCard(least));
        }
        if (!starts && memory.holds(profile.contextTokens())) {
            where.gpus().stream()
                    .filter(g -> !starts(g))
                    .forEach(g -> remedies.add(new Remedy.FreeGpu(g.label(), g.holders())));
        }
        if (memory.kvAvailable() < 0) {
            FourBit awq = new FourBit(FourBit.Method.AWQ, 128);
            boolean smaller =
                    awq.size(question.shape()).compareTo(question.weights().size(question.shape())) < 0;
            boolean registered = question.others().stream().anyMatch(o -> o instanceof FourBit);
            if (smaller && !registered && holds(awq, ranks)) {
                remedies.add(new Remedy.GetWeights("AWQ 4-bit", awq.size(question.shape())));
            }
            for (int more : new int[] {2, 4, 8}) {
                if (more > ranks && question.shape().heads() % more == 0 && holds(question.weights(), more)) {
                    remedies.add(new Remedy.SplitOver(more));
                    break;
                }
            }
        }
        return remedies;
    }

    private boolean holds(Weights weights, int over) {
        return VllmMemory.of(question.shape(), weights, profile, over, tightest.usable())
                .holds(profile.contextTokens());
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (memory.holds(profile.contextTokens()) && memory.concurrency() < 1.10) {
            notes.add(String.format(
                    Locale.ROOT, "It is tight: only %.2f requests of full length fit at once.", memory.concurrency()));
        }
        if (ranks > 1 && where.link() == Link.UNKNOWN) {
            notes.add("Whether the GPUs have NVLink is not known: NCCL carries the traffic between them.");
        }
        if (Fitting.half(where.gpus(), profile.withPrecision(ServingProfile.Precision.AUTO))
                .isPresent()) {
            notes.add(
                    "Before compute capability 8.0 vLLM has only slower attention: llama.cpp is the sane default there.");
        }
        if (profile.utilization() > CUSTOMARY_UTILIZATION) {
            notes.add("Older vLLM captures graphs outside of its budget: above 0.90 that can fail.");
        }
        return notes;
    }
}
