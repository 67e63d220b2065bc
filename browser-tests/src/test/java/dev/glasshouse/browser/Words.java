package dev.glasshouse.browser;

import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page's texts in one language, so that a test finds what a person reads. */
record Words(Json.ObjectValue texts) {
    static Words of(String language) {
        try {
            Path file = Path.of("..", "server", "src", "main", "resources", "web", "i18n", language + ".json");
            return new Words(Json.parse(Files.readString(file)).asObject());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text at a dotted key, with {@code {name}} replaced by the values given as name, value, name, value. */
    String t(String key, String... values) {
        Json at = texts;
        for (String part : key.split("\\.")) {
            at = at.asObject().get(part);
        }
        String text = at.asString();
        for (int i = 0; i < values.length; i += 2) {
            text = text.replace("{" + values[i] + "}", values[i + 1]);
        }
        return text;
    }
}
