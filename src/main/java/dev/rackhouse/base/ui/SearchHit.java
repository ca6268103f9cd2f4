package dev.rackhouse.base.ui;

/**
 * One answer of the search palette.
 *
 * @param glyph the picture, a name of {@link Glyph}
 * @param title what matched; text from machines is allowed, it is never read as HTML
 * @param detail where it is: {@code guest 214 on caraxes}
 * @param href where it leads, a route without leading slash
 */
public record SearchHit(Glyph.Kind glyph, String title, String detail, String href) {}
