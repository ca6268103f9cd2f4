package dev.rackhouse.inference.swap;

import dev.rackhouse.inference.health.EngineMetrics;
import dev.rackhouse.inference.health.EngineSample;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What engines, cards and the router's door must say while a mode is swapped. Pure; each judges one answer. */
@Configuration(proxyBeanMethods = false)
class SwapConditions {

    /** The engine computes and queues nothing; {@code engine}: vllm or llama.cpp. Read: its metrics. */
    static final String IDLE = "engine-idle";

    /**
     * Nobody but containers that stay holds memory on the cards, and those that sleep no more than what an engine keeps then; {@code uuids},
     * {@code staying} and {@code asleep} (container ids), separated by spaces. Read: {@link CardsLook}.
     */
    static final String FREED = "gpus-freed";

    /** A completion that came through the router was made by this engine; {@code model}: its served name. */
    static final String DOOR = "answer-names-model";

    /** What a card may hold though nobody computes on it: the driver's own, and contexts of display servers. */
    private static final long LEFT_OVER_MIB = 500;

    /**
     * What a sleeping engine may keep on a card: its context, its graphs, and for several GPUs the buffers by which they talk. Some hundred
     * MiB alone, up to about 1.3 GiB of those.
     */
    static final long ASLEEP_MIB = 1331;

    @Bean
    NamedCondition engineIdle() {
        return NamedCondition.of(IDLE, SwapConditions::idle);
    }

    @Bean
    NamedCondition gpusFreed() {
        return NamedCondition.of(FREED, SwapConditions::freed);
    }

    @Bean
    NamedCondition answerNamesModel() {
        return NamedCondition.of(DOOR, SwapConditions::door);
    }

    private static Judgement idle(Map<String, String> arguments, Answer answer) {
        if (!answer.succeeded()) {
            return Judgement.unknown("the engine answered " + answer.status() + " when it was asked for its metrics");
        }
        Optional<EngineSample> sample = arguments.getOrDefault("engine", "").equals("vllm")
                ? EngineMetrics.vllm(answer.text())
                : EngineMetrics.llama(answer.text(), null);
        return sample.map(s -> Judgement.of(
                        s.running() + s.waiting() == 0, s.running() + " requests run and " + s.waiting() + " wait"))
                .orElseGet(() -> Judgement.unknown("the engine's metrics do not tell its requests"));
    }

    private static Judgement freed(Map<String, String> arguments, Answer answer) {
        Optional<CardsLook> read = answer.succeeded() ? CardsLook.parse(answer.text()) : Optional.empty();
        if (read.isEmpty()) {
            return Judgement.unknown("the machine did not tell about its GPUs (exit code " + answer.status() + ")");
        }
        CardsLook look = read.get();
        List<String> staying = List.of(arguments.getOrDefault("staying", "").split(" "));
        List<String> asleep = List.of(arguments.getOrDefault("asleep", "").split(" "));
        List<String> held = new ArrayList<>();
        for (String uuid : arguments.getOrDefault("uuids", "").split(" ")) {
            CardsLook.Card card = look.find(uuid).orElse(null);
            if (card == null) {
                return Judgement.fails("the GPU " + uuid + " does not answer"
                        + (look.trouble().isEmpty() ? "" : ": nvidia-smi says '" + look.trouble() + "'"));
            }
            long allowed = LEFT_OVER_MIB;
            for (CardsLook.App app : look.apps()) {
                if (app.uuid().equals(uuid)) {
                    if (!app.container().isEmpty()
                            && (staying.contains(app.container())
                                    || asleep.contains(app.container())
                                            && look.heldMiB(uuid, app.container()) <= ASLEEP_MIB)) {
                        allowed += app.usedMiB();
                    } else if (!app.container().isEmpty() && asleep.contains(app.container())) {
                        held.add(app.words() + " says that it sleeps and holds " + uuid);
                    } else {
                        held.add(app.words() + " holds " + uuid);
                    }
                }
            }
            if (card.usedMiB() >= allowed) {
                held.add(card.usedMiB() + " MiB are in use on " + uuid);
            }
        }
        return held.isEmpty() ? Judgement.holds("the cards are free") : Judgement.fails(String.join("; ", held));
    }

    private static Judgement door(Map<String, String> arguments, Answer answer) {
        if (!answer.succeeded()) {
            return Judgement.fails("the router answered " + answer.status() + " to a client");
        }
        String model = answer.textAt("/model").orElse("");
        String wanted = arguments.getOrDefault("model", "");
        return Judgement.of(model.equals(wanted), model.isEmpty() ? "no model is named" : model + " has answered");
    }
}
