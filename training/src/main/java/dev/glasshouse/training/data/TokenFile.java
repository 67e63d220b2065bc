package dev.glasshouse.training.data;

import dev.glasshouse.weights.GlassException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A file of numbers: a header of 32 bytes (magic {@code GLSHTOK1}; version 1, bytes a number, vocabulary and 0 as 32 bits; the count as 64
 * bits), then the numbers. All little endian. Shards of tokens have 2 or 4 bytes a number, lists of document starts 8 and vocabulary 0.
 */
final class TokenFile {
    static final int HEADER = 32;
    private static final long MAGIC = ByteBuffer.wrap("GLSHTOK1".getBytes(StandardCharsets.US_ASCII))
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong();
    private static final int VERSION = 1;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfChar CHAR = ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment bytes;
    private final int width;
    private final long count;

    private TokenFile(MemorySegment bytes, int width, long count) {
        this.bytes = bytes;
        this.width = width;
        this.count = count;
    }

    /** The bytes a token takes in a shard of this vocabulary. */
    static int width(int vocabulary) {
        return vocabulary <= 1 << 16 ? 2 : 4;
    }

    static byte[] header(int width, int vocabulary, long count) {
        return ByteBuffer.allocate(HEADER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(MAGIC)
                .putInt(VERSION)
                .putInt(width)
                .putInt(vocabulary)
                .putInt(0)
                .putLong(count)
                .array();
    }

    /**
     * Reads the header of a mapped file.
     *
     * @param name for messages
     * @throws GlassException if it is another kind of file, or its size is not what the header says
     */
    static TokenFile of(MemorySegment bytes, String name, int width, int vocabulary) {
        if (bytes.byteSize() < HEADER || bytes.get(LONG, 0) != MAGIC) {
            throw new GlassException(name + " is not a file of tokens; build the data again with `glass data build`.");
        }
        if (bytes.get(INT, 8) != VERSION) {
            throw new GlassException(name + " has version " + bytes.get(INT, 8)
                    + " of the format; this program reads version " + VERSION + ".");
        }
        long count = bytes.get(LONG, 24);
        if (bytes.get(INT, 12) != width || bytes.get(INT, 16) != vocabulary) {
            throw new GlassException(name + " is for a vocabulary of " + bytes.get(INT, 16) + " in "
                    + bytes.get(INT, 12) + " bytes; the manifest says " + vocabulary + " in " + width + ".");
        }
        if (count < 0 || count > Long.MAX_VALUE / 16 || HEADER + count * width != bytes.byteSize()) {
            throw new GlassException(name + " is cut short or too long: its header says " + count + " numbers of "
                    + width + " bytes, but it has " + bytes.byteSize() + " bytes. Build the data again.");
        }
        return new TokenFile(bytes, width, count);
    }

    long count() {
        return count;
    }

    long get(long index) {
        long at = HEADER + index * width;
        return switch (width) {
            case 2 -> bytes.get(CHAR, at);
            case 4 -> bytes.get(INT, at);
            default -> bytes.get(LONG, at);
        };
    }
}
