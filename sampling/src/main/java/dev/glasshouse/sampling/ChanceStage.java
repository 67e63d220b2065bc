package dev.glasshouse.sampling;

/** A stage that first decides yes or no by a random number and then acts on that. */
interface ChanceStage extends SamplerStage {
    /** Draws, if it needs to, and decides. */
    boolean decide(Candidates candidates);

    /** Does what was decided. */
    void act(Candidates candidates, boolean decision);

    @Override
    default void apply(Candidates candidates) {
        act(candidates, decide(candidates));
    }
}
