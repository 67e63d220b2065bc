package dev.glasshouse.weights;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The key–value pairs of a GGUF file, in the file's order. Values stay where they are (mapped or on the heap) and are
 * decoded when asked for, so that opening costs neither time nor memory; those of a mapped file can be read until the
 * file is closed.
 *
 * <p>Accessors are empty where the key is absent and throw a {@link GlassException} that names the key where the value
 * has another type, a number is not finite, or an integer does not fit.
 */
public final class Metadata {
    /** The value types of GGUF, with their ids; bytes is the size of one value, 0 where it varies. */
    public enum ValueType {
        UINT8(0, 1),
        INT8(1, 1),
        UINT16(2, 2),
        INT16(3, 2),
        UINT32(4, 4),
        INT32(5, 4),
        FLOAT32(6, 4),
        BOOL(7, 1),
        STRING(8, 0),
        ARRAY(9, 0),
        UINT64(10, 8),
        INT64(11, 8),
        FLOAT64(12, 8);

        private final int id;
        private final int bytes;

        ValueType(int id, int bytes) {
            this.id = id;
            this.bytes = bytes;
        }

        int id() {
            return id;
        }

        int bytes() {
            return bytes;
        }

        boolean isInteger() {
            return this != FLOAT32 && this != FLOAT64 && this != BOOL && this != STRING && this != ARRAY;
        }

        static Optional<ValueType> ofId(int id) {
            return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
        }
    }

    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** More elements than any vocabulary has; what asks for more heap than that is no model file. */
    private static final long MAXIMUM_ELEMENTS = 1L << 24;

    /**
     * One value as it stands in the file.
     *
     * @param type the type of the value or, of an array, its elements
     * @param count 1, or the elements of an array
     * @param bytes the value without its type, of an array without element type and count
     */
    record Value(ValueType type, boolean array, long count, MemorySegment bytes) {}

    private final Map<String, Value> values;

    Metadata(Map<String, Value> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    /** A builder of metadata, for writing files. */
    public static Builder builder() {
        return new Builder();
    }

    /** All keys in the file's order. */
    public List<String> keys() {
        return List.copyOf(values.keySet());
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** The type of a value; {@link ValueType#ARRAY} for arrays. */
    public Optional<ValueType> type(String key) {
        return find(key).map(value -> value.array ? ValueType.ARRAY : value.type);
    }

    /** The type of an array's elements; empty also where the value is no array. */
    public Optional<ValueType> elementType(String key) {
        return find(key).filter(Value::array).map(Value::type);
    }

    /** The number of elements of an array; empty also where the value is no array. */
    public OptionalLong length(String key) {
        Optional<Value> value = find(key).filter(Value::array);
        return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(value.get().count);
    }

    public Optional<String> string(String key) {
        return find(key).map(value -> {
            check(key, value, !value.array && value.type == ValueType.STRING, "a string");
            return stringAt(key, value.bytes, 0);
        });
    }

    /** A value of any integer type. */
    public OptionalLong integer(String key) {
        Optional<Value> found = find(key);
        if (found.isEmpty()) {
            return OptionalLong.empty();
        }
        Value value = found.get();
        check(key, value, !value.array && value.type.isInteger(), "an integer");
        return OptionalLong.of(integerAt(key, value, 0));
    }

    /** A value of any number type, finite. */
    public OptionalDouble number(String key) {
        Optional<Value> found = find(key);
        if (found.isEmpty()) {
            return OptionalDouble.empty();
        }
        Value value = found.get();
        boolean isFloat = value.type == ValueType.FLOAT32 || value.type == ValueType.FLOAT64;
        check(key, value, !value.array && (isFloat || value.type.isInteger()), "a number");
        return OptionalDouble.of(isFloat ? floatAt(key, value, 0) : integerAt(key, value, 0));
    }

    public Optional<Boolean> bool(String key) {
        return find(key).map(value -> {
            check(key, value, !value.array && value.type == ValueType.BOOL, "true or false");
            return value.bytes.get(ValueLayout.JAVA_BYTE, 0) != 0;
        });
    }

    /** An array of strings. */
    public Optional<List<String>> strings(String key) {
        return find(key).map(value -> {
            check(key, value, value.array && value.type == ValueType.STRING, "an array of strings");
            String[] out = new String[size(key, value)];
            long at = 0;
            for (int i = 0; i < out.length; i++) {
                out[i] = stringAt(key, value.bytes, at);
                at += 8 + value.bytes.get(LONG, at);
            }
            return List.of(out);
        });
    }

    /** An array of any integer type or of booleans (0 and 1). */
    public Optional<long[]> integers(String key) {
        return find(key).map(value -> {
            boolean fits = value.type.isInteger() || value.type == ValueType.BOOL;
            check(key, value, value.array && fits, "an array of integers");
            long[] out = new long[size(key, value)];
            for (int i = 0; i < out.length; i++) {
                out[i] = integerAt(key, value, i);
            }
            return out;
        });
    }

    /** An array of F32 or F64 numbers, all finite. */
    public Optional<float[]> floats(String key) {
        return find(key).map(value -> {
            boolean fits = value.type == ValueType.FLOAT32 || value.type == ValueType.FLOAT64;
            check(key, value, value.array && fits, "an array of numbers");
            float[] out = new float[size(key, value)];
            for (int i = 0; i < out.length; i++) {
                out[i] = (float) floatAt(key, value, i);
            }
            return out;
        });
    }

    /** The value as a person reads it, arrays cut after a few elements; empty where the key is absent. */
    public Optional<String> describe(String key) {
        return find(key).map(value -> {
            if (!value.array) {
                return element(key, value, 0, 0);
            }
            StringBuilder out = new StringBuilder("[");
            long at = 0;
            for (int i = 0; i < Math.min(value.count, 8); i++) {
                String element = element(key, value, i, at);
                boolean string = value.type == ValueType.STRING;
                out.append(i == 0 ? "" : ", ").append(string ? Json.of(element).write() : element);
                at += string ? 8 + value.bytes.get(LONG, at) : 0;
            }
            return out.append(value.count > 8 ? ", … " + value.count + " in all]" : "]")
                    .toString();
        });
    }

    private static String element(String key, Value value, int index, long at) {
        return switch (value.type) {
            case STRING -> stringAt(key, value.bytes, at);
            case BOOL -> Boolean.toString(integerAt(key, value, index) != 0);
            case FLOAT32 -> Float.toString(value.bytes.get(FLOAT, 4L * index));
            case FLOAT64 -> Double.toString(value.bytes.get(DOUBLE, 8L * index));
            case UINT64 -> Long.toUnsignedString(value.bytes.get(LONG, 8L * index));
            default -> Long.toString(integerAt(key, value, index));
        };
    }

    Optional<Value> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    private static int size(String key, Value value) {
        if (value.count > MAXIMUM_ELEMENTS) {
            throw new GlassException("The metadata array " + key + " has " + value.count + " elements, more than the "
                    + MAXIMUM_ELEMENTS + " that can be read.");
        }
        return (int) value.count;
    }

    private static void check(String key, Value value, boolean fits, String wanted) {
        if (!fits) {
            String found = value.type.name().toLowerCase(Locale.ROOT);
            throw new GlassException("The metadata key " + key + " should hold " + wanted + " but holds "
                    + (value.array ? "an array of " + found : "a value of type " + found) + ".");
        }
    }

    private static String stringAt(String key, MemorySegment bytes, long at) {
        long length = bytes.get(LONG, at);
        if (length > 1 << 28) {
            throw new GlassException("The metadata string " + key + " is longer than can be read.");
        }
        byte[] text = new byte[(int) length];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at + 8, text, 0, text.length);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static long integerAt(String key, Value value, int index) {
        MemorySegment bytes = value.bytes;
        return switch (value.type) {
            case UINT8 -> Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, index));
            case INT8 -> bytes.get(ValueLayout.JAVA_BYTE, index);
            case BOOL -> bytes.get(ValueLayout.JAVA_BYTE, index) == 0 ? 0 : 1;
            case UINT16 -> Short.toUnsignedLong(bytes.get(SHORT, 2L * index));
            case INT16 -> bytes.get(SHORT, 2L * index);
            case UINT32 -> Integer.toUnsignedLong(bytes.get(INT, 4L * index));
            case INT32 -> bytes.get(INT, 4L * index);
            case UINT64 -> {
                long number = bytes.get(LONG, 8L * index);
                if (number < 0) {
                    throw new GlassException("The metadata key " + key + " holds " + Long.toUnsignedString(number)
                            + ", which is too large.");
                }
                yield number;
            }
            case INT64 -> bytes.get(LONG, 8L * index);
            default -> throw new IllegalStateException(value.type + " is no integer");
        };
    }

    private static double floatAt(String key, Value value, int index) {
        double number = value.type == ValueType.FLOAT32
                ? value.bytes.get(FLOAT, 4L * index)
                : value.bytes.get(DOUBLE, 8L * index);
        if (!Double.isFinite(number)) {
            throw new GlassException(
                    "The metadata key " + key + " holds " + number + ", which is not a finite number.");
        }
        return number;
    }

    /** Builds metadata; a key put again keeps its place and takes the new value. */
    public static final class Builder {
        private final Map<String, Value> values = new LinkedHashMap<>();

        private Builder() {}

        /** Puts all pairs of {@code other}; they share its memory. */
        public Builder putAll(Metadata other) {
            values.putAll(other.values);
            return this;
        }

        public Builder remove(String key) {
            values.remove(key);
            return this;
        }

        public Builder put(String key, String text) {
            return put(key, ValueType.STRING, stringBytes(text));
        }

        public Builder put(String key, boolean truth) {
            return put(key, ValueType.BOOL, new byte[] {(byte) (truth ? 1 : 0)});
        }

        /** Puts an unsigned number of 32 bits, the type that most GGUF keys have. */
        public Builder putUint32(String key, long number) {
            if (number < 0 || number > 0xFFFF_FFFFL) {
                throw new IllegalArgumentException(key + ": " + number + " does not fit 32 bits");
            }
            return put(key, ValueType.UINT32, littleEndian(number, 4));
        }

        public Builder putUint16(String key, int number) {
            return put(key, ValueType.UINT16, littleEndian(number, 2));
        }

        public Builder putInt32(String key, int number) {
            return put(key, ValueType.INT32, littleEndian(number, 4));
        }

        public Builder putUint64(String key, long number) {
            return put(key, ValueType.UINT64, littleEndian(number, 8));
        }

        public Builder putFloat32(String key, float number) {
            return put(key, ValueType.FLOAT32, littleEndian(Float.floatToRawIntBits(number), 4));
        }

        public Builder putStrings(String key, List<String> elements) {
            List<byte[]> parts = new ArrayList<>();
            elements.forEach(element -> parts.add(stringBytes(element)));
            return putArray(key, ValueType.STRING, parts);
        }

        public Builder putInt32s(String key, int... elements) {
            List<byte[]> parts = new ArrayList<>();
            for (int element : elements) {
                parts.add(littleEndian(element, 4));
            }
            return putArray(key, ValueType.INT32, parts);
        }

        public Builder putFloat32s(String key, float... elements) {
            List<byte[]> parts = new ArrayList<>();
            for (float element : elements) {
                parts.add(littleEndian(Float.floatToRawIntBits(element), 4));
            }
            return putArray(key, ValueType.FLOAT32, parts);
        }

        public Metadata build() {
            return new Metadata(new LinkedHashMap<>(values));
        }

        private Builder put(String key, ValueType type, byte[] bytes) {
            values.put(key, new Value(type, false, 1, MemorySegment.ofArray(bytes)));
            return this;
        }

        private Builder putArray(String key, ValueType type, List<byte[]> parts) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            parts.forEach(out::writeBytes);
            values.put(key, new Value(type, true, parts.size(), MemorySegment.ofArray(out.toByteArray())));
            return this;
        }

        private static byte[] stringBytes(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            byte[] out = new byte[8 + utf8.length];
            System.arraycopy(littleEndian(utf8.length, 8), 0, out, 0, 8);
            System.arraycopy(utf8, 0, out, 8, utf8.length);
            return out;
        }

        private static byte[] littleEndian(long number, int bytes) {
            byte[] out = new byte[bytes];
            for (int i = 0; i < bytes; i++) {
                out[i] = (byte) (number >> 8 * i);
            }
            return out;
        }
    }
}
