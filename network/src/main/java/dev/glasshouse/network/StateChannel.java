package dev.glasshouse.network;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Whole reads and writes of little-endian numbers and memory. */
final class StateChannel {
    private static final long PIECE = 1 << 20;

    private StateChannel() {}

    static void writeInts(WritableByteChannel channel, int... values) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putInt(value);
        }
        write(channel, buffer.flip());
    }

    static int[] readInts(ReadableByteChannel channel, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        read(channel, buffer);
        int[] values = new int[count];
        buffer.flip().asIntBuffer().get(values);
        return values;
    }

    static void write(WritableByteChannel channel, MemorySegment memory) throws IOException {
        for (long at = 0; at < memory.byteSize(); at += PIECE) {
            MemorySegment piece = memory.asSlice(at, Math.min(PIECE, memory.byteSize() - at));
            write(channel, ByteBuffer.wrap(piece.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)));
        }
    }

    static void read(ReadableByteChannel channel, MemorySegment memory) throws IOException {
        for (long at = 0; at < memory.byteSize(); at += PIECE) {
            byte[] piece = new byte[(int) Math.min(PIECE, memory.byteSize() - at)];
            read(channel, ByteBuffer.wrap(piece));
            memory.asSlice(at, piece.length).copyFrom(MemorySegment.ofArray(piece));
        }
    }

    private static void write(WritableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static void read(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new GlassException("The saved state is cut off: read the prompt again.");
            }
        }
    }
}
