package dev.rackhouse.inventory.fact;

/**
 * One line of a file or tool as the host showed it.
 *
 * @param source where it stood: {@code /etc/default/grub}, {@code dmesg}
 */
public record SourceLine(String source, String text) {}
