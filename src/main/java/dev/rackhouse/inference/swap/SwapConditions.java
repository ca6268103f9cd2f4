package dev.rackhouse.inference.swap;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What cards must say while a mode is swapped. Pure; judges one answer. */
@Configuration(proxyBeanMethods = false)
class SwapConditions {

    /**
     * Nobody but containers that stay holds memory on the cards, and those that sleep no more than what an engine keeps then; {@code uuids},
     * {@code staying} and {@code asleep} (container ids), separated by spaces. Read: {@link CardsLook}.
     */
    static final String FREED = "gpus-freed";

    /** What a card may hold though nobody computes on it: the driver's own, and contexts of display servers. */
    private static final long LEFT_OVER_MIB = 500;

    /**
     * What a sleeping engine may keep on a card: its context, its graphs, and for several GPUs the buffers by which they talk. Some hundred
     * MiB alone, up to about 1.3 GiB of those.
     */
    static final long ASLEEP_MIB = 1331;

    @Bean
    NamedCondition gpusFreed() {
        return NamedCondition.of(FREED, SwapConditions::freed);
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
}
