package dev.glasshouse.cli;

import java.util.Locale;

/** Numbers as people read them. */
final class Numbers {
    private Numbers() {}

    /** A number of weights: "134.5 M", "1.24 B". */
    static String parameters(long count) {
        if (count >= 1_000_000_000L) {
            return String.format(Locale.ROOT, "%.2f B", count / 1e9);
        }
        if (count >= 1_000_000L) {
            return String.format(Locale.ROOT, "%.1f M", count / 1e6);
        }
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** The same with all digits behind it. */
    static String exact(long count) {
        String round = parameters(count);
        return round.equals(whole(count)) ? round : round + " (" + whole(count) + ")";
    }

    /** A whole number with separators: "49,152". */
    static String whole(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
