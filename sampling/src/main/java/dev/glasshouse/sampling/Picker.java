package dev.glasshouse.sampling;

/** The last stage: it picks one of the candidates. */
public interface Picker extends SamplerStage {
    /** Picks: the place in the list. May change probabilities and drop candidates on the way. */
    int pick(Candidates candidates);

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
