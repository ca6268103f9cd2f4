package dev.rackhouse.base.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The colours of both themes can be read by everybody: WCAG 2.2, 1.4.3 (text) and 1.4.11 (marks). */
class TokensTest {

    private static final Pattern COLOUR = Pattern.compile("--rh-([a-z0-9-]+):\\s*#([0-9a-fA-F]{6})");
    private static final String[] SURFACES = {"ground", "surface", "raised"};
    private static final String[] TEXTS = {
        "text", "text-2", "text-3", "accent", "ok", "attention", "critical", "stale", "off", "unknown"
    };

    @ParameterizedTest
    @ValueSource(strings = {":root {", "html[theme~=\"dark\"] {"})
    void textReachesAContrastOfFourAndAHalfOnEverySurface(String theme) throws IOException {
        Map<String, String> tokens = tokensOf(theme);
        for (String surface : SURFACES) {
            for (String text : TEXTS) {
                assertThat(contrast(colour(tokens, text), colour(tokens, surface)))
                        .as("%s on %s in %s", text, surface, theme)
                        .isGreaterThanOrEqualTo(4.5);
            }
        }
        for (String status : new String[] {"ok", "attention", "critical"}) {
            assertThat(contrast(colour(tokens, status), colour(tokens, status + "-soft")))
                    .as("%s on its soft surface in %s", status, theme)
                    .isGreaterThanOrEqualTo(4.5);
        }
        assertThat(contrast(colour(tokens, "accent-text"), colour(tokens, "accent")))
                .as("text on the accent in %s", theme)
                .isGreaterThanOrEqualTo(4.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {":root {", "html[theme~=\"dark\"] {"})
    void marksReachAContrastOfThree(String theme) throws IOException {
        Map<String, String> tokens = tokensOf(theme);
        for (String mark : new String[] {"series-1", "series-2", "series-3", "series-4", "series-5", "line-strong"}) {
            for (String surface : SURFACES) {
                assertThat(contrast(colour(tokens, mark), colour(tokens, surface)))
                        .as("%s on %s in %s", mark, surface, theme)
                        .isGreaterThanOrEqualTo(3.0);
            }
        }
    }

    private static Map<String, String> tokensOf(String theme) throws IOException {
        String css = Files.readString(Path.of("frontend/rackhouse.css"));
        int start = css.indexOf(theme);
        assertThat(start).as("the block %s", theme).isNotNegative();
        Map<String, String> tokens = new TreeMap<>();
        Matcher m = COLOUR.matcher(css.substring(start, css.indexOf("\n}", start)));
        while (m.find()) {
            tokens.put(m.group(1), m.group(2));
        }
        return tokens;
    }

    private static String colour(Map<String, String> tokens, String name) {
        assertThat(tokens).containsKey(name);
        return tokens.get(name);
    }

    private static double contrast(String a, String b) {
        double light = Math.max(luminance(a), luminance(b));
        double dark = Math.min(luminance(a), luminance(b));
        return (light + 0.05) / (dark + 0.05);
    }

    private static double luminance(String hex) {
        return 0.2126 * channel(hex, 0) + 0.7152 * channel(hex, 2) + 0.0722 * channel(hex, 4);
    }

    private static double channel(String hex, int at) {
        double c = Integer.parseInt(hex.substring(at, at + 2), 16) / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }
}
