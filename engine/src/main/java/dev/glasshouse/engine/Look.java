package dev.glasshouse.engine;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What to look at while the last position of a text is computed.
 *
 * @param lensTop candidates a row of the logit lens, 0 … 200; empty: no lens
 * @param lensTarget the id whose probability each row of the lens tells; empty: the likeliest one at the end
 * @param heads the attention heads whose weights are wanted, at most 64
 * @param times whether to measure the layers
 */
public record Look(OptionalInt lensTop, Optional<Integer> lensTarget, List<Head> heads, boolean times) {
    /** Looks at nothing but the answer. */
    public static final Look NOTHING = new Look(OptionalInt.empty(), Optional.empty(), List.of(), false);

    public Look {
        heads = List.copyOf(heads);
    }

    /** An attention head: its layer and its number there, both from 0. */
    public record Head(int layer, int head) {}

    /** The same with a logit lens of this many candidates a row. */
    public Look withLens(int top) {
        return new Look(OptionalInt.of(top), lensTarget, heads, times);
    }

    /** The same with a lens that follows this id. */
    public Look withTarget(int id) {
        return new Look(lensTop, Optional.of(id), heads, times);
    }

    /** The same with these heads. */
    public Look withHeads(Head... wanted) {
        return new Look(lensTop, lensTarget, List.of(wanted), times);
    }

    /** The same with times. */
    public Look withTimes() {
        return new Look(lensTop, lensTarget, heads, true);
    }
}
