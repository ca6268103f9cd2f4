package dev.rackhouse.inference.swap;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.fit.Fit;
import dev.rackhouse.inference.swap.SwapFacts.SeenContainer;
import dev.rackhouse.inference.swap.SwapReadiness.Finding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which engines sleep while another mode serves. Only level 1 is used, whose weights wait in main memory: an engine that has thrown them
 * away would have to load them again. Pure; used once.
 */
final class Sleepers {

    /** PyTorch hands out pinned memory in powers of two, so blocks take more than they hold; a half more is allowed for. */
    private static final double PINNED = 1.5;

    /** What the machine itself, Docker and the engines that compute shall keep. */
    private static final long SPARE_MIB = 2048;

    private final SwapSite site;
    private final List<Deployment> start;
    private final Set<Deployment> leaving;
    private final Set<Deployment> asleep = new LinkedHashSet<>();
    private final Set<DeploymentId> evicted = new HashSet<>();
    private final Set<DeploymentId> chosen = new HashSet<>();
    private final List<Finding> findings = new ArrayList<>();
    private long freeRamMiB;

    private Sleepers(SwapSite site, List<Deployment> leaving, List<Deployment> start) {
        this.site = site;
        this.start = start;
        this.leaving = new HashSet<>(leaving);
        this.leaving.addAll(start);
        CardsLook cards = site.facts().cards();
        this.freeRamMiB = cards == null ? -1 : cards.freeRamMiB();
    }

    /**
     * @param resting engines that sleep now and are not of the mode
     * @param stop engines that run and give way
     * @param halt engines that are stopped in any case
     * @param start what shall run, and does not yet
     */
    static Sleepers of(
            SwapSite site,
            List<Deployment> resting,
            List<Deployment> stop,
            List<Deployment> halt,
            List<Deployment> start) {
        List<Deployment> leaving = new ArrayList<>(stop);
        leaving.addAll(halt);
        leaving.addAll(resting);
        Sleepers sleepers = new Sleepers(site, leaving, start);
        resting.forEach(sleepers::goesOn);
        stop.stream().filter(d -> d.profile().sleep()).forEach(sleepers::choose);
        return sleepers;
    }

    /** It is put to sleep instead of being stopped. */
    boolean sleeps(Deployment deployment) {
        return chosen.contains(deployment.id());
    }

    /** It sleeps now, and must be stopped since the new set needs what it keeps. */
    boolean evicted(Deployment deployment) {
        return evicted.contains(deployment.id());
    }

    List<Finding> findings() {
        return findings;
    }

    private void goesOn(Deployment deployment) {
        asleep.add(deployment);
        if (lacking(deployment).isPresent()) {
            asleep.remove(deployment);
            evicted.add(deployment.id());
            findings.add(Finding.informs(
                    deployment.id() + " sleeps, and is stopped.",
                    "What it keeps on its cards leaves too little room for the new set."));
        }
    }

    private void choose(Deployment deployment) {
        asleep.add(deployment);
        Optional<String> against = against(deployment);
        if (against.isPresent()) {
            asleep.remove(deployment);
            findings.add(Finding.informs(
                    deployment.id() + " may sleep, but is stopped: " + against.get(),
                    "The way back takes as long as its start."));
            return;
        }
        ByteSize weights = site.weights().get(deployment.id());
        freeRamMiB -= weights == null ? 0 : pinnedMiB(weights);
        chosen.add(deployment.id());
        findings.add(Finding.informs(
                deployment.id() + " is put to sleep instead of being stopped.",
                weights + " of weights wait in main memory; it falls asleep and wakes in seconds."));
    }

    /** Why it is stopped all the same. */
    private Optional<String> against(Deployment deployment) {
        String name = deployment.id().value();
        if (deployment.engine() != EngineKind.VLLM) {
            return Optional.of("only vLLM can sleep.");
        }
        if (site.facts().container(name).filter(SeenContainer::maySleep).isEmpty()) {
            return Optional.of("its container was made without sleep mode. Deploy it again, then it can.");
        }
        if (!site.facts().sleeping().containsKey(name)) {
            return Optional.of("it does not answer at /is_sleeping.");
        }
        ByteSize weights = site.weights().get(deployment.id());
        if (weights == null) {
            return Optional.of("how large its weights are is not known.");
        }
        if (freeRamMiB < 0) {
            return Optional.of("how much main memory is free was not told.");
        }
        long needed = pinnedMiB(weights) + SPARE_MIB;
        if (freeRamMiB < needed) {
            return Optional.of(weights + " of weights want " + ByteSize.ofMiB(needed)
                    + " of free main memory to be safe, and " + ByteSize.ofMiB(Math.max(0, freeRamMiB))
                    + " are left.");
        }
        return lacking(deployment);
    }

    private static long pinnedMiB(ByteSize weights) {
        return (long) Math.ceil(weights.inMiB() * PINNED);
    }

    /** On which card of this one the new set lacks room beside all that sleep. */
    private Optional<String> lacking(Deployment deployment) {
        CardsLook look = site.facts().cards();
        if (look == null) {
            return Optional.of("the GPUs could not be read.");
        }
        for (GpuPin pin : deployment.gpus()) {
            CardsLook.Card card = look.find(pin.uuid()).orElse(null);
            if (card == null) {
                return Optional.of("one of its GPUs does not answer.");
            }
            long room = room(look, card);
            for (Deployment one : start) {
                if (one.holds(pin)) {
                    Optional<Long> needed = neededMiB(one, card);
                    if (needed.isEmpty()) {
                        return Optional.of("what " + one.id() + " needs beside it is not known.");
                    }
                    room -= needed.get();
                }
            }
            if (room < 0) {
                return Optional.of("what it would keep on " + card.name() + " at " + card.busId() + " leaves "
                        + ByteSize.ofMiB(-room) + " too little for the new set.");
            }
        }
        return Optional.empty();
    }

    /** What is left of a card for the new set. */
    private long room(CardsLook look, CardsLook.Card card) {
        long stays = card.usedMiB();
        for (Deployment one : leaving) {
            stays -= heldMiB(look, card, one);
        }
        for (Deployment sleeper : asleep) {
            boolean onIt = sleeper.gpus().stream().anyMatch(g -> g.uuid().equals(card.uuid()));
            stays += !onIt ? 0 : site.asleep(sleeper) ? heldMiB(look, card, sleeper) : SwapConditions.ASLEEP_MIB;
        }
        return usableMiB(card) - stays;
    }

    private long heldMiB(CardsLook look, CardsLook.Card card, Deployment deployment) {
        return site.facts()
                .container(deployment.id().value())
                .map(c -> look.heldMiB(card.uuid(), c.id()))
                .orElse(0L);
    }

    private static long usableMiB(CardsLook.Card card) {
        return card.usedMiB() + card.freeMiB();
    }

    /** vLLM refuses to start with less; what others take is as planned. */
    private Optional<Long> neededMiB(Deployment deployment, CardsLook.Card card) {
        if (deployment.engine() == EngineKind.VLLM) {
            return Optional.of((long) Math.ceil(deployment.profile().utilization() * usableMiB(card)));
        }
        Fit fit = site.fits().get(deployment.id());
        return fit == null
                ? Optional.empty()
                : fit.shown().gpus().stream()
                        .map(g -> (g.weights().bytes() + g.overhead().bytes() + g.kv().bytes()) >> 20)
                        .max(Long::compare);
    }
}
