package dev.glasshouse.engine;

import dev.glasshouse.network.PassTimes;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link Look} saw at the last position of a text.
 *
 * @param logits what follows it, one a token of the vocabulary
 * @param lens a row for the embedding and one for each layer, if asked for
 * @param attention one for each head asked for, in that order
 * @param times of the pass that computed this one position, if asked for
 */
public record View(float[] logits, List<LensRow> lens, List<AttentionRow> attention, Optional<PassTimes> times) {
    public View {
        lens = List.copyOf(lens);
        attention = List.copyOf(attention);
    }
}
