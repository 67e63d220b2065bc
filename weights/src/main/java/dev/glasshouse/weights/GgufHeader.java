package dev.glasshouse.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The part of a GGUF file before its data (format specification: ggml's docs/gguf.md). All integers little endian:
 *
 * <pre>
 * "GGUF"  u32 version (2 or 3)  u64 tensors  u64 pairs
 * pairs × { string key, u32 value type, value }          string = u64 length, UTF-8 bytes
 *                                                        array  = u32 element type, u64 count, elements
 * tensors × { string name, u32 dimensions, u64 each (fastest first), u32 tensor type, u64 offset }
 * zeros up to a multiple of general.alignment (32 where absent), then the data; each tensor starts where the one
 * before it ended, rounded up to the alignment
 * </pre>
 *
 * Whoever wrote the file is not trusted: every count is bounded by the file's size before it is believed, arithmetic is
 * exact, and nothing is allocated for a count that the bytes do not back.
 *
 * @param version the format's version
 * @param metadata the pairs, which share the memory they were read from
 * @param tensors in the file's order
 * @param dataOffset bytes from the start of the file to its data
 * @param alignment a power of two
 */
public record GgufHeader(int version, Metadata metadata, List<TensorInfo> tensors, long dataOffset, long alignment) {
    /** The longest name llama.cpp accepts, in bytes. */
    static final int MAXIMUM_NAME = 63;

    private static final int MAXIMUM_KEY = 65_535;
    private static final long MAXIMUM_COUNT = 1L << 20;

    /** The outcome of reading the first bytes of a file. */
    public sealed interface Result {}

    /** The header is complete. */
    public record Complete(GgufHeader header) implements Result {}

    /** The header goes on: ask again with at least this many bytes of the file. */
    public record Incomplete(long bytesNeeded) implements Result {}

    /**
     * The bytes the file must have: from its start to the end of the last tensor's data, rounded up to the alignment;
     * {@link Long#MAX_VALUE} where that is more than fits a long.
     */
    public long endOfData() {
        if (tensors.isEmpty()) {
            return dataOffset;
        }
        TensorInfo last = tensors.getLast();
        return saturatedEnd(saturatedEnd(last.offset(), last.bytes(), alignment), dataOffset, 1);
    }

    /**
     * Reads the header of a file of which the first bytes are known, for example over HTTP.
     *
     * @param prefix the first bytes of the file; the result's metadata refers to them
     * @param fileBytes the size of the whole file, where it is known
     * @throws GlassException if the bytes cannot be the start of a GGUF file of that size; tensor data that the file
     *     should hold but does not is no error here, see {@link #endOfData}
     */
    public static Result parse(MemorySegment prefix, OptionalLong fileBytes) {
        try {
            return new Complete(new Cursor(prefix, fileBytes.orElse(Long.MAX_VALUE)).readHeader());
        } catch (NeedsMore e) {
            long next = Math.max(e.bytes, prefix.byteSize() > Long.MAX_VALUE / 2 ? 0 : prefix.byteSize() * 2);
            return new Incomplete(Math.min(next, fileBytes.orElse(Long.MAX_VALUE)));
        }
    }

    /** Leaves the reader where the prefix ends inside the file; never seen outside this class. */
    @SuppressWarnings("serial")
    private static final class NeedsMore extends RuntimeException {
        private final long bytes;

        NeedsMore(long bytes) {
            super("", null, false, false);
            this.bytes = bytes;
        }
    }

    private static final class Cursor {
        private final MemorySegment bytes;
        private final long fileBytes;
        private long position;

        Cursor(MemorySegment bytes, long fileBytes) {
            this.bytes = bytes;
            this.fileBytes = Math.max(fileBytes, bytes.byteSize());
        }

        GgufHeader readHeader() {
            if (fileBytes < 24) {
                throw new GlassException("This is no GGUF file: it has only " + fileBytes + " bytes.");
            }
            need(24, "the header");
            byte[] magic = new byte[4];
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, 0, magic, 0, 4);
            if (!Arrays.equals(magic, "GGUF".getBytes(StandardCharsets.US_ASCII))) {
                throw new GlassException("This is no GGUF file: it does not start with the letters GGUF.");
            }
            position = 4;
            int version = readInt("the version");
            if (version != 2 && version != 3) {
                throw new GlassException(
                        (version & 0xFFFF) == 0 && version != 0
                                ? "The GGUF file is big-endian; only little-endian files can be read."
                                : "The GGUF file has version " + Integer.toUnsignedString(version)
                                        + "; versions 2 and 3 can be read.");
            }
            long tensorCount = readCount("tensors", 8 + 1 + 4 + 4 + 8);
            long pairCount = readCount("metadata pairs", 8 + 1 + 4 + 1);
            Metadata metadata = readMetadata(pairCount);
            long alignment = alignment(metadata);
            List<TensorInfo> tensors = readTensors(tensorCount, alignment);
            return new GgufHeader(version, metadata, tensors, roundUp(position, alignment), alignment);
        }

        private Metadata readMetadata(long count) {
            Map<String, Metadata.Value> values = new LinkedHashMap<>();
            for (long i = 0; i < count; i++) {
                String key = readName("metadata key " + i, MAXIMUM_KEY);
                if (values.put(key, readValue(key)) != null) {
                    throw new GlassException("The GGUF metadata key " + key + " stands twice in the file.");
                }
            }
            return new Metadata(values);
        }

        private Metadata.Value readValue(String key) {
            Metadata.ValueType type = readValueType(key);
            boolean array = type == Metadata.ValueType.ARRAY;
            long count = 1;
            if (array) {
                type = readValueType(key);
                if (type == Metadata.ValueType.ARRAY) {
                    throw new GlassException("The GGUF metadata key " + key + " holds arrays in an array.");
                }
                count = readCount("elements of " + key, type == Metadata.ValueType.STRING ? 8 : type.bytes());
            }
            long start = position;
            if (type == Metadata.ValueType.STRING) {
                for (long i = 0; i < count; i++) {
                    skip(readCount("bytes in a string of " + key, 1), key);
                }
            } else {
                skip(Math.multiplyExact(count, (long) type.bytes()), key);
            }
            return new Metadata.Value(type, array, count, bytes.asSlice(start, position - start));
        }

        private Metadata.ValueType readValueType(String key) {
            int id = readInt(key);
            return Metadata.ValueType.ofId(id)
                    .orElseThrow(() -> new GlassException("The GGUF metadata key " + key
                            + " has the unknown value type " + Integer.toUnsignedString(id) + "."));
        }

        private static long alignment(Metadata metadata) {
            String key = "general.alignment";
            if (metadata.has(key) && !metadata.type(key).equals(Optional.of(Metadata.ValueType.UINT32))) {
                throw new GlassException("The GGUF metadata key " + key + " is not of type uint32.");
            }
            long alignment = metadata.integer(key).orElse(32);
            if (alignment < 1 || (alignment & alignment - 1) != 0) {
                throw new GlassException("The GGUF alignment " + alignment + " is not a power of two.");
            }
            return alignment;
        }

        private List<TensorInfo> readTensors(long count, long alignment) {
            List<TensorInfo> tensors = new ArrayList<>();
            Set<String> names = new HashSet<>();
            long end = 0;
            for (long i = 0; i < count; i++) {
                String name = readName("name of tensor " + i, MAXIMUM_NAME);
                if (!names.add(name)) {
                    throw new GlassException("The GGUF file has two tensors named " + name + ".");
                }
                TensorInfo tensor = readTensor(name);
                if (tensor.offset() != end) {
                    throw new GlassException("The data of the GGUF tensor " + name + " should start at " + end
                            + ", where that of the tensor before it ends (aligned to " + alignment + "), but starts at "
                            + Long.toUnsignedString(tensor.offset()) + ".");
                }
                tensors.add(tensor);
                end = saturatedEnd(end, tensor.bytes(), alignment);
            }
            return List.copyOf(tensors);
        }

        private TensorInfo readTensor(String name) {
            int dimensions = readInt(name);
            if (dimensions < 0 || dimensions > 4) {
                throw new GlassException("The GGUF tensor " + name + " has " + Integer.toUnsignedString(dimensions)
                        + " dimensions; 4 is the most there can be.");
            }
            long[] shape = new long[dimensions];
            for (int i = 0; i < dimensions; i++) {
                shape[i] = readLong(name);
                if (shape[i] < 0) {
                    throw new GlassException("The GGUF tensor " + name + " has a dimension of "
                            + Long.toUnsignedString(shape[i]) + ", which is too large.");
                }
            }
            int id = readInt(name);
            TensorType type = TensorType.ofId(id)
                    .orElseThrow(() -> new GlassException(
                            "The GGUF tensor " + name + " has the unknown type " + Integer.toUnsignedString(id) + "."));
            checkSize(name, type, shape);
            return new TensorInfo(name, type, shape, readLong(name), 0);
        }

        private long readCount(String what, long smallest) {
            long count = readLong(what);
            if (count < 0 || count > (fileBytes - position) / smallest) {
                throw new GlassException("The GGUF file says it has " + Long.toUnsignedString(count) + " " + what
                        + ", more than fit in it: it is broken or cut off.");
            }
            if ((what.equals("tensors") || what.equals("metadata pairs")) && count > MAXIMUM_COUNT) {
                throw new GlassException("The GGUF file has " + count + " " + what + ", more than any model needs.");
            }
            return count;
        }

        private String readName(String what, int longest) {
            long length = readLong(what);
            if (length < 1 || length > longest) {
                throw new GlassException("The GGUF " + what + " is " + Long.toUnsignedString(length)
                        + " bytes long; 1 to " + longest + " are allowed.");
            }
            need(length, what);
            byte[] text = new byte[(int) length];
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, position, text, 0, text.length);
            position += length;
            return new String(text, StandardCharsets.UTF_8);
        }

        private int readInt(String what) {
            need(4, what);
            position += 4;
            return bytes.get(Metadata.INT, position - 4);
        }

        private long readLong(String what) {
            need(8, what);
            position += 8;
            return bytes.get(Metadata.LONG, position - 8);
        }

        private void skip(long count, String what) {
            need(count, what);
            position += count;
        }

        private void need(long count, String what) {
            if (count > fileBytes - position) {
                throw new GlassException("The GGUF file ends inside " + what + ": it is cut off or broken.");
            }
            if (count > bytes.byteSize() - position) {
                throw new NeedsMore(position + count);
            }
        }
    }

    /** Checks that a shape's product, its bytes, and whole blocks in a row come out, all in 63 bits. */
    static void checkSize(String name, TensorType type, long[] shape) {
        long columns = shape.length == 0 ? 1 : shape[0];
        if (columns % type.blockSize() != 0) {
            throw new GlassException("The tensor " + name + " has rows of " + columns + " values, which are not whole "
                    + type + " blocks of " + type.blockSize() + ".");
        }
        try {
            // A zero must not hide what the other dimensions would overflow.
            long product = 1;
            for (long dimension : shape) {
                product = Math.multiplyExact(product, Math.max(dimension, 1));
            }
            if (TensorInfo.elements(shape) != 0) {
                type.bytes(product);
            }
        } catch (ArithmeticException e) {
            throw new GlassException(
                    "The tensor " + name + " of shape " + Arrays.toString(shape) + " is too large.", e);
        }
    }

    private static long saturatedEnd(long start, long bytes, long alignment) {
        return start > Long.MAX_VALUE - bytes - (alignment - 1) ? Long.MAX_VALUE : roundUp(start + bytes, alignment);
    }

    static long roundUp(long value, long alignment) {
        return Math.addExact(value, alignment - 1) & -alignment;
    }
}
