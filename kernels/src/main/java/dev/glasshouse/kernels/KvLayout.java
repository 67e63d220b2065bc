package dev.glasshouse.kernels;

/**
 * The shape of one layer's cache block: {@link #BLOCK} positions of keys and values for {@code kvHeads} heads of
 * {@code headSize} values. What the bytes mean is the kernels' own business; the state above them only allocates,
 * copies and frees whole blocks. Both kernel rooms use the same bytes, so that a saved state can be read by either.
 */
public record KvLayout(KvType type, int kvHeads, int headSize) {
    /** Positions in a block; blocks are aligned to it in absolute position. */
    public static final int BLOCK = 64;

    /** Bytes of one block, keys and values together, a multiple of 64. */
    public long blockBytes() {
        long values = (long) kvHeads * headSize * BLOCK * 2;
        long bytes =
                switch (type) {
                    case F32 -> values * 4;
                    case F16 -> values * 2;
                    case Q8_0 -> {
                        if (headSize % 32 != 0) {
                            throw new IllegalArgumentException(
                                    "a q8_0 cache needs heads of a multiple of 32 values, these have " + headSize);
                        }
                        yield values / 32 * 34;
                    }
                };
        return (bytes + 63) / 64 * 64;
    }
}
