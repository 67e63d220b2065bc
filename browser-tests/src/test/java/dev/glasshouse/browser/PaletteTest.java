package dev.glasshouse.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Text can be read on every colour that it stands on, in both themes (WCAG 2.2, 1.4.3). A browser sees only what is shown. */
class PaletteTest {
    private static final Path CSS = Path.of("..", "server", "src", "main", "resources", "web", "app.css");
    private static final Pattern VARIABLE = Pattern.compile(
            "--([\\w-]+):\\s*(?:light-dark\\(\\s*(#[0-9a-fA-F]{3,6})\\s*,\\s*(#[0-9a-fA-F]{3,6})\\s*\\)|(#[0-9a-fA-F]{3,6}))\\s*;");
    private static final double TEXT = 4.5;
    private static final double LARGE = 3;

    /** Light and dark. */
    private record Colour(String light, String dark) {}

    private static Map<String, Colour> palette() throws IOException {
        Map<String, Colour> palette = new TreeMap<>();
        Matcher matcher = VARIABLE.matcher(Files.readString(CSS));
        while (matcher.find()) {
            String one = matcher.group(4);
            palette.put(
                    matcher.group(1),
                    one == null ? new Colour(matcher.group(2), matcher.group(3)) : new Colour(one, one));
        }
        return palette;
    }

    private static void readable(Map<String, Colour> palette, String text, String ground, double least) {
        assertThat(palette).containsKeys(text, ground);
        assertThat(contrast(palette.get(text).light(), palette.get(ground).light()))
                .as("%s on %s, light", text, ground)
                .isGreaterThanOrEqualTo(least);
        assertThat(contrast(palette.get(text).dark(), palette.get(ground).dark()))
                .as("%s on %s, dark", text, ground)
                .isGreaterThanOrEqualTo(least);
    }

    @Test
    void textIsReadableOnEverySurface() throws IOException {
        Map<String, Colour> palette = palette();
        for (String ground : List.of("bg", "surface", "raised", "sunken")) {
            readable(palette, "text", ground, TEXT);
            readable(palette, "muted", ground, TEXT);
            readable(palette, "bad", ground, TEXT);
            readable(palette, "focus", ground, LARGE);
        }
        readable(palette, "on-accent", "accent", TEXT);
        readable(palette, "accent-text", "bg", TEXT);
        readable(palette, "accent-text", "surface", TEXT);
    }

    @Test
    void theFiveLevelsOfSurpriseAreReadable() throws IOException {
        Map<String, Colour> palette = palette();
        for (int level = 0; level < 5; level++) {
            readable(palette, "heat-text-" + level, "heat-" + level, TEXT);
        }
    }

    private static double contrast(String a, String b) {
        double first = luminance(a);
        double second = luminance(b);
        return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
    }

    private static double luminance(String hex) {
        String digits = hex.substring(1).toLowerCase(Locale.ROOT);
        if (digits.length() == 3) {
            digits = digits.replaceAll("(.)", "$1$1");
        }
        int rgb = Integer.parseInt(digits, 16);
        return 0.2126 * linear(rgb >> 16 & 255) + 0.7152 * linear(rgb >> 8 & 255) + 0.0722 * linear(rgb & 255);
    }

    private static double linear(int channel) {
        double share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : StrictMath.pow((share + 0.055) / 1.055, 2.4);
    }
}
