package dev.glasshouse.training.data;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes numbers to one {@link TokenFile}; the header comes last, when the count is known. */
final class FileSink implements AutoCloseable {
    private final Path file;
    private final int width;
    private final int vocabulary;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private long count;

    FileSink(Path file, int width, int vocabulary) throws IOException {
        this.file = file;
        this.width = width;
        this.vocabulary = vocabulary;
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        buffer.put(TokenFile.header(width, vocabulary, 0));
    }

    void put(long number) throws IOException {
        if (buffer.remaining() < width) {
            flush();
        }
        switch (width) {
            case 2 -> buffer.putShort((short) number);
            case 4 -> buffer.putInt((int) number);
            default -> buffer.putLong(number);
        }
        count++;
    }

    long count() {
        return count;
    }

    Path file() {
        return file;
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** Completes the file on the disk. */
    void finish() throws IOException {
        flush();
        ByteBuffer header = ByteBuffer.wrap(TokenFile.header(width, vocabulary, count));
        for (long at = 0; header.hasRemaining(); ) {
            at += channel.write(header, at);
        }
        channel.force(true);
        channel.close();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new GlassException("Cannot close " + file + ": " + e + ".", e);
        }
    }
}
