package dev.glasshouse.sampling;

/**
 * MT19937 of Matsumoto and Nishimura (1998), C++'s {@code std::mt19937}: 624 words of state, outputs of 32 bits, period
 * 2¹⁹⁹³⁷ − 1. Seeded as in C++: word i = 1812433253·(w ⊕ w≫30) + i of the word w before.
 */
final class MersenneTwister {
    private static final int WORDS = 624;
    private static final int MIDDLE = 397;

    private final int[] state = new int[WORDS];
    private final int seed;
    private int next = WORDS;
    private long outputs;

    MersenneTwister(int seed) {
        this.seed = seed;
        state[0] = seed;
        for (int i = 1; i < WORDS; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    MersenneTwister(MersenneTwister other) {
        System.arraycopy(other.state, 0, state, 0, WORDS);
        seed = other.seed;
        next = other.next;
        outputs = other.outputs;
    }

    /** The seed as an unsigned number. */
    long seed() {
        return Integer.toUnsignedLong(seed);
    }

    /** How many words have been drawn. */
    long outputs() {
        return outputs;
    }

    /** The next 32 bits, as an unsigned number. */
    long nextWord() {
        if (next == WORDS) {
            refill();
        }
        outputs++;
        int y = state[next++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        y ^= y >>> 18;
        return Integer.toUnsignedLong(y);
    }

    /** Uniform in [0, 1): (a + b·2³²) / 2⁶⁴ of the next two outputs, in F64, as {@code std::generate_canonical}. */
    double nextDouble() {
        double low = nextWord();
        double high = nextWord();
        double u = (low + high * 0x1p32) / 0x1p64;
        return u < 1 ? u : Math.nextDown(1.0);
    }

    /** Uniform in [0, 1): one output / 2³² in F32. */
    float nextFloat() {
        float u = (float) nextWord() / 0x1p32f;
        return u < 1 ? u : Math.nextDown(1f);
    }

    private void refill() {
        for (int i = 0; i < WORDS; i++) {
            int y = (state[i] & 0x80000000) | (state[(i + 1) % WORDS] & 0x7fffffff);
            int twisted = (y & 1) == 0 ? 0 : 0x9908b0df;
            state[i] = state[(i + MIDDLE) % WORDS] ^ (y >>> 1) ^ twisted;
        }
        next = 0;
    }
}
