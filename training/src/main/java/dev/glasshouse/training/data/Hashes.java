package dev.glasshouse.training.data;

import dev.glasshouse.weights.FileDigest;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** What is done with hashes. */
final class Hashes {
    private Hashes() {}

    static String sha256(byte[] bytes) {
        return hex(FileDigest.sha256().digest(bytes));
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    /** Bytes 8·index … 8·index + 7 of a digest, big endian. */
    static long word(byte[] digest, int index) {
        return ByteBuffer.wrap(digest).getLong(8 * index);
    }

    /** A number from 0 to {@code bound − 1}, from 64 random bits: the high half of their product. */
    static long below(long bits, long bound) {
        return Math.unsignedMultiplyHigh(bits, bound);
    }
}
