package dev.glasshouse.hub;

import java.util.List;
import java.util.Locale;

/** Small texts for messages. */
final class Text {
    private Text() {}

    /** In quotes, control characters shown as {@code ?}, cut to 120 characters: safe to print whoever wrote it. */
    static String quote(String text) {
        return "'" + clean(text, 120) + "'";
    }

    static String clean(String text, int most) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < most; i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c);
        }
        return shown + (text.length() > most ? "…" : "");
    }

    /** Decimal units as file managers show them: {@code 98.4 MB}. */
    static String bytes(long count) {
        if (count < 1000) return count + " bytes";
        double value = count;
        for (String unit : List.of("kB", "MB", "GB")) {
            value /= 1000;
            if (value < 999.95) return String.format(Locale.ROOT, "%.1f %s", value, unit);
        }
        return String.format(Locale.ROOT, "%.1f TB", value / 1000);
    }

    /** How many single-character edits (insert, delete, replace, swap of neighbours) turn one text into the other. */
    static int distance(String from, String to) {
        int[][] d = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replace = d[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replace, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                boolean swapped = i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1);
                if (swapped) d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
        return d[from.length()][to.length()];
    }
}
