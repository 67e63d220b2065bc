package dev.glasshouse.engine;

import java.util.List;
import java.util.Optional;

/**
 * What was generated.
 *
 * @param ids the tokens, the one that ends the generation included
 * @param text their text, control tokens and stop string left out
 * @param finish why it ended
 * @param stop the stop string that ended it
 * @param timings where the time went
 * @param trace the record, if asked for
 */
public record Generation(
        List<Integer> ids,
        String text,
        FinishReason finish,
        Optional<String> stop,
        Timings timings,
        Optional<Trace> trace) {
    public Generation {
        ids = List.copyOf(ids);
    }
}
