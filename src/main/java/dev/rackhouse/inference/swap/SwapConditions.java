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
     * Nobody but containers that stay holds memory on the cards; {@code uuids} and {@code staying} (container ids), separated by spaces.
     * Read: {@link CardsLook}.
     */
    static final String FREED = "gpus-freed";

    /** What a card may hold though nobody computes on it: the driver's own, and contexts of display servers. */
    private static final long LEFT_OVER_MIB = 500;

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
                    if (!app.container().isEmpty() && staying.contains(app.container())) {
                        allowed += app.usedMiB();
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
