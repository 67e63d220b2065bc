package dev.glasshouse.training;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** F32 values as little-endian bytes, whatever the machine has. */
final class Bytes {
    private static final ValueLayout.OfFloat LITTLE =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int PIECE = 1 << 14;

    private Bytes() {}

    /** Takes the first {@code count} bytes of a piece. */
    interface Sink {
        void take(byte[] bytes, int from, int count);
    }

    static void littleEndian(MemorySegment floats, Sink sink) {
        long count = floats.byteSize() / 4;
        byte[] bytes = new byte[4 * PIECE];
        MemorySegment piece = MemorySegment.ofArray(bytes);
        for (long done = 0; done < count; done += PIECE) {
            int now = (int) Math.min(PIECE, count - done);
            MemorySegment.copy(floats, ValueLayout.JAVA_FLOAT, 4 * done, piece, LITTLE, 0, now);
            sink.take(bytes, 0, 4 * now);
        }
    }
}
