package dev.glasshouse.chat.jinja;

import java.util.Arrays;

/**
 * A string whose every character knows its origin: the template (and the tokens it is entitled to, such as BOS), or
 * input, that is, whatever a caller supplied. String operations keep the origin, so that the rendered prompt can tell
 * control text from what a user typed.
 *
 * <p>{@code edges} are the ascending UTF-16 positions where the origin flips; it is the template before the first.
 * Indices in this class are UTF-16 units; the language counts code points, as Python does, and converts.
 */
final class Text implements Value {
    static final Text EMPTY = new Text("", new int[0], false);

    private static final int[] ALL_TEMPLATE = new int[0];
    private static final int[] ALL_INPUT = {0};

    private final String value;
    private final int[] edges;
    private final boolean markup;

    Text(String value, int[] edges, boolean markup) {
        this.value = value;
        this.edges = edges;
        this.markup = markup;
    }

    static Text of(String value) {
        return new Text(value, ALL_TEMPLATE, false);
    }

    static Text input(String value) {
        return new Text(value, ALL_INPUT, false);
    }

    String value() {
        return value;
    }

    /** UTF-16 units. */
    int units() {
        return value.length();
    }

    boolean isEmpty() {
        return value.isEmpty();
    }

    /** Whether the text is marked safe (Markup): plain text joined to it by {@code +} or {@code %} is escaped first. */
    boolean markup() {
        return markup;
    }

    Text withMarkup(boolean safe) {
        return safe == markup ? this : new Text(value, edges, safe);
    }

    int[] edges() {
        return edges;
    }

    /** Whether the unit at {@code index} is input. */
    boolean inputAt(int index) {
        int found = Arrays.binarySearch(edges, index);
        int flips = found >= 0 ? found + 1 : -found - 1;
        return (flips & 1) == 1;
    }

    /** The part between two UTF-16 positions, neither of which may cut a surrogate pair. */
    Text slice(Budget budget, int from, int to) {
        if (from == 0 && to == value.length()) {
            return this;
        }
        budget.characters((long) to - from + 16);
        int[] part = ALL_TEMPLATE;
        if (edges.length != 0) {
            int first = Arrays.binarySearch(edges, from);
            first = first >= 0 ? first + 1 : -first - 1;
            int last = first;
            while (last < edges.length && edges[last] < to) {
                last++;
            }
            int lead = first & 1;
            part = new int[lead + last - first];
            for (int i = first; i < last; i++) {
                part[lead + i - first] = edges[i] - from;
            }
        }
        return new Text(value.substring(from, to), part, markup);
    }

    /** Code points. */
    int length() {
        return value.codePointCount(0, value.length());
    }

    /** The UTF-16 position of a code point. */
    int unitOf(int codePoint) {
        return value.offsetByCodePoints(0, codePoint);
    }

    @Override
    public String toString() {
        return value;
    }
}
