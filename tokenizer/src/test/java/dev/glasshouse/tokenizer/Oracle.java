package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What other implementations say about one text. */
record Oracle(String text, int[] ids, int[] idsWithEnds, String decoded, String decodedWithoutControl) {
    static List<Oracle> read(String name) {
        List<Oracle> all = new ArrayList<>();
        String lines = new String(resource(name), StandardCharsets.UTF_8);
        for (String line : lines.split("\n")) {
            if (!line.isBlank()) {
                Json.ObjectValue json = (Json.ObjectValue) Json.parse(line);
                String decoded = json.string("decoded").orElseThrow();
                int[] ids = ids(json, "ids");
                boolean both = json.find("ids_special").isPresent();
                all.add(new Oracle(
                        json.string("text").orElseThrow(),
                        ids,
                        both ? ids(json, "ids_special") : ids,
                        decoded,
                        json.string("decoded_skip").orElse(decoded)));
            }
        }
        return all;
    }

    private static int[] ids(Json.ObjectValue json, String key) {
        return json.array(key).orElseThrow().stream()
                .mapToInt(id -> Math.toIntExact(((Json.NumberValue) id).asLong()))
                .toArray();
    }

    static byte[] resource(String name) {
        try (InputStream in = Oracle.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no test resource " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
