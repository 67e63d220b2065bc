package dev.glasshouse.sampling;

import java.util.List;

/** The last stage: it picks one of the candidates. */
public sealed interface Picker extends SamplerStage permits AdaptivePPicker, DistPicker, MirostatPicker {
    /** Picks: the place in the list. May change probabilities and drop candidates on the way. */
    int pick(Candidates candidates);

    /**
     * The intervals of u that lead to the candidates at these places, in the arithmetic of the last {@link #pick}; none
     * where that did not go by them.
     *
     * @param candidates as that pick left them
     * @param places in ascending order
     */
    List<Slice> slices(Candidates candidates, int[] places);

    /**
     * Makes a pick ready instead of {@link #pick}: works on the candidates alike, but draws later and learns nothing. The
     * lottery draws from this picker's generator.
     */
    Lottery lottery(Candidates candidates);

    @Override
    default boolean active() {
        return true;
    }

    /** Does nothing: a picker's work is {@link #pick}. */
    @Override
    default void apply(Candidates candidates) {}

    @Override
    Picker copy();
}
