package dev.rackhouse.base.ui;

/**
 * Pages that have no entry of their own and stand under another module's. Contributed as beans.
 *
 * @param path the first part of their routes
 * @param entry the path of the {@link NavEntry} that is marked while one of them is open
 */
public record NavPlace(String path, String entry) {}
