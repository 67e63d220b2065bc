package dev.glasshouse.chat.jinja;

import java.util.Arrays;

/** Puts texts together, keeping the origin of every character and counting what it costs. */
final class TextBuilder {
    private final Budget budget;
    private final StringBuilder value = new StringBuilder();
    private int[] edges = new int[4];
    private int count;

    TextBuilder(Budget budget) {
        this.budget = budget;
    }

    int units() {
        return value.length();
    }

    private boolean endsInInput() {
        return (count & 1) == 1;
    }

    private void origin(boolean input) {
        if (input == endsInInput()) {
            return;
        }
        if (count != 0 && edges[count - 1] == value.length()) {
            count--;
            return;
        }
        if (count == edges.length) {
            edges = Arrays.copyOf(edges, 2 * count);
        }
        edges[count++] = value.length();
    }

    TextBuilder append(Text text) {
        return append(text, 0, text.units());
    }

    TextBuilder append(Text text, int from, int to) {
        budget.characters((long) to - from);
        int[] other = text.edges();
        int start = from;
        boolean input = from < to && text.inputAt(from);
        for (int edge : other) {
            if (edge <= from || start == to) {
                continue;
            }
            int end = Math.min(edge, to);
            origin(input);
            value.append(text.value(), start, end);
            start = end;
            input = !input;
            if (edge >= to) {
                break;
            }
        }
        if (start < to) {
            origin(input);
            value.append(text.value(), start, to);
        }
        return this;
    }

    /** Template text. */
    TextBuilder append(String text) {
        return append(text, false);
    }

    TextBuilder append(String text, boolean input) {
        budget.characters(text.length());
        if (!text.isEmpty()) {
            origin(input);
            value.append(text);
        }
        return this;
    }

    TextBuilder appendCodePoint(int codePoint, boolean input) {
        budget.characters(1);
        origin(input);
        value.appendCodePoint(codePoint);
        return this;
    }

    TextBuilder pad(Text fill, long times) {
        budget.characters(Math.max(0, times) * fill.units());
        for (long i = 0; i < times; i++) {
            append(fill);
        }
        return this;
    }

    Text build() {
        budget.characters(16);
        return new Text(value.toString(), Arrays.copyOf(edges, count), false);
    }
}
