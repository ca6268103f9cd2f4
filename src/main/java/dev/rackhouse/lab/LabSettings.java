package dev.rackhouse.lab;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of labs.
 *
 * @param file a YAML file that declares labs, read at start; empty for none
 */
@ConfigurationProperties("rackhouse.labs")
record LabSettings(@Nullable String file) {}
