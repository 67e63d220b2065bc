package dev.glasshouse.engine;

import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What one chain draws from the same logits again and again, nothing accepted in between.
 *
 * @param seed the seed used
 * @param counts how often each id was drawn
 * @param first the first draws, at most 100
 */
public record Draws(long seed, NavigableMap<Integer, Integer> counts, List<Drawn> first) {
    public Draws {
        counts = Collections.unmodifiableNavigableMap(new TreeMap<>(counts));
        first = List.copyOf(first);
    }

    /**
     * One draw.
     *
     * @param u the random number of the pick; 0 where the likeliest is taken without one
     * @param id what it picked
     */
    public record Drawn(double u, int id) {}
}
