package dev.glasshouse.training;

import dev.glasshouse.weights.GlassException;
import java.util.Locale;

/**
 * How the learning rate moves: up along a line for the warm-up, then by {@link Kind}. A function of the step alone, in
 * double and StrictMath.
 *
 * @param kind the way down
 * @param warmup steps until the rate is full
 * @param finalFraction of the full rate, at the end
 * @param decay steps of the way down at the end, for {@link Kind#WSD}; else 0
 */
public record Schedule(Kind kind, long warmup, double finalFraction, long decay) {
    /** The shapes. */
    public enum Kind {
        /** Half a cosine from the full rate to the final one (nanoGPT, llm.c). */
        COSINE,
        /** A line from the full rate to the final one. */
        LINEAR,
        /** The full rate to the end. */
        CONSTANT,
        /** Warm-up, stable, decay: the full rate, then a line down over the last {@link Schedule#decay} steps. */
        WSD;

        /** The name in configurations. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws GlassException if a number is impossible */
    public Schedule {
        if (warmup < 0) {
            throw new GlassException("The warm-up cannot take " + warmup + " steps.");
        }
        if (!(finalFraction >= 0 && finalFraction <= 1)) {
            throw new GlassException(
                    "The final rate must be from 0 to 1 times the full one, not " + finalFraction + ".");
        }
        if (decay < 0 || (decay > 0 && kind != Kind.WSD)) {
            throw new GlassException("A decay of " + decay + " steps belongs to no schedule " + kind.word() + ".");
        }
    }

    /** A cosine down to a tenth. */
    public static Schedule cosine(long warmup) {
        return new Schedule(Kind.COSINE, warmup, 0.1, 0);
    }

    /**
     * What multiplies the learning rate in a step, in (0, 1].
     *
     * @param step 0 for the first
     * @param steps of the whole training
     */
    public double factor(long step, long steps) {
        if (step < warmup) {
            return (step + 1.0) / (warmup + 1.0);
        }
        return switch (kind) {
            case CONSTANT -> 1;
            case COSINE ->
                finalFraction
                        + 0.5
                                * (1 + StrictMath.cos(Math.PI * share(step - warmup, steps - warmup)))
                                * (1 - finalFraction);
            case LINEAR -> line(share(step - warmup, steps - warmup));
            case WSD -> line(share(Math.max(0, step - (steps - decay)), decay));
        };
    }

    private double line(double share) {
        return finalFraction + (1 - share) * (1 - finalFraction);
    }

    private static double share(long done, long all) {
        return all <= 0 ? 0 : Math.min(1, (double) done / all);
    }
}
