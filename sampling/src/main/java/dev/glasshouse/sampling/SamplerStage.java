package dev.glasshouse.sampling;

import java.util.Map;
import java.util.Optional;

/**
 * One stage of the chain: it changes logits, drops or reorders candidates. A stage may keep state between steps (what was
 * accepted, a generator of its own); {@link #copy} takes it along.
 */
public interface SamplerStage {
    /** llama.cpp's name of the stage in its lists: "penalties", "top_k", "typ_p". */
    String name();

    /** The values it runs with, by the names of {@link Parameter}, in a fixed order. */
    Map<String, Object> parameters();

    /** Whether it can change anything with these values; a stage that cannot is shown, and skipped. */
    boolean active();

    /** Works on the candidates. */
    void apply(Candidates candidates);

    /** Learns which token was taken, whoever picked it. */
    default void accept(int id) {}

    /** The random number of the last {@link #apply}, if that drew one. */
    default Optional<Draw> lastDraw() {
        return Optional.empty();
    }

    /** An independent copy with the same state. */
    SamplerStage copy();
}
