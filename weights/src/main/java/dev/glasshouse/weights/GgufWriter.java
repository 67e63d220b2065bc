package dev.glasshouse.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Writes a GGUF file (version 3) tensor by tensor, so that it need not fit in memory. The bytes go to a file of their
 * own beside the target, are synced, and take the target's name in one step when all is there; until then, and if
 * anything fails, the target is as it was and nothing half-written is left.
 *
 * <pre>
 * try (GgufWriter writer = GgufWriter.create(path, metadata, tensors)) {
 *     for (TensorInfo tensor : tensors) writer.write(bytes of tensor);
 *     writer.finish();
 * }
 * </pre>
 */
public final class GgufWriter implements AutoCloseable {
    /** Bytes handed to the file at a time. */
    private static final long PIECE = 1 << 22;

    /** Zeros between tensors are made in memory; files in use are aligned to 32 or, for mapping, to a page. */
    private static final long MAXIMUM_ALIGNMENT = 1 << 20;

    private final Path target;
    private final Path partial;
    private final FileChannel channel;
    private final List<TensorInfo> tensors;
    private final long alignment;
    private int next;
    private long written;
    private boolean finished;

    private GgufWriter(Path target, Path partial, FileChannel channel, List<TensorInfo> tensors, long alignment) {
        this.target = target;
        this.partial = partial;
        this.channel = channel;
        this.tensors = tensors;
        this.alignment = alignment;
    }

    /** A tensor to be written; its offset is found by the writer. */
    public static TensorInfo tensor(String name, TensorType type, long... shape) {
        return new TensorInfo(name, type, shape, 0, 0);
    }

    /**
     * Starts a file and writes its header.
     *
     * @param metadata its pairs; {@code general.alignment} is honoured
     * @param tensors names, types and shapes in the order in which the data will come; offsets are ignored
     * @throws GlassException if the file cannot be written, there is not enough room on the disk, or the alignment is
     *     beyond all use
     * @throws IllegalArgumentException if a name, shape or the alignment is not allowed in GGUF
     */
    public static GgufWriter create(Path target, Metadata metadata, List<TensorInfo> tensors) {
        long alignment = metadata.integer("general.alignment").orElse(32);
        if (alignment < 1 || Long.bitCount(alignment) != 1) {
            throw new IllegalArgumentException("alignment " + alignment);
        }
        if (alignment > MAXIMUM_ALIGNMENT) {
            throw new GlassException("Cannot write " + target + ": an alignment (general.alignment) of " + alignment
                    + " bytes is more than the " + MAXIMUM_ALIGNMENT + " that can be written.");
        }
        byte[] header = header(metadata, tensors, alignment);
        long total = header.length;
        for (TensorInfo tensor : tensors) {
            total = Math.addExact(total, GgufHeader.roundUp(tensor.bytes(), alignment));
        }
        Path absolute = target.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || Files.isDirectory(absolute)) {
            throw new GlassException("Cannot write " + target + ": it is a folder.");
        }
        if (!Files.isDirectory(folder)) {
            throw new GlassException("Cannot write " + target + ": there is no folder " + folder + ".");
        }
        Path partial = absolute.resolveSibling(absolute.getFileName() + ".partial");
        try {
            long room = Files.getFileStore(folder).getUsableSpace();
            if (room < total) {
                throw new GlassException(String.format(
                        Locale.ROOT,
                        "Cannot write %s: it needs %,d bytes, but the disk has only %,d left. Free some space or"
                                + " choose another place.",
                        target,
                        total,
                        room));
            }
            FileChannel channel = channel(partial);
            GgufWriter writer = new GgufWriter(target, partial, channel, List.copyOf(tensors), alignment);
            try {
                writer.append(ByteBuffer.wrap(header));
            } catch (RuntimeException e) {
                writer.close();
                throw e;
            }
            return writer;
        } catch (IOException e) {
            throw new GlassException("Cannot write " + target + ": " + e + ".", e);
        }
    }

    private static FileChannel channel(Path partial) throws IOException {
        FileChannel channel = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel.truncate(0); // what a run that was killed left behind is of no use
            }
        } catch (OverlappingFileLockException e) {
            // another writer of this process
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new GlassException(partial + " is being written by another run; wait for it, or choose another name.");
    }

    private static byte[] header(Metadata metadata, List<TensorInfo> tensors, long alignment) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        put(out, 3, 4);
        put(out, tensors.size(), 8);
        put(out, metadata.keys().size(), 8);
        for (String key : metadata.keys()) {
            putString(out, key);
            Metadata.Value value = metadata.find(key).orElseThrow();
            if (value.array()) {
                put(out, Metadata.ValueType.ARRAY.id(), 4);
                put(out, value.type().id(), 4);
                put(out, value.count(), 8);
            } else {
                put(out, value.type().id(), 4);
            }
            out.writeBytes(value.bytes().toArray(ValueLayout.JAVA_BYTE));
        }
        Set<String> names = new HashSet<>();
        long offset = 0;
        for (TensorInfo tensor : tensors) {
            int nameBytes = tensor.name().getBytes(StandardCharsets.UTF_8).length;
            long[] shape = tensor.shape();
            if (nameBytes < 1 || nameBytes > GgufHeader.MAXIMUM_NAME || !names.add(tensor.name())) {
                throw new IllegalArgumentException("the tensor name is empty, too long or not unique: " + tensor);
            }
            if (shape.length > 4 || Arrays.stream(shape).anyMatch(d -> d < 0)) {
                throw new IllegalArgumentException("the shape is not allowed: " + tensor);
            }
            GgufHeader.checkSize(tensor.name(), tensor.type(), shape);
            putString(out, tensor.name());
            put(out, shape.length, 4);
            for (long dimension : shape) {
                put(out, dimension, 8);
            }
            put(out, tensor.type().id(), 4);
            put(out, offset, 8);
            offset = GgufHeader.roundUp(Math.addExact(offset, tensor.bytes()), alignment);
        }
        out.writeBytes(new byte[(int) (GgufHeader.roundUp(out.size(), alignment) - out.size())]);
        return out.toByteArray();
    }

    private static void putString(ByteArrayOutputStream out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        put(out, utf8.length, 8);
        out.writeBytes(utf8);
    }

    private static void put(ByteArrayOutputStream out, long number, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (number >> 8 * i));
        }
    }

    /** The tensor whose data comes next. @throws IllegalStateException if all are written */
    public TensorInfo next() {
        if (next == tensors.size()) {
            throw new IllegalStateException("all tensors of " + target + " are written");
        }
        return tensors.get(next);
    }

    /**
     * Writes the next bytes of the next tensor: all of them or some, in order.
     *
     * @throws GlassException if that fails; the partial file is then gone
     * @throws IllegalArgumentException if they are more than the tensor has left
     */
    public void write(MemorySegment bytes) {
        long left = next().bytes() - written;
        if (bytes.byteSize() > left) {
            throw new IllegalArgumentException(bytes.byteSize() + " bytes for " + left + " left of " + next());
        }
        for (long at = 0; at < bytes.byteSize(); at += PIECE) {
            MemorySegment piece = bytes.asSlice(at, Math.min(PIECE, bytes.byteSize() - at));
            append(piece.isNative() ? piece.asByteBuffer() : ByteBuffer.wrap(piece.toArray(ValueLayout.JAVA_BYTE)));
        }
        written += bytes.byteSize();
        if (written == next().bytes()) {
            append(ByteBuffer.allocate((int) (GgufHeader.roundUp(written, alignment) - written)));
            next++;
            written = 0;
        }
    }

    /**
     * Syncs the file and gives it its name.
     *
     * @throws GlassException if that fails; the partial file is then gone
     * @throws IllegalStateException if data is missing
     */
    public void finish() {
        while (next < tensors.size() && next().bytes() == 0) {
            next++;
        }
        if (next < tensors.size()) {
            throw new IllegalStateException("data is missing from " + next() + " on");
        }
        try {
            channel.force(true);
            channel.close();
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            finished = true;
        } catch (IOException e) {
            close();
            throw new GlassException("Cannot write " + target + ": " + e + ".", e);
        }
    }

    private void append(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            close();
            throw new GlassException(
                    "Cannot write " + target + ": " + e.getMessage() + ". Nothing was left behind; free some space or "
                            + "choose another place.",
                    e);
        }
    }

    /** Where {@link #finish} was not reached, deletes what was written. */
    @Override
    public void close() {
        if (finished) {
            return;
        }
        try {
            channel.close();
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            throw new GlassException("Cannot delete " + partial + ": " + e + ". Delete it by hand.", e);
        }
    }
}
