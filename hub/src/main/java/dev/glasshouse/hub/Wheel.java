package dev.glasshouse.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The table of contents of a wheel (a ZIP file), read from its end, so that one entry of a remote wheel can be fetched
 * without the rest. Layout, all little-endian (PKWARE APPNOTE 4.3):
 *
 * <pre>
 * local header   PK\3\4 … name length at 26, extra length at 28, then name, extra, data
 * central entry  PK\1\2 flags 8, method 10, CRC-32 16, packed size 20, size 24, name 28, extra 30, comment 32,
 *                local header offset 42, then name, extra, comment
 * end            PK\5\6 entries 10, directory size 12, directory offset 16, comment length 20
 * zip64 locator  PK\6\7 (20 bytes before the end) offset of zip64 end 8
 * zip64 end      PK\6\6 entries 32, directory size 40, directory offset 48
 * extra field 1  64-bit size, packed size, offset: each only where its 32-bit field is all ones
 * </pre>
 */
final class Wheel {
    private static final int END = 22;
    private static final int LOCATOR = 20;
    private static final int ZIP64_END = 56;
    private static final int LARGEST_DIRECTORY = 16 << 20;
    private static final long ALL_ONES = 0xFFFF_FFFFL;

    private Wheel() {}

    /**
     * One file in the wheel.
     *
     * @param packed bytes it takes in the wheel
     * @param size bytes of the file itself
     * @param crc CRC-32 of the file itself
     * @param header where its local header begins
     */
    record Entry(String name, boolean deflated, long packed, long size, long crc, long header) {
        String fileName() {
            return name.substring(name.lastIndexOf('/') + 1);
        }
    }

    /** All plain entries. @throws IOException when this is not a sound ZIP file */
    static List<Entry> entries(ByteSource wheel) throws IOException {
        long size = wheel.size();
        if (size < END) throw broken("it is too short");
        int tailLength = (int) Math.min(size, END + 65_535 + LOCATOR);
        ByteBuffer tail = little(wheel.read(size - tailLength, tailLength));
        int end = findEnd(tail);
        long count = tail.getShort(end + 10) & 0xFFFF;
        long length = tail.getInt(end + 12) & ALL_ONES;
        long offset = tail.getInt(end + 16) & ALL_ONES;
        if (offset == ALL_ONES || length == ALL_ONES || count == 0xFFFF) {
            if (end < LOCATOR || tail.getInt(end - LOCATOR) != 0x07064b50) throw broken("its zip64 end is missing");
            ByteBuffer large = little(wheel.read(tail.getLong(end - LOCATOR + 8), ZIP64_END));
            if (large.getInt(0) != 0x06064b50) throw broken("its zip64 end is missing");
            count = large.getLong(32);
            length = large.getLong(40);
            offset = large.getLong(48);
        }
        if (length < 0 || length > LARGEST_DIRECTORY || count < 0 || count > length / 46)
            throw broken("its directory is too large");
        if (offset < 0 || offset > size - length) throw broken("its directory is outside of it");
        return directory(little(wheel.read(offset, (int) length)), (int) count, size);
    }

    private static int findEnd(ByteBuffer tail) throws IOException {
        for (int at = tail.capacity() - END; at >= 0; at--) {
            boolean sound =
                    tail.getInt(at) == 0x06054b50 && (tail.getShort(at + 20) & 0xFFFF) == tail.capacity() - END - at;
            if (sound) return at;
        }
        throw broken("its end record is missing");
    }

    private static List<Entry> directory(ByteBuffer directory, int count, long wheelSize) throws IOException {
        List<Entry> entries = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < count; i++) {
            if (at > directory.capacity() - 46 || directory.getInt(at) != 0x02014b50)
                throw broken("its directory is damaged");
            int flags = directory.getShort(at + 8);
            int method = directory.getShort(at + 10) & 0xFFFF;
            long crc = directory.getInt(at + 16) & ALL_ONES;
            int nameLength = directory.getShort(at + 28) & 0xFFFF;
            int extraLength = directory.getShort(at + 30) & 0xFFFF;
            int next = at + 46 + nameLength + extraLength + (directory.getShort(at + 32) & 0xFFFF);
            if (next > directory.capacity()) throw broken("its directory is damaged");
            byte[] name = new byte[nameLength];
            directory.get(at + 46, name);
            long[] sizes = {
                directory.getInt(at + 24) & ALL_ONES,
                directory.getInt(at + 20) & ALL_ONES,
                directory.getInt(at + 42) & ALL_ONES
            };
            widen(sizes, directory, at + 46 + nameLength, extraLength);
            boolean readable = (flags & 1) == 0 && (method == 0 || method == 8);
            if (readable) {
                boolean inside = sizes[0] >= 0
                        && sizes[1] >= 0
                        && sizes[2] >= 0
                        && sizes[1] <= wheelSize
                        && sizes[2] <= wheelSize - sizes[1];
                boolean possible = method == 8 ? sizes[0] / 1100 <= sizes[1] : sizes[0] == sizes[1];
                if (!inside || !possible) throw broken("the sizes of an entry cannot be right");
                entries.add(new Entry(
                        new String(name, StandardCharsets.UTF_8), method == 8, sizes[1], sizes[0], crc, sizes[2]));
            }
            at = next;
        }
        return entries;
    }

    /** Replaces fields that are all ones by those of the zip64 extra field. */
    private static void widen(long[] sizes, ByteBuffer directory, int extra, int extraLength) throws IOException {
        int end = extra + extraLength;
        for (int at = extra; at + 4 <= end; ) {
            int id = directory.getShort(at) & 0xFFFF;
            int length = directory.getShort(at + 2) & 0xFFFF;
            int value = at + 4;
            if (value + length > end) return;
            for (int i = 0; id == 1 && i < sizes.length; i++) {
                if (sizes[i] != ALL_ONES) continue;
                if (value + 8 > at + 4 + length) throw broken("a zip64 field is missing");
                sizes[i] = directory.getLong(value);
                value += 8;
            }
            at += 4 + length;
        }
    }

    /** Where the entry's packed bytes begin. */
    static long dataOffset(ByteSource wheel, Entry entry) throws IOException {
        ByteBuffer header = little(wheel.read(entry.header(), 30));
        if (header.getInt(0) != 0x04034b50) throw broken("the header of " + Text.quote(entry.name()) + " is missing");
        long data = entry.header() + 30 + (header.getShort(26) & 0xFFFF) + (header.getShort(28) & 0xFFFF);
        if (data > wheel.size() - entry.packed()) throw broken(Text.quote(entry.name()) + " reaches outside of it");
        return data;
    }

    /** The first bytes of the file itself, at most {@code most}, unpacked. */
    static byte[] prefix(ByteSource wheel, Entry entry, int most) throws IOException {
        long data = dataOffset(wheel, entry);
        int wanted = (int) Math.min(most, entry.size());
        byte[] packed = wheel.read(data, (int) Math.min(entry.packed(), wanted));
        if (!entry.deflated()) return packed;
        byte[] plain = new byte[wanted];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            int filled = 0;
            for (int count = 1; count > 0 && filled < wanted; filled += count) {
                count = inflater.inflate(plain, filled, wanted - filled);
            }
            return java.util.Arrays.copyOf(plain, filled);
        } catch (DataFormatException e) {
            throw new IOException("the wheel's entry " + Text.quote(entry.name()) + " is damaged", e);
        } finally {
            inflater.end();
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static IOException broken(String why) {
        return new IOException("the wheel is not a sound ZIP file: " + why);
    }
}
