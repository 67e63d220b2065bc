package dev.glasshouse.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One safetensors file (format: Hugging Face's safetensors README): a u64 length, a JSON header of that length
 * {@code {"name": {"dtype": "F32", "shape": [rows, columns], "data_offsets": [begin, end]}, …}} with shapes slowest
 * first, then the data, which the tensors must cover without gap or overlap.
 */
public final class SafetensorsFile {
    /** The longest header the reference implementation accepts. */
    private static final long MAXIMUM_HEADER = 100_000_000;

    private static final Map<String, TensorType> TYPES = Map.ofEntries(
            Map.entry("F64", TensorType.F64),
            Map.entry("F32", TensorType.F32),
            Map.entry("F16", TensorType.F16),
            Map.entry("BF16", TensorType.BF16),
            Map.entry("I64", TensorType.I64),
            Map.entry("I32", TensorType.I32),
            Map.entry("I16", TensorType.I16),
            Map.entry("I8", TensorType.I8),
            // Masks and the like, which no network reads as numbers.
            Map.entry("U8", TensorType.I8),
            Map.entry("BOOL", TensorType.I8));

    private SafetensorsFile() {}

    /**
     * The tensors of a file that belongs to no model folder, in the order of their data; valid as long as {@code arena}.
     *
     * @throws GlassException naming the file where it is missing or broken
     */
    public static Map<String, Tensor> open(Path path, Arena arena) {
        return open(path, 0, arena);
    }

    /** The tensors in the order of their data. @throws GlassException naming the file where it is broken */
    static Map<String, Tensor> open(Path path, int index, Arena arena) {
        try {
            return read(MappedFile.map(path, arena), index);
        } catch (GlassException e) {
            throw new GlassException(path + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static Map<String, Tensor> read(MemorySegment file, int index) {
        long length = file.byteSize() < 8 ? -1 : file.get(Metadata.LONG, 0);
        if (length < 2 || length > MAXIMUM_HEADER || length > file.byteSize() - 8) {
            throw new GlassException("it is no safetensors file, or cut off: its header should have "
                    + Long.toUnsignedString(length) + " bytes in a file of " + file.byteSize() + ".");
        }
        byte[] header = file.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE);
        MemorySegment data = file.asSlice(8 + length);
        List<TensorInfo> infos = new ArrayList<>();
        Map<String, Json> members = Json.parse(header, new Json.Limits(8, MAXIMUM_HEADER))
                .asObject()
                .members();
        for (Map.Entry<String, Json> member : members.entrySet()) {
            if (!member.getKey().equals("__metadata__")) {
                infos.add(info(member.getKey(), member.getValue().asObject(), index));
            }
        }
        infos.sort(Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::bytes));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        long end = 0;
        for (TensorInfo info : infos) {
            if (info.offset() != end || info.bytes() > data.byteSize() - end) {
                throw new GlassException("the data of tensor " + info.name() + " (" + info.bytes() + " bytes from "
                        + info.offset() + ") leaves a gap, overlaps another, or runs past the file's end.");
            }
            tensors.put(info.name(), new Tensor(info, data.asSlice(end, info.bytes())));
            end += info.bytes();
        }
        if (end != data.byteSize()) {
            throw new GlassException("it has " + (data.byteSize() - end) + " bytes that belong to no tensor.");
        }
        return tensors;
    }

    private static TensorInfo info(String name, Json.ObjectValue entry, int index) {
        String dtype = entry.get("dtype").asString();
        TensorType type = TYPES.get(dtype);
        if (type == null) {
            throw new GlassException("the tensor " + name + " has the type " + dtype + ", which cannot be read.");
        }
        List<Json> dimensions = entry.get("shape").asArray();
        if (dimensions.size() > 8) {
            throw new GlassException("the tensor " + name + " has " + dimensions.size() + " dimensions.");
        }
        long[] shape = new long[dimensions.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[shape.length - 1 - i] = dimensions.get(i).asLong();
            if (dimensions.get(i).asLong() < 0) {
                throw new GlassException("the tensor " + name + " has a negative dimension.");
            }
        }
        GgufHeader.checkSize(name, type, shape);
        List<Json> offsets = entry.get("data_offsets").asArray();
        if (offsets.size() != 2) {
            throw new GlassException("the tensor " + name + " should have two data_offsets.");
        }
        long begin = offsets.get(0).asLong();
        long end = offsets.get(1).asLong();
        TensorInfo info = new TensorInfo(name, type, shape, begin, index);
        if (begin < 0 || end < begin || end - begin != info.bytes()) {
            throw new GlassException("the tensor " + name + " of type " + dtype + " and shape [" + info.shapeText()
                    + "] needs " + info.bytes() + " bytes, but its data_offsets are " + begin + " to " + end + ".");
        }
        return info;
    }
}
