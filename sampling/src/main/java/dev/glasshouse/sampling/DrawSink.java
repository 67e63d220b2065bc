package dev.glasshouse.sampling;

/** Hears of the trials of {@link SamplerChain#draws}. */
@FunctionalInterface
public interface DrawSink {
    /**
     * One trial.
     *
     * @param u the picker's random number, 0 ≤ u &lt; 1; 0 where it drew none, since one candidate was left
     * @param id the token it led to
     */
    void drawn(double u, int id);
}
