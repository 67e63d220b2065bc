package dev.glasshouse.chat.jinja;

/** Finding a text in a text in time linear in both (Knuth, Morris, Pratt): a template may choose the worst case. */
final class Search {
    private static final int SHORT = 16;

    private Search() {}

    /** The first position from {@code from} on where {@code part} stands, or -1. */
    static int find(Budget budget, String text, String part, int from) {
        if (from > text.length()) {
            return -1;
        }
        int found = part.length() <= SHORT ? text.indexOf(part, from) : linear(budget, text, part, from);
        budget.work(1 + ((found < 0 ? text.length() : found) - from) / 16 + part.length() / 16);
        return found;
    }

    /** The last position where {@code part} stands wholly before {@code end}, or -1. */
    static int findLast(Budget budget, String text, String part, int end) {
        if (end < part.length()) {
            return -1;
        }
        String head = text.substring(0, end);
        budget.work(1 + end / 16);
        if (part.length() <= SHORT) {
            return head.lastIndexOf(part);
        }
        budget.characters(2L * end + part.length());
        String mirrored = new StringBuilder(head).reverse().toString();
        String mirroredPart = new StringBuilder(part).reverse().toString();
        int found = linear(budget, mirrored, mirroredPart, 0);
        return found < 0 ? -1 : end - found - part.length();
    }

    private static int linear(Budget budget, String text, String part, int from) {
        budget.characters(2L * part.length());
        int[] fallback = new int[part.length()];
        for (int i = 1, matched = 0; i < part.length(); i++) {
            while (matched > 0 && part.charAt(i) != part.charAt(matched)) {
                matched = fallback[matched - 1];
            }
            if (part.charAt(i) == part.charAt(matched)) {
                matched++;
            }
            fallback[i] = matched;
        }
        for (int i = from, matched = 0; i < text.length(); i++) {
            while (matched > 0 && text.charAt(i) != part.charAt(matched)) {
                matched = fallback[matched - 1];
            }
            if (text.charAt(i) == part.charAt(matched)) {
                matched++;
            }
            if (matched == part.length()) {
                return i - matched + 1;
            }
        }
        return -1;
    }
}
