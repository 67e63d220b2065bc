package dev.glasshouse.weights;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a safetensors file of F32 tensors (format: see {@link SafetensorsFile}), the header padded with spaces so that
 * the data begins at a multiple of 8 bytes. The same tensors give the same bytes.
 */
public final class SafetensorsWriter {
    private static final ValueLayout.OfFloat LITTLE =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** Values handed to the file at a time. */
    private static final int PIECE = 1 << 18;

    /**
     * A tensor to write.
     *
     * @param shape slowest dimension first, as safetensors has it
     * @param data F32 in the machine's byte order; as many as the shape says
     */
    public record Entry(String name, List<Long> shape, MemorySegment data) {
        /** @throws IllegalArgumentException if the data does not fit the shape */
        public Entry {
            shape = List.copyOf(shape);
            long count = shape.stream().reduce(1L, Math::multiplyExact);
            if (data.byteSize() != 4 * count) {
                throw new IllegalArgumentException(data.byteSize() + " bytes for " + name + " " + shape);
            }
        }
    }

    private SafetensorsWriter() {}

    /**
     * Writes a file, forces it to the disk and returns its bytes. The name must be free; what is written before an error stays
     * for the caller to delete.
     *
     * @throws IOException if it cannot be written, for example because the disk is full
     */
    public static long write(Path file, List<Entry> entries) throws IOException {
        Json.ObjectBuilder header = Json.object()
                .put("__metadata__", Json.object().put("format", "pt").build());
        long at = 0;
        for (Entry entry : entries) {
            long end = at + entry.data().byteSize();
            header.put(
                    entry.name(),
                    Json.object()
                            .put("dtype", "F32")
                            .put("shape", entry.shape().stream().map(Json::of).toList())
                            .put("data_offsets", List.of(Json.of(at), Json.of(end)))
                            .build());
            at = end;
        }
        byte[] text = header.build().write().getBytes(StandardCharsets.UTF_8);
        int length = (text.length + 7) / 8 * 8;
        byte[] padded = Arrays.copyOf(text, length);
        Arrays.fill(padded, text.length, length, (byte) ' ');
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer start = ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN);
            append(channel, start.putLong(length).put(padded).flip());
            ByteBuffer buffer = ByteBuffer.allocateDirect(4 * PIECE);
            MemorySegment piece = MemorySegment.ofBuffer(buffer);
            for (Entry entry : entries) {
                long count = entry.data().byteSize() / 4;
                for (long done = 0; done < count; done += PIECE) {
                    int now = (int) Math.min(PIECE, count - done);
                    MemorySegment.copy(entry.data(), ValueLayout.JAVA_FLOAT, 4 * done, piece, LITTLE, 0, now);
                    append(channel, buffer.position(0).limit(4 * now));
                }
            }
            channel.force(true);
        }
        return 8L + length + at;
    }

    private static void append(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
