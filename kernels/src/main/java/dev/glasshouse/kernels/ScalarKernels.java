package dev.glasshouse.kernels;

import dev.glasshouse.weights.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The definition of every result, to the bit, in plain Java: matrix products in {@link ScalarProducts}, work along rows
 * in {@link ScalarRows}, the cache and attention in {@link ScalarAttention}. Slow on purpose where speed would cost
 * clarity.
 */
public final class ScalarKernels implements Kernels {
    private final int threads;

    /** Kernels for {@code threads} threads, of which they use one: whoever defines what is right need not be fast. */
    public ScalarKernels(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " threads: at least one is needed");
        }
        this.threads = threads;
    }

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int threads() {
        return threads;
    }

    @Override
    public PackedWeight pack(TensorType type, int rows, int cols, MemorySegment bytes, Arena arena) {
        return ScalarWeight.pack(type, rows, cols, bytes, arena);
    }

    @Override
    public void lookup(PackedWeight table, int[] ids, Matrix out) {
        ScalarProducts.lookup(ScalarWeight.of(table), ids, out);
    }

    @Override
    public void multiply(Matrix x, Product... products) {
        for (Product product : products) {
            ScalarProducts.multiply(x, ScalarWeight.of(product.weight()), product.y());
        }
    }

    @Override
    public void multiplyGrouped(Matrix x, List<? extends PackedWeight> experts, int[] ends, Matrix y) {
        Products.checkGrouped(x, experts, ends, y);
        int from = 0;
        for (int expert = 0; expert < ends.length; expert++) {
            int count = ends[expert] - from;
            if (count > 0) {
                ScalarProducts.multiply(x.rows(from, count), ScalarWeight.of(experts.get(expert)), y.rows(from, count));
            }
            from = ends[expert];
        }
    }

    @Override
    public void rmsNorm(Matrix x, float[] weight, float eps, Matrix y) {
        ScalarRows.rmsNorm(x, weight, eps, y);
    }

    @Override
    public void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix y) {
        ScalarRows.layerNorm(x, weight, bias, eps, y);
    }

    @Override
    public void rotate(Matrix x, int headSize, Matrix turns, RotaryStyle style) {
        ScalarRows.rotate(x, headSize, turns, style);
    }

    @Override
    public void store(KvLayout layout, Matrix k, Matrix v, MemorySegment[] blocks, int[] slots) {
        ScalarAttention.store(layout, k, v, blocks, slots);
    }

    @Override
    public void attend(Attention attention) {
        ScalarAttention.attend(attention);
    }

    @Override
    public void swiglu(Matrix gate, Matrix up, Matrix out) {
        ScalarRows.swiglu(gate, up, out);
    }

    @Override
    public void geglu(Matrix gate, Matrix up, Matrix out) {
        ScalarRows.geglu(gate, up, out);
    }

    @Override
    public void gelu(Matrix x) {
        ScalarRows.gelu(x);
    }

    @Override
    public void addScaled(float scale, Matrix x, Matrix y) {
        ScalarRows.addScaled(scale, x, y);
    }

    @Override
    public void addBias(float[] bias, Matrix y) {
        ScalarRows.addBias(bias, y);
    }

    @Override
    public void scale(float scale, Matrix x) {
        ScalarRows.scale(scale, x);
    }

    @Override
    public void softcap(float cap, Matrix x) {
        ScalarRows.softcap(cap, x);
    }

    @Override
    public void softmax(Matrix x) {
        ScalarRows.softmax(x);
    }

    @Override
    public TrainingKernels training() {
        return new ScalarTraining();
    }

    @Override
    public void close() {}
}
