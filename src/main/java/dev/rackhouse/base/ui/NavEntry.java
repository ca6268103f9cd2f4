package dev.rackhouse.base.ui;

import java.util.Set;

/**
 * One entry of the main navigation. Modules contribute theirs as beans.
 *
 * @param order places on the bar from left to right; overview 10, nodes 20, devices 30, GPUs 40, guests 50, network 70, storage 80,
 *     runs 100, labs 110, audit 120
 * @param path the route without leading slash
 * @param roles who sees it, without {@code ROLE_}; empty: everybody signed in
 */
public record NavEntry(int order, String title, String path, Set<String> roles) {

    public NavEntry(int order, String title, String path) {
        this(order, title, path, Set.of());
    }
}
