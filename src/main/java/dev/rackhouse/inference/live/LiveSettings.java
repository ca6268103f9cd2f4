package dev.rackhouse.inference.live;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of looking at engines.
 *
 * @param collect whether this replica looks; yes unless it says no
 */
@ConfigurationProperties("rackhouse.inference.live")
record LiveSettings(@Nullable Boolean collect) {

    boolean collects() {
        return collect == null || collect;
    }
}
