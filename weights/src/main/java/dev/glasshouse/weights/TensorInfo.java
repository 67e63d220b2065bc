package dev.glasshouse.weights;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What a file's header says of a tensor.
 *
 * @param name for example {@code blk.0.attn_q.weight}
 * @param type how its numbers are stored
 * @param shape its dimensions, the fastest first (GGUF's order); empty for a single number
 * @param offset bytes from the start of its file's data to the tensor's
 * @param file the index of its file in a split set
 */
public record TensorInfo(String name, TensorType type, long[] shape, long offset, int file) {
    public TensorInfo {
        shape = shape.clone();
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** The number of values: the product of the shape. Headers are checked so that it fits a long. */
    public long elements() {
        return elements(shape);
    }

    /** The bytes the values take. */
    public long bytes() {
        return type.bytes(elements());
    }

    /** The length of a row: the fastest dimension. */
    public long columns() {
        return shape.length == 0 ? 1 : shape[0];
    }

    /** The number of rows: the product of all dimensions but the fastest. */
    public long rows() {
        return shape.length == 0 ? 1 : elements(Arrays.copyOfRange(shape, 1, shape.length));
    }

    /** The shape as {@code 576 × 1536}, the fastest first. */
    public String shapeText() {
        return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(" × "));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorInfo info
                && name.equals(info.name)
                && type == info.type
                && Arrays.equals(shape, info.shape)
                && offset == info.offset
                && file == info.file;
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + Long.hashCode(offset);
    }

    @Override
    public String toString() {
        return name + " " + type + " [" + shapeText() + "]";
    }

    /** The product of dimensions. @throws ArithmeticException if it does not fit a long */
    static long elements(long[] shape) {
        long elements = 1;
        for (long dimension : shape) {
            elements = Math.multiplyExact(elements, dimension);
        }
        return elements;
    }
}
