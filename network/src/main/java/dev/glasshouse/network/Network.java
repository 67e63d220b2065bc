package dev.glasshouse.network;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.KvLayout;
import dev.glasshouse.kernels.KvType;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.QuantFormat;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.ModelFile;
import dev.glasshouse.weights.Tensor;
import dev.glasshouse.weights.TensorType;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model ready to compute: its weights, packed for one {@link Kernels}, and the forward pass. One thread at a time;
 * closing twice does nothing, any other use after {@link #close} is an {@link IllegalStateException}.
 */
public final class Network implements AutoCloseable {
    /** Rows that {@link #kvBytes} assumes a batch to have; only windowed layers depend on it. */
    private static final int BATCH = 512;

    private final DecoderSpec spec;
    private final Decoder decoder;
    private final Map<String, Linear> linears;
    private final long weightBytes;
    private final Arena arena;

    private Network(DecoderSpec spec, Decoder decoder, Map<String, Linear> linears, long weightBytes, Arena arena) {
        this.spec = spec;
        this.decoder = decoder;
        this.linears = linears;
        this.weightBytes = weightBytes;
        this.arena = arena;
    }

    /** The architectures that can be loaded, by their GGUF names. */
    public static List<String> architectures() {
        return Architectures.names();
    }

    /**
     * What a file says of its network, without reading weights.
     *
     * @throws GlassException as {@link #load}
     */
    public static DecoderSpec describe(ModelFile file) {
        ModelSource source = ModelSource.of(file);
        return spec(source, Architectures.of(source));
    }

    /**
     * Reads and packs all weights. The file is not needed afterwards; the kernels are, and stay the caller's to close.
     *
     * @throws GlassException if the architecture is unknown (the message lists the known ones), a number is missing or
     *     impossible, a tensor is missing, of another shape, of a type without kernels, or unknown to the architecture
     */
    @SuppressWarnings("MustBeClosedChecker")
    public static Network load(ModelFile file, Kernels kernels, LoadListener listener) {
        ModelSource source = ModelSource.of(file);
        Architecture architecture = Architectures.of(source);
        DecoderSpec spec = spec(source, architecture);
        Arena arena = Arena.ofShared();
        boolean done = false;
        try {
            WeightReader reader = new WeightReader(source, architecture.names(), kernels, arena, listener);
            Decoder decoder = Decoder.read(reader, spec, kernels, source.tied(architecture.names()));
            done = true;
            return new Network(spec, decoder, reader.linears(), reader.packedBytes(), arena);
        } finally {
            if (!done) {
                arena.close();
            }
        }
    }

    static DecoderSpec spec(ModelSource source, Architecture architecture) {
        String embedding = TensorReader.nameOf(source, architecture.names(), "token_embd.weight");
        long vocabulary = source.tensor(embedding)
                .orElseThrow(() -> new GlassException("The model lacks the tensor " + embedding + "."))
                .rows();
        if (vocabulary < 1 || vocabulary > 1 << 28) {
            throw new GlassException("The model says it has a vocabulary of " + vocabulary + ".");
        }
        return architecture.spec(source, (int) vocabulary);
    }

    /** What kind of network it is: architecture, sizes, layers. */
    public DecoderSpec spec() {
        return spec;
    }

    /** Bytes of all packed weights. */
    public long weightBytes() {
        return weightBytes;
    }

    /** All linear maps of the layers and the head, for adapters. */
    public Collection<Linear> linears() {
        return linears.values();
    }

    /** A linear map by its GGUF name without ending, such as {@code blk.0.attn_q}. */
    public Optional<Linear> linear(String name) {
        return Optional.ofNullable(linears.get(name));
    }

    /** Bytes that the weights of a file take once packed, about: types without kernels of their own become F32. */
    public static long packedBytes(ModelFile file) {
        long bytes = 0;
        for (Tensor tensor : file.tensors()) {
            boolean asStored = tensor.type() == TensorType.F16
                    || tensor.type() == TensorType.BF16
                    || QuantFormat.of(tensor.type()).isPresent();
            bytes += asStored ? tensor.data().byteSize() : Math.multiplyExact(tensor.elements(), 4L);
        }
        return bytes;
    }

    /**
     * Bytes that the state of one sequence of {@code context} positions takes.
     *
     * @throws GlassException if this type of cache does not fit the size of the heads
     */
    public long kvBytes(int context, KvType type) {
        return kvBytes(spec, context, type);
    }

    /** As {@link #kvBytes(int, KvType)}, before the network is loaded. */
    public static long kvBytes(DecoderSpec spec, int context, KvType type) {
        long blockBytes = blockBytes(spec, type);
        long bytes = 0;
        for (DecoderSpec.Layer layer : spec.layers()) {
            long most = layer.window() == 0 ? context : (long) layer.window() + KvState.SLACK + BATCH + KvLayout.BLOCK;
            long positions = Math.min(context, most);
            bytes += (positions + KvLayout.BLOCK - 1) / KvLayout.BLOCK * blockBytes;
            if (bytes < 0) {
                return Long.MAX_VALUE;
            }
        }
        return bytes;
    }

    /**
     * An empty state for one sequence. Memory is taken as the sequence grows.
     *
     * @param capacity the most positions it will take
     * @throws GlassException if this type of cache does not fit the size of the heads
     */
    public SequenceState newState(KvType type, int capacity) {
        open();
        long blockBytes = blockBytes(spec, type);
        int windowed =
                (int) spec.layers().stream().filter(layer -> layer.window() > 0).count();
        BlockSource near = new BlockSource(blockBytes, Math.max(1, windowed));
        BlockSource all = new BlockSource(blockBytes, Math.max(1, spec.depth() - windowed));
        List<LayerState> states = new ArrayList<>();
        for (DecoderSpec.Layer layer : spec.layers()) {
            states.add(new KvState(layout(spec, type), layer.window(), layer.window() > 0 ? near : all));
        }
        return new SequenceState(states, capacity);
    }

    /**
     * Takes all rows of a batch into their states and computes what was asked for. The result is valid until the next
     * pass. If it fails, the states have the length they had.
     *
     * @throws IllegalArgumentException for a token or position outside the network, or a state of another network
     * @throws IllegalStateException for more rows than a state has room for
     */
    public Output forward(Batch batch) {
        open();
        return decoder.forward(batch);
    }

    /**
     * The logits that rows of the residual, of any depth, would give if no layer came after them: the final norm and the
     * head, with what the architecture does to logits (the "logit lens", nostalgebraist 2020). Rows of the depth after the
     * last layer give the bits of the ordinary logits.
     *
     * @param residuals n × width, such as {@link Output#residual} gives
     * @return n × vocabulary; the network's memory, valid until the next call of this method; it leaves the last
     *     {@link Output} as it is
     * @throws IllegalArgumentException for rows of another width
     */
    public Matrix logits(Matrix residuals) {
        open();
        return decoder.logits(residuals);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            decoder.close();
        }
    }

    private static KvLayout layout(DecoderSpec spec, KvType type) {
        return new KvLayout(type, spec.attention().kvCount(), spec.attention().size());
    }

    private static long blockBytes(DecoderSpec spec, KvType type) {
        try {
            return layout(spec, type).blockBytes();
        } catch (IllegalArgumentException e) {
            throw new GlassException("This model cannot have that cache: " + e.getMessage() + "; choose f16.", e);
        }
    }

    private void open() {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("the network is closed");
        }
    }
}
