package dev.glasshouse.sampling;

import java.util.Optional;

/**
 * A pick made ready, to be drawn any number of times: the candidates' ids in the chain's order and the ends of their
 * intervals, never falling. The first whose end is at least u times the scale is drawn.
 */
public final class Lottery {
    private final int[] ids;
    private final double[] ends;
    private final double scale;
    private final Optional<MersenneTwister> generator;

    private Lottery(int[] ids, double[] ends, double scale, Optional<MersenneTwister> generator) {
        this.ids = ids;
        this.ends = ends;
        this.scale = scale;
        this.generator = generator;
    }

    /** Draws among the candidates; the last end must be at least the scale. */
    static Lottery of(Candidates candidates, double[] ends, double scale, MersenneTwister generator) {
        return new Lottery(candidates.toIds(), ends, scale, Optional.of(generator));
    }

    /** Takes a number from the generator and draws this id whatever it is. */
    static Lottery certain(int id, MersenneTwister generator) {
        return new Lottery(new int[] {id}, new double[] {1}, 1, Optional.of(generator));
    }

    /** Draws this id without a random number. */
    static Lottery certain(int id) {
        return new Lottery(new int[] {id}, new double[] {1}, 1, Optional.empty());
    }

    /** Draws once. */
    public void draw(DrawSink sink) {
        double u = generator.map(MersenneTwister::nextDouble).orElse(0.0);
        double target = scale * u;
        int low = 0;
        int high = ends.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ends[middle] >= target) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        sink.drawn(u, ids[low]);
    }
}
