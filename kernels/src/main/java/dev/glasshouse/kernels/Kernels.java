package dev.glasshouse.kernels;

import dev.glasshouse.weights.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The maths of a transformer over batches of rows. {@code ScalarKernels} defines every result to the bit
 * (docs/PRECISION.md); any other implementation, whatever its vector width and thread count, gives the same bits.
 * Matrices passed in must not overlap unless a method says that they may.
 *
 * <p>A {@code Kernels} serves one caller at a time; it owns its threads until closed.
 */
public interface Kernels extends AutoCloseable {
    /** The fastest kernels that can run here; {@link KernelsLoader#choose} also says why not faster ones. */
    static Kernels best(int threads) {
        return KernelsLoader.choose(threads).kernels();
    }

    /** What runs here, for people: "scalar", "vector, 512 bits". */
    String name();

    /** Threads that share the work, the caller's included. */
    int threads();

    /**
     * Reads a weight into this implementation's own form. {@code bytes} may be a mapped file and is not needed
     * afterwards.
     *
     * @param bytes {@code rows} rows of {@code type.bytes(cols)} bytes each
     * @param arena what the packed form lives as long as
     * @throws IllegalArgumentException if the size of {@code bytes} does not fit
     */
    PackedWeight pack(TensorType type, int rows, int cols, MemorySegment bytes, Arena arena);

    /** {@code out[i] = table[ids[i]]}, the exact unpacked values; out is ids.length × table.cols(). */
    void lookup(PackedWeight table, int[] ids, Matrix out);

    /** All products of one input: x is n × cols. The group costs one preparation of x and one barrier. */
    void multiply(Matrix x, Product... products);

    /**
     * Rows of several experts in one call: rows {@code ends[e-1] … ends[e]-1} of x (from 0 for the first) meet
     * {@code experts.get(e)}; y has a row for each row of x.
     */
    void multiplyGrouped(Matrix x, List<? extends PackedWeight> experts, int[] ends, Matrix y);

    /** {@code y = x / √(mean(x²) + eps) · weight}, row by row; y may be x. */
    void rmsNorm(Matrix x, float[] weight, float eps, Matrix y);

    /** {@code y = (x − mean) / √(variance + eps) · weight + bias}, row by row; y may be x. */
    void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix y);

    /**
     * Turns the first values of each head in place by that row's angles (rotary position embedding).
     *
     * @param x n × heads·headSize
     * @param turns n × r, r even and ≤ headSize: r/2 cosines, then r/2 sines
     */
    void rotate(Matrix x, int headSize, Matrix turns, RotaryStyle style);

    /** Writes row i of k and v (n × kvHeads·headSize) at position {@code slots[i]} (0…63) of {@code blocks[i]}. */
    void store(KvLayout layout, Matrix k, Matrix v, MemorySegment[] blocks, int[] slots);

    /** Softmax attention over the cache, as stored. */
    void attend(Attention attention);

    /** {@code out = silu(gate) · up}; out may be either. */
    void swiglu(Matrix gate, Matrix up, Matrix out);

    /** {@code out = gelu(gate) · up}, gelu in its tanh form; out may be either. */
    void geglu(Matrix gate, Matrix up, Matrix out);

    /** {@code x = gelu(x)} in its tanh form. */
    void gelu(Matrix x);

    /** {@code y = y + scale·x} in one rounding: {@code fma(scale, x, y)}. */
    void addScaled(float scale, Matrix x, Matrix y);

    /** {@code y = y + bias}, each row. */
    void addBias(float[] bias, Matrix y);

    /** {@code x = scale · x}. */
    void scale(float scale, Matrix x);

    /** {@code x = cap · tanh(x / cap)}. */
    void softcap(float cap, Matrix x);

    /** Softmax of each row in place. */
    void softmax(Matrix x);

    /** The maths of training on the same threads; valid until close. */
    TrainingKernels training();

    @Override
    void close();
}
