package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.GlassException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over the fields of a message in the protobuf wire format: a varint key {@code field << 3 | wire type}, then a varint (type 0), 8
 * bytes (1), a length and that many bytes (2) or 4 bytes (5).
 */
final class ProtobufReader {
    private final byte[] bytes;
    private final int end;
    private int at;
    private int field;
    private long number;
    private int from;
    private int to;

    ProtobufReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private ProtobufReader(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    /** Moves to the next field; false at the end of the message. */
    boolean next() {
        if (at == end) {
            return false;
        }
        long key = varint();
        if (key >>> 3 == 0 || key >>> 3 > 0x1FFF_FFFF) {
            throw broken();
        }
        field = (int) (key >>> 3);
        number = 0;
        from = at;
        to = at;
        switch ((int) (key & 7)) {
            case 0 -> number = varint();
            case 1 -> fixed(8);
            case 2 -> {
                long length = varint();
                if (length < 0 || length > end - at) {
                    throw broken();
                }
                from = at;
                at += (int) length;
                to = at;
            }
            case 5 -> fixed(4);
            default -> throw broken();
        }
        return true;
    }

    private void fixed(int length) {
        if (length > end - at) {
            throw broken();
        }
        from = at;
        for (int i = 0; i < length; i++) {
            number |= (bytes[at++] & 0xFFL) << 8 * i;
        }
        to = at;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at == end) {
                throw broken();
            }
            byte b = bytes[at++];
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw broken();
    }

    private static GlassException broken() {
        return new GlassException("The SentencePiece model is broken: it is not a complete protobuf message.");
    }

    int field() {
        return field;
    }

    long number() {
        return number;
    }

    boolean bool() {
        return number != 0;
    }

    float float32() {
        return Float.intBitsToFloat((int) number);
    }

    String string() {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    byte[] content() {
        return Arrays.copyOfRange(bytes, from, to);
    }

    ProtobufReader message() {
        return new ProtobufReader(bytes, from, to);
    }
}
