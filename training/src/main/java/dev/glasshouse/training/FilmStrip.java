package dev.glasshouse.training;

import java.util.ArrayList;
import java.util.List;

/** When the pictures of the film strip are taken: most at the beginning, where most happens. */
final class FilmStrip {
    /** Of the sampling; the seed stays the same, so that pictures differ by the weights alone. */
    static final double TEMPERATURE = 0.8;

    static final long SEED = 1;

    private FilmStrip() {}

    /** The first weights, then each step count half of the next, to the last step. */
    static List<Long> moments(long steps, int count) {
        List<Long> moments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int halvings = count - 1 - i;
            long step = i == 0 && count > 1 ? 0 : halvings > 62 ? 0 : steps >> halvings;
            if (!moments.contains(step)) {
                moments.add(step);
            }
        }
        return moments;
    }
}
