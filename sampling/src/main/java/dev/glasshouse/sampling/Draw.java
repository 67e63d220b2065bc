package dev.glasshouse.sampling;

import java.util.List;
import java.util.OptionalInt;

/**
 * A random number and what it decided.
 *
 * @param stage who drew: "dist", "xtc", "mirostat", "mirostat_v2", "adaptive_p"
 * @param generator the algorithm: "mt19937"
 * @param seed its seed, 0 … 2³² − 1
 * @param position how many words of 32 bits the generator had given before
 * @param u the number, 0 ≤ u &lt; 1
 * @param place the place in the chain's order where it fell, from 0; none for "xtc", which decides yes or no
 * @param low lower end of the interval that u fell into; for a pick, the probability of all places before
 * @param high upper end; for "xtc" its probability: it strikes where u ≤ high
 * @param slices for a pick, the intervals of the recorded candidates of the picker's stage, in the chain's order; what
 *     lies between them leads to others. Empty for "xtc"
 */
public record Draw(
        String stage,
        String generator,
        long seed,
        long position,
        double u,
        OptionalInt place,
        double low,
        double high,
        List<Slice> slices) {
    static final String MT19937 = "mt19937";

    /** Keeps a copy of the list. */
    public Draw {
        slices = List.copyOf(slices);
    }

    Draw withSlices(List<Slice> its) {
        return new Draw(stage, generator, seed, position, u, place, low, high, its);
    }
}
