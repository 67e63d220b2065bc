package dev.glasshouse.training;

import dev.glasshouse.kernels.DropoutHash;

/** Random numbers as a function of where they are used, not of a stream: the same on any machine and in any order. */
public final class Keys {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Keys() {}

    /** The finaliser of splitmix64 (Steele, Lea and Flood 2014): every bit of z moves every bit of the result. */
    static long mix(long z) {
        return DropoutHash.spread(z);
    }

    /** A key below another. */
    public static long of(long key, long part) {
        return mix(key * 0xD1342543DE82EF95L + part + GOLDEN);
    }

    /** Two independent values of the standard normal distribution (Box and Muller 1958). */
    static void normals(long key, long index, double[] out) {
        double u = ((of(key, 2 * index) >>> 11) + 1) * 0x1p-53; // (0, 1]
        double angle = (of(key, 2 * index + 1) >>> 11) * 0x1p-52 * Math.PI;
        double radius = StrictMath.sqrt(-2 * StrictMath.log(u));
        out[0] = radius * StrictMath.cos(angle);
        out[1] = radius * StrictMath.sin(angle);
    }
}
