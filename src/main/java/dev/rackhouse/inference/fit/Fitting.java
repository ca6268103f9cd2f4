package dev.rackhouse.inference.fit;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.fit.Change.ComputeInHalf;
import dev.rackhouse.inference.fit.Change.OtherWeights;
import dev.rackhouse.inference.fit.Fit.DoesNotFit;
import dev.rackhouse.inference.fit.Fit.Fits;
import dev.rackhouse.inference.fit.Fit.FitsWithChanges;
import dev.rackhouse.inference.fit.Fit.Way;
import dev.rackhouse.inference.fit.FitQuestion.Disk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers whether a model fits. Pure: the memory comes in as values, and the answer is as good as they are fresh. */
public final class Fitting {

    private Fitting() {}

    public static Fit of(FitQuestion question) {
        Account account = account(question);
        List<String> reasons = new ArrayList<>(account.obstacles());
        disk(question).ifPresent(reasons::add);
        if (!reasons.isEmpty()) {
            return refuse(question, account, reasons);
        }
        if (account.needed().isEmpty() && account.fits()) {
            return new Fits(account.plan(), account.notes());
        }
        List<Way> ways = ways(question, account);
        List<String> why = account.needed().isEmpty()
                ? List.of(account.shortage())
                : account.fits()
                        ? account.needed().stream()
                                .map(c -> "It needs " + c.sentence() + ".")
                                .toList()
                        : List.of(account.shortage());
        return ways.isEmpty() ? refuse(question, account, why) : new FitsWithChanges(why, ways);
    }

    /** Which arithmetic holds where. */
    static Account account(FitQuestion question) {
        return switch (question.where()) {
            case FitQuestion.Vllm vllm -> VllmAccount.of(question, vllm);
            case FitQuestion.Llama llama -> LlamaAccount.of(question, llama);
            case FitQuestion.Unified unified -> UnifiedAccount.of(question, unified);
        };
    }

    private static List<Way> ways(FitQuestion question, Account account) {
        List<Change> needed = account.needed();
        FitQuestion base = question.with(changed(question.profile(), needed));
        Account now = account(base);
        if (now.fits()) {
            return List.of(new Way(needed, now.plan()));
        }
        List<Way> ways = new ArrayList<>();
        for (List<Change> tried : now.candidates()) {
            List<Change> all = new ArrayList<>(needed);
            all.addAll(tried);
            Account then = account(question.with(changed(question.profile(), all)));
            if (then.obstacles().isEmpty() && then.fits()) {
                ways.add(new Way(all, then.plan()));
            }
        }
        for (Weights other : question.others()) {
            otherWeights(question, other).ifPresent(ways::add);
        }
        return ways;
    }

    private static Optional<Way> otherWeights(FitQuestion question, Weights other) {
        FitQuestion with = question.with(other);
        Account account = account(with);
        if (!account.obstacles().isEmpty() || disk(with).isPresent()) {
            return Optional.empty();
        }
        List<Change> changes = new ArrayList<>(account.needed());
        changes.addFirst(new OtherWeights(other));
        Account then = account(with.with(changed(question.profile(), changes)));
        return then.fits() ? Optional.of(new Way(changes, then.plan())) : Optional.empty();
    }

    private static DoesNotFit refuse(FitQuestion question, Account account, List<String> reasons) {
        List<Remedy> remedies = new ArrayList<>(account.remedies());
        Disk disk = question.where().disk();
        ByteSize free = disk.free();
        if (!disk.present() && free != null) {
            long missing = question.weights().size(question.shape()).bytes() - free.bytes();
            if (missing > 0) {
                remedies.add(new Remedy.FreeDisk(new ByteSize(missing)));
            }
        }
        return new DoesNotFit(reasons, account.plan(), remedies);
    }

    private static Optional<String> disk(FitQuestion question) {
        Disk disk = question.where().disk();
        ByteSize free = disk.free();
        ByteSize needed = question.weights().size(question.shape());
        return disk.present() || free == null || free.compareTo(needed) >= 0
                ? Optional.empty()
                : Optional.of("The files take " + needed + " on disk, and " + free + " are free.");
    }

    static ServingProfile changed(ServingProfile profile, List<Change> changes) {
        ServingProfile now = profile;
        for (Change change : changes) {
            now = change.in(now);
        }
        return now;
    }

    /** A card that must be told to compute in fp16. */
    static Optional<Change> half(List<GpuNow> gpus, ServingProfile profile) {
        boolean old =
                gpus.stream().map(GpuNow::capability).anyMatch(c -> c != null && !c.atLeast(ComputeCapability.AMPERE));
        return old && profile.precision() == ServingProfile.Precision.AUTO
                ? Optional.of(new ComputeInHalf())
                : Optional.empty();
    }
}
