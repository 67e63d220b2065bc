package dev.glasshouse.sampling;

/** Pearson's χ² test. */
final class ChiSquare {
    /** Cells with fewer expected counts are put together, as χ² only then holds. */
    private static final double LEAST_EXPECTED = 5;

    private static final double PRECISION = 1e-15;

    private ChiSquare() {}

    /**
     * How likely counts deviate at least as much as these from what is expected, if that is true.
     *
     * @param probabilities one for each count; counts where it is 0 make the answer 0
     */
    static double p(int[] counts, double[] probabilities, int draws) {
        double chi = 0;
        int cells = 0;
        double restExpected = 0;
        int rest = 0;
        for (int i = 0; i < counts.length; i++) {
            if (probabilities[i] == 0 && counts[i] > 0) {
                return 0;
            }
            double expected = probabilities[i] * draws;
            if (expected >= LEAST_EXPECTED) {
                chi += (counts[i] - expected) * (counts[i] - expected) / expected;
                cells++;
            } else {
                restExpected += expected;
                rest += counts[i];
            }
        }
        // A rest that is still too small joins no cell: its counts are few, and the others' sum tells of them.
        if (restExpected >= LEAST_EXPECTED) {
            chi += (rest - restExpected) * (rest - restExpected) / restExpected;
            cells++;
        }
        return cells < 2 ? 1 : tail(chi, cells - 1);
    }

    /** The probability that χ² with so many degrees of freedom is at least {@code chi}: Q(freedom/2, chi/2). */
    static double tail(double chi, int freedom) {
        double a = freedom / 2.0;
        double x = chi / 2;
        if (x <= 0) {
            return 1;
        }
        double scale = Math.exp(a * Math.log(x) - x - logGamma(a));
        return x < a + 1 ? 1 - scale * series(a, x) : scale * fraction(a, x);
    }

    /** Σ xⁿ / (a (a+1) … (a+n)), which times the scale is P(a, x). */
    private static double series(double a, double x) {
        double term = 1 / a;
        double sum = term;
        for (double n = a + 1; term > sum * PRECISION; n++) {
            term *= x / n;
            sum += term;
        }
        return sum;
    }

    /** The continued fraction of Legendre for Q(a, x), by Lentz's method. */
    private static double fraction(double a, double x) {
        double b = x + 1 - a;
        double c = Double.MAX_VALUE;
        double d = 1 / b;
        double result = d;
        double change = 0;
        for (int n = 1; Math.abs(change - 1) > PRECISION; n++) {
            double numerator = -n * (n - a);
            b += 2;
            d = 1 / (numerator * d + b);
            c = b + numerator / c;
            change = c * d;
            result *= change;
        }
        return result;
    }

    /** ln Γ for halves from 1/2 on: by the recurrence up to 20, then Stirling's series, good to 5e-13. */
    private static double logGamma(double a) {
        double shift = 0;
        double z = a;
        for (; z < 20; z++) {
            shift += Math.log(z);
        }
        double stirling = (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI);
        return stirling + 1 / (12 * z) - 1 / (360 * z * z * z) + 1 / (1260 * Math.pow(z, 5)) - shift;
    }
}
