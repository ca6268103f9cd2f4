package dev.rackhouse.inference;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of model serving.
 *
 * @param file a YAML file that declares models, deployments, modes and routes, read at start; empty for none
 */
@ConfigurationProperties("rackhouse.inference")
record InferenceSettings(@Nullable String file) {}
