package dev.glasshouse.kernels.vector;

import dev.glasshouse.kernels.Attention;
import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.KvLayout;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.PackedWeight;
import dev.glasshouse.kernels.Product;
import dev.glasshouse.kernels.RotaryStyle;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.kernels.TrainingKernels;
import dev.glasshouse.kernels.Workers;
import dev.glasshouse.weights.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The maths with the Vector API, bit for bit that of {@link ScalarKernels}. */
final class VectorKernels implements Kernels {
    private final Workers workers;
    private final ScalarKernels scalar;
    private final WeightPacker packer;
    private final VectorProducts products;
    private final VectorRows rows;
    private final VectorAttention attention;
    private final VectorTraining training;

    VectorKernels(int threads) {
        workers = new Workers(threads);
        scalar = new ScalarKernels(1);
        packer = new WeightPacker(workers, scalar);
        products = new VectorProducts(workers, scalar);
        rows = new VectorRows(workers);
        attention = new VectorAttention(workers);
        training = new VectorTraining(workers);
    }

    @Override
    public String name() {
        return "vector, " + Width.BITS + " bits";
    }

    @Override
    public int threads() {
        return workers.threads();
    }

    @Override
    public PackedWeight pack(TensorType type, int rows, int cols, MemorySegment bytes, Arena arena) {
        return packer.pack(type, rows, cols, bytes, arena);
    }

    @Override
    public void lookup(PackedWeight table, int[] ids, Matrix out) {
        products.lookup(table, ids, out);
    }

    @Override
    public void multiply(Matrix x, Product... group) {
        products.multiply(x, group);
    }

    @Override
    public void multiplyGrouped(Matrix x, List<? extends PackedWeight> experts, int[] ends, Matrix y) {
        products.multiplyGrouped(x, experts, ends, y);
    }

    @Override
    public void rmsNorm(Matrix x, float[] weight, float eps, Matrix y) {
        rows.rmsNorm(x, weight, eps, y);
    }

    @Override
    public void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix y) {
        rows.layerNorm(x, weight, bias, eps, y);
    }

    @Override
    public void rotate(Matrix x, int headSize, Matrix turns, RotaryStyle style) {
        rows.rotate(x, headSize, turns, style);
    }

    @Override
    public void store(KvLayout layout, Matrix k, Matrix v, MemorySegment[] blocks, int[] slots) {
        scalar.store(layout, k, v, blocks, slots);
    }

    @Override
    public void attend(Attention attention) {
        this.attention.attend(attention);
    }

    @Override
    public void swiglu(Matrix gate, Matrix up, Matrix out) {
        rows.swiglu(gate, up, out);
    }

    @Override
    public void geglu(Matrix gate, Matrix up, Matrix out) {
        rows.geglu(gate, up, out);
    }

    @Override
    public void gelu(Matrix x) {
        rows.gelu(x);
    }

    @Override
    public void addScaled(float scale, Matrix x, Matrix y) {
        rows.addScaled(scale, x, y);
    }

    @Override
    public void addBias(float[] bias, Matrix y) {
        rows.addBias(bias, y);
    }

    @Override
    public void scale(float scale, Matrix x) {
        rows.scale(scale, x);
    }

    @Override
    public void softcap(float cap, Matrix x) {
        rows.softcap(cap, x);
    }

    @Override
    public void softmax(Matrix x) {
        rows.softmax(x);
    }

    @Override
    public TrainingKernels training() {
        return training;
    }

    @Override
    public void close() {
        scalar.close();
        workers.close();
    }
}
