package dev.glasshouse.weights;

import java.lang.foreign.MemorySegment;

/**
 * A tensor with its bytes.
 *
 * @param info name, type and shape
 * @param data its bytes, read-only, {@code info.bytes()} long; valid until its {@link ModelFile} is closed. They start
 *     at a multiple of the file's alignment in GGUF, at any address in safetensors
 */
public record Tensor(TensorInfo info, MemorySegment data) {
    public String name() {
        return info.name();
    }

    public TensorType type() {
        return info.type();
    }

    /** The dimensions, the fastest first. */
    public long[] shape() {
        return info.shape();
    }

    /** The length of a row: the fastest dimension. */
    public long columns() {
        return info.columns();
    }

    /** The number of rows: the product of all dimensions but the fastest. */
    public long rows() {
        return info.rows();
    }

    public long elements() {
        return info.elements();
    }
}
