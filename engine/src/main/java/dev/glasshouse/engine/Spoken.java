package dev.glasshouse.engine;

import dev.glasshouse.tokenizer.StreamDecoder;
import dev.glasshouse.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;

/** The text of a generation as it grows: whole characters, up to a stop string. */
final class Spoken {
    private final StreamDecoder decoder;
    private final StopScanner stops;
    private final StringBuilder text = new StringBuilder();

    Spoken(Tokenizer tokenizer, List<String> stops) {
        decoder = tokenizer.streamDecoder();
        this.stops = new StopScanner(stops);
    }

    /** The text of the first tokens as if the generation ended there. */
    static Spoken of(Tokenizer tokenizer, Request request, List<Integer> ids) {
        Spoken spoken = new Spoken(tokenizer, request.stops());
        for (int id : ids) {
            if (request.ignoreEnd() || !tokenizer.isEndOfGeneration(id)) {
                spoken.push(id);
            }
        }
        if (spoken.stop().isEmpty()) {
            spoken.finish();
        }
        return spoken;
    }

    /** What becomes certain with one token more. */
    String push(int id) {
        return keep(stops.push(decoder.push(id)));
    }

    /** What was held back, at the end. */
    String finish() {
        return keep(stops.push(decoder.finish())) + keep(stops.finish());
    }

    /** The stop string that was found. */
    Optional<String> stop() {
        return stops.found();
    }

    String text() {
        return text.toString();
    }

    private String keep(String delta) {
        text.append(delta);
        return delta;
    }
}
