package dev.glasshouse.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The draw of Mirostat and adaptive-p, C++'s {@code std::discrete_distribution}: the probabilities normalised in F64, their
 * running sums with the last set to 1, and the first that is at least u. A single candidate costs no draw.
 */
final class CumulativeDraw {
    private final MersenneTwister generator;
    private boolean drew;
    private double u;
    private int place;
    private double low;
    private double high;
    private double sum;

    CumulativeDraw(MersenneTwister generator) {
        this.generator = generator;
    }

    CumulativeDraw copy() {
        return new CumulativeDraw(new MersenneTwister(generator));
    }

    long seed() {
        return generator.seed();
    }

    int pick(Candidates candidates) {
        if (candidates.maxLogit() == Float.NEGATIVE_INFINITY) {
            throw DistPicker.allBanned();
        }
        int size = candidates.size();
        drew = size > 1;
        if (!drew) {
            return 0;
        }
        sum = sum(candidates);
        u = generator.nextDouble();
        if (!(sum > 0)) {
            // A tiny temperature sent logits to infinity, and all is NaN.
            place = candidates.greatestPlace();
            low = 0;
            high = 1;
            return place;
        }
        double running = 0;
        for (place = 0; place < size; place++) {
            low = running;
            running += candidates.probability(place) / sum;
            high = place == size - 1 ? 1 : running;
            if (high >= u) {
                break;
            }
        }
        return place;
    }

    private static double sum(Candidates candidates) {
        double sum = 0;
        for (int i = 0; i < candidates.size(); i++) {
            sum += candidates.probability(i);
        }
        return sum;
    }

    /** As {@link Picker#slices}. */
    List<Slice> slices(Candidates candidates, int[] places) {
        List<Slice> slices = new ArrayList<>();
        double running = 0;
        int i = 0;
        for (int wanted : sum > 0 ? places : new int[0]) {
            for (; i < wanted; i++) {
                running += candidates.probability(i) / sum;
            }
            double end = running + candidates.probability(i) / sum;
            slices.add(new Slice(candidates.id(i), running, i == candidates.size() - 1 ? 1 : end));
        }
        return slices;
    }

    /** As {@link Picker#lottery}, for candidates with probabilities. */
    Lottery lottery(Candidates candidates) {
        if (candidates.maxLogit() == Float.NEGATIVE_INFINITY) {
            throw DistPicker.allBanned();
        }
        int size = candidates.size();
        if (size == 1) {
            return Lottery.certain(candidates.id(0));
        }
        double all = sum(candidates);
        if (!(all > 0)) {
            return Lottery.certain(candidates.id(candidates.greatestPlace()), generator);
        }
        double[] ends = new double[size];
        double running = 0;
        for (int i = 0; i < size; i++) {
            running += candidates.probability(i) / all;
            ends[i] = i == size - 1 ? 1 : running;
        }
        return Lottery.of(candidates, ends, 1, generator);
    }

    Optional<Draw> last(String stage) {
        if (!drew) {
            return Optional.empty();
        }
        return Optional.of(new Draw(
                stage, Draw.MT19937, seed(), generator.outputs() - 2, u, OptionalInt.of(place), low, high, List.of()));
    }
}
