package dev.rackhouse.inference.live;

import dev.rackhouse.base.Seen;
import dev.rackhouse.inference.GpuReading;
import dev.rackhouse.inference.PlaceRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one place.
 *
 * @param cards its GPUs as last read; empty when they were never read, and on a Mac
 * @param cardTrouble why the cards could not be read at the last look; empty when they could
 * @param seen the last look that came to its end; null: none yet
 * @param trouble why nothing newer is known; empty when the last look came to its end
 */
public record PlaceNow(
        PlaceRef place,
        List<GpuReading> cards,
        String cardTrouble,
        @Nullable Seen seen,
        String trouble) {

    public PlaceNow {
        cards = List.copyOf(cards);
    }

    public boolean fresh(Instant now) {
        return seen != null && seen.age(now).compareTo(DeploymentNow.FRESH) <= 0;
    }

    public Optional<GpuReading> card(String uuid) {
        return cards.stream().filter(c -> c.uuid().equals(uuid)).findFirst();
    }
}
