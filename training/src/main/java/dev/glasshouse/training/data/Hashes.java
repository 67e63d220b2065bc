package dev.glasshouse.training.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, and the mixing function behind the order of samples. */
final class Hashes {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Hashes() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String sha256(byte[] bytes) {
        return hex(digest().digest(bytes));
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    /** Bytes 8·index … 8·index + 7 of a digest, big endian. */
    static long word(byte[] digest, int index) {
        return ByteBuffer.wrap(digest).getLong(8 * index);
    }

    /** The finaliser of splitmix64 (Steele, Lea and Flood 2014): every bit of z moves every bit of the result. */
    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** A key below another. */
    static long key(long key, long part) {
        return mix(key * 0xD1342543DE82EF95L + part + GOLDEN);
    }

    /** A number from 0 to {@code bound − 1}, from 64 random bits: the high half of their product. */
    static long below(long bits, long bound) {
        return Math.unsignedMultiplyHigh(bits, bound);
    }
}
