package dev.glasshouse.weights;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A JSON value (RFC 8259), and the one reader and writer of JSON in the house. Objects keep the order of their members;
 * numbers keep their text, so that nothing is lost between reading and writing.
 *
 * <p>The reader is strict: no comments, no trailing commas, no duplicate keys, no unpaired surrogates, no byte order
 * mark, bounded depth and length. What it refuses ends in a {@link GlassException} with line and column.
 */
public sealed interface Json {

    /** The deepest nesting and the longest text a reader accepts. */
    record Limits(int depth, long characters) {
        /** 200 levels, 256 Mi characters: more than any tokenizer.json needs. */
        public static final Limits DEFAULT = new Limits(200, 256L << 20);
    }

    record ObjectValue(Map<String, Json> members) implements Json {
        public ObjectValue {
            members = Collections.unmodifiableMap(members);
        }

        /** The value at a key, JSON null included, or empty where the key is absent. */
        public Optional<Json> find(String key) {
            return Optional.ofNullable(members.get(key));
        }

        /** The value at a key. @throws GlassException where the key is absent */
        public Json get(String key) {
            return find(key).orElseThrow(() -> new GlassException("The JSON object has no key \"" + key + "\"."));
        }

        /** The string at a key; empty where the key is absent or null. @throws GlassException for any other kind */
        public Optional<String> string(String key) {
            return present(key).map(value -> {
                if (value instanceof StringValue string) {
                    return string.text();
                }
                throw wrong(key, "a string", value);
            });
        }

        /** The whole number at a key; empty where the key is absent or null. @throws GlassException for others */
        public OptionalLong integer(String key) {
            Optional<Json> value = present(key);
            if (value.isEmpty()) {
                return OptionalLong.empty();
            }
            if (value.get() instanceof NumberValue number) {
                return OptionalLong.of(number.asLong());
            }
            throw wrong(key, "a number", value.get());
        }

        /** The number at a key; empty where the key is absent or null. @throws GlassException for any other kind */
        public OptionalDouble number(String key) {
            Optional<Json> value = present(key);
            if (value.isEmpty()) {
                return OptionalDouble.empty();
            }
            if (value.get() instanceof NumberValue number) {
                return OptionalDouble.of(number.asDouble());
            }
            throw wrong(key, "a number", value.get());
        }

        /** The boolean at a key; empty where the key is absent or null. @throws GlassException for any other kind */
        public Optional<Boolean> bool(String key) {
            return present(key).map(value -> {
                if (value instanceof BooleanValue bool) {
                    return bool.truth();
                }
                throw wrong(key, "true or false", value);
            });
        }

        /** The object at a key; empty where the key is absent or null. @throws GlassException for any other kind */
        public Optional<ObjectValue> object(String key) {
            return present(key).map(value -> {
                if (value instanceof ObjectValue object) {
                    return object;
                }
                throw wrong(key, "an object", value);
            });
        }

        /** The elements of the array at a key; empty where it is absent or null. @throws GlassException for others */
        public Optional<List<Json>> array(String key) {
            return present(key).map(value -> {
                if (value instanceof ArrayValue array) {
                    return array.elements();
                }
                throw wrong(key, "an array", value);
            });
        }

        private Optional<Json> present(String key) {
            return find(key).filter(value -> !value.isNull());
        }

        private static GlassException wrong(String key, String wanted, Json found) {
            return new GlassException(
                    "The JSON key \"" + key + "\" should hold " + wanted + " but holds " + found.kind() + ".");
        }
    }

    record ArrayValue(List<Json> elements) implements Json {
        public ArrayValue {
            elements = Collections.unmodifiableList(elements);
        }
    }

    record StringValue(String text) implements Json {}

    /** A number by its JSON text, for example {@code -1.50e3}. */
    record NumberValue(String text) implements Json {
        public NumberValue {
            if (!JsonReader.isNumber(text)) {
                throw new IllegalArgumentException("not a JSON number: " + text);
            }
        }

        /** The longest text of a whole number that is worth reading: what an exponent says stands beside the digits. */
        private static final int LONGEST_WHOLE = 1000;

        /** Whether the text has neither fraction nor exponent. */
        public boolean isInteger() {
            return text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
        }

        @Override
        public long asLong() {
            try {
                if (isInteger()) {
                    return Long.parseLong(text);
                }
                // A decimal takes time that grows with the square of its digits.
                if (text.length() <= LONGEST_WHOLE) {
                    return new BigDecimal(text).longValueExact();
                }
            } catch (ArithmeticException | NumberFormatException e) {
                throw new GlassException("The number " + shown() + " is not a whole number of 64 bits.", e);
            }
            throw new GlassException("The number " + shown() + " is not a whole number of 64 bits.");
        }

        @Override
        public double asDouble() {
            double number = Double.parseDouble(text);
            if (Double.isInfinite(number)) {
                throw new GlassException("The number " + shown() + " is too large for a float of 64 bits.");
            }
            return number;
        }

        private String shown() {
            return text.length() <= 60 ? text : text.substring(0, 60) + "…";
        }
    }

    record BooleanValue(boolean truth) implements Json {}

    record NullValue() implements Json {}

    /**
     * Reads one JSON text.
     *
     * @throws GlassException with line and column if it is not JSON or over the default limits
     */
    static Json parse(String text) {
        return parse(text, Limits.DEFAULT);
    }

    /** Reads one JSON text under limits of one's own. @throws GlassException as {@link #parse(String)} */
    static Json parse(String text, Limits limits) {
        return new JsonReader(text, limits).readAll();
    }

    /** Reads one JSON text of UTF-8 bytes. @throws GlassException also where the bytes are not UTF-8 */
    static Json parse(byte[] utf8) {
        return parse(utf8, Limits.DEFAULT);
    }

    /** Reads one JSON text of UTF-8 bytes under limits of one's own. @throws GlassException as above */
    static Json parse(byte[] utf8, Limits limits) {
        if (utf8.length / 4 > limits.characters()) {
            throw new GlassException("The JSON text of " + utf8.length + " bytes is longer than allowed.");
        }
        try {
            return parse(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(utf8))
                            .toString(),
                    limits);
        } catch (CharacterCodingException e) {
            throw new GlassException("The JSON text is not valid UTF-8.", e);
        }
    }

    /** Reads a JSON file. @throws GlassException naming the file */
    static Json read(Path file) {
        try {
            if (Files.size(file) > Limits.DEFAULT.characters()) {
                throw new GlassException("it is larger than the " + Limits.DEFAULT.characters() + " bytes allowed.");
            }
            return parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new GlassException("Cannot read " + file + ": " + e + ".", e);
        } catch (GlassException e) {
            throw new GlassException(file + " is not a JSON file that can be read: " + e.getMessage(), e);
        }
    }

    static Json of(String text) {
        return new StringValue(text);
    }

    static Json of(long number) {
        return new NumberValue(Long.toString(number));
    }

    /** The shortest text that reads back as this number, written as Python does. @throws IllegalArgumentException if it is not finite */
    static Json of(double number) {
        return new NumberValue(JsonStyle.shortest(number));
    }

    static Json of(boolean truth) {
        return new BooleanValue(truth);
    }

    static Json ofNull() {
        return new NullValue();
    }

    static Json of(List<? extends Json> elements) {
        return new ArrayValue(List.copyOf(elements));
    }

    /** A builder of an object, members in the order they are put. */
    static ObjectBuilder object() {
        return new ObjectBuilder();
    }

    /** The text on one line without spaces. */
    default String write() {
        return write(JsonStyle.COMPACT);
    }

    /** The text with two spaces of indentation a level. */
    default String pretty() {
        return write(JsonStyle.PRETTY);
    }

    default String write(JsonStyle style) {
        StringBuilder out = new StringBuilder();
        style.append(out, this);
        return out.toString();
    }

    default boolean isNull() {
        return this instanceof NullValue;
    }

    /** @throws GlassException if this is not an object */
    default ObjectValue asObject() {
        if (this instanceof ObjectValue object) {
            return object;
        }
        throw new GlassException("Expected a JSON object, found " + kind() + ".");
    }

    /** @throws GlassException if this is not an array */
    default List<Json> asArray() {
        if (this instanceof ArrayValue array) {
            return array.elements();
        }
        throw new GlassException("Expected a JSON array, found " + kind() + ".");
    }

    /** @throws GlassException if this is not a string */
    default String asString() {
        if (this instanceof StringValue string) {
            return string.text();
        }
        throw new GlassException("Expected a JSON string, found " + kind() + ".");
    }

    /** @throws GlassException if this is not a whole number that fits a long */
    default long asLong() {
        throw new GlassException("Expected a JSON number, found " + kind() + ".");
    }

    /** @throws GlassException if this is not a whole number that fits an int */
    default int asInt() {
        long value = asLong();
        if (value != (int) value) {
            throw new GlassException("The number " + value + " is not a whole number of 32 bits.");
        }
        return (int) value;
    }

    /** The nearest double. @throws GlassException if this is not a number, or beyond the range of a double */
    default double asDouble() {
        throw new GlassException("Expected a JSON number, found " + kind() + ".");
    }

    /** @throws GlassException if this is neither true nor false */
    default boolean asBoolean() {
        if (this instanceof BooleanValue bool) {
            return bool.truth();
        }
        throw new GlassException("Expected true or false, found " + kind() + ".");
    }

    /** What this value is, in words for a message. */
    default String kind() {
        return switch (this) {
            case ObjectValue o -> "an object";
            case ArrayValue a -> "an array";
            case StringValue s -> "a string";
            case NumberValue n -> "a number";
            case BooleanValue b -> Boolean.toString(b.truth());
            case NullValue n -> "null";
        };
    }

    /** Builds an object; a key put twice keeps its first place and takes the new value. */
    final class ObjectBuilder {
        private final Map<String, Json> members = new LinkedHashMap<>();

        private ObjectBuilder() {}

        public ObjectBuilder put(String key, Json value) {
            members.put(key, value);
            return this;
        }

        public ObjectBuilder put(String key, String value) {
            return put(key, of(value));
        }

        public ObjectBuilder put(String key, long value) {
            return put(key, of(value));
        }

        public ObjectBuilder put(String key, double value) {
            return put(key, of(value));
        }

        public ObjectBuilder put(String key, boolean value) {
            return put(key, of(value));
        }

        public ObjectBuilder put(String key, List<? extends Json> elements) {
            return put(key, of(elements));
        }

        public ObjectValue build() {
            return new ObjectValue(new LinkedHashMap<>(members));
        }
    }
}
