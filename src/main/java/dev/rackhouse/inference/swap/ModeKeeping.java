package dev.rackhouse.inference.swap;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether the console sees to it that the desired mode of each place is the one that runs.
 *
 * @param every how often it looks; zero: never
 */
@ConfigurationProperties("rackhouse.modes")
record ModeKeeping(@DefaultValue("1m") Duration every) {}
