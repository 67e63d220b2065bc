package dev.glasshouse.network;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.PackedWeight;
import dev.glasshouse.kernels.Product;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A linear map y = Wx + b with any number of low-rank adapters, or a shard of one: then y is rows {@code firstOutput} …
 * of the whole map's output.
 */
public final class Linear {
    private final String name;
    private final PackedWeight weight;
    private final Optional<float[]> bias;
    private final int firstOutput;
    private final List<LowRank> adapters = new ArrayList<>();

    /** @param bias as long as the weight has outputs */
    Linear(String name, PackedWeight weight, Optional<float[]> bias, int firstOutput) {
        if (bias.isPresent() && bias.get().length != weight.rows()) {
            throw new IllegalArgumentException("a bias of " + bias.get().length + " for " + weight.rows() + " outputs");
        }
        this.name = name;
        this.weight = weight;
        this.bias = bias;
        this.firstOutput = firstOutput;
    }

    /** The name in GGUF without its ending, such as {@code blk.0.attn_q}. */
    public String name() {
        return name;
    }

    public int inputs() {
        return weight.cols();
    }

    /** Outputs of this shard. */
    public int outputs() {
        return weight.rows();
    }

    /** The first of its outputs in the whole map; 0 where this is the whole. */
    public int firstOutput() {
        return firstOutput;
    }

    /** Adds an adapter, after those there are. @throws IllegalArgumentException if its shape is another */
    public void attach(LowRank adapter) {
        if (adapter.a().cols() != inputs() || adapter.b().rows() != outputs()) {
            throw new IllegalArgumentException("an adapter from " + adapter.a().cols() + " to "
                    + adapter.b().rows() + " values does not fit " + name + " from " + inputs() + " to " + outputs());
        }
        adapters.add(adapter);
    }

    /** Takes an adapter off. */
    public void detach(LowRank adapter) {
        adapters.remove(adapter);
    }

    PackedWeight weight() {
        return weight;
    }

    long bytes() {
        return weight.bytes();
    }

    /** What comes after the product: bias, then adapters in order. */
    private void finish(Kernels kernels, Matrix x, Matrix y) {
        if (bias.isPresent()) {
            kernels.addBias(bias.get(), y);
        }
        for (LowRank adapter : adapters) {
            try (Arena arena = Arena.ofShared()) {
                Matrix low = Matrix.allocate(arena, x.rows(), adapter.a().rows());
                Matrix change = Matrix.allocate(arena, x.rows(), y.cols());
                kernels.multiply(x, new Product(adapter.a(), low));
                kernels.multiply(low, new Product(adapter.b(), change));
                kernels.addScaled(adapter.scale(), change, y);
            }
        }
    }

    /** Linear maps that read the same input: one preparation and one barrier. */
    static final class Group {
        private final List<Linear> members;
        private Matrix[] outputs = {};
        private Product[] products = {};

        Group(Linear... members) {
            this.members = List.copyOf(Arrays.asList(members));
        }

        /** {@code ys[i] = members[i](x)}, each n × outputs; the array is kept and must not change. */
        @SuppressWarnings("ReferenceEquality")
        void apply(Kernels kernels, Matrix x, Matrix[] ys) {
            if (ys != outputs) {
                outputs = ys;
                products = new Product[ys.length];
                for (int i = 0; i < ys.length; i++) {
                    products[i] = new Product(members.get(i).weight, ys[i]);
                }
            }
            kernels.multiply(x, products);
            for (int i = 0; i < ys.length; i++) {
                members.get(i).finish(kernels, x, ys[i]);
            }
        }
    }
}
