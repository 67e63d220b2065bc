package dev.glasshouse.training;

/**
 * Samples of equal length, one after the other.
 *
 * @param length tokens of a sample
 * @param ids samples · length of them
 * @param targets the token that comes after each, or −1 where no loss is taken
 * @param samples the number of each sample within the whole run; dropout hangs on it
 */
public record TokenBatch(int length, int[] ids, int[] targets, long[] samples) {
    /** @throws IllegalArgumentException if the sizes do not fit */
    public TokenBatch {
        if (length < 1 || ids.length != samples.length * length || targets.length != ids.length) {
            throw new IllegalArgumentException(samples.length + " samples of " + length + " with " + ids.length
                    + " tokens and " + targets.length + " targets");
        }
    }

    /** Targets that count. */
    public int counted() {
        int counted = 0;
        for (int target : targets) {
            counted += target >= 0 ? 1 : 0;
        }
        return counted;
    }

    /** Samples from … to−1 alone. */
    public TokenBatch part(int from, int to) {
        return new TokenBatch(
                length,
                java.util.Arrays.copyOfRange(ids, from * length, to * length),
                java.util.Arrays.copyOfRange(targets, from * length, to * length),
                java.util.Arrays.copyOfRange(samples, from, to));
    }
}
