package dev.glasshouse.tokenizer;

/** UTF-8 by hand, for text whose surrogates are paired. */
final class Utf8 {
    private Utf8() {}

    /** Writes {@code text[from, to)} to {@code out} (three bytes a char suffice) and returns the number of bytes. */
    static int encode(char[] text, int from, int to, byte[] out) {
        int length = 0;
        for (int i = from; i < to; i++) {
            char c = text[i];
            if (c < 0x80) {
                out[length++] = (byte) c;
            } else if (c < 0x800) {
                out[length++] = (byte) (0xC0 | c >> 6);
                out[length++] = (byte) (0x80 | c & 0x3F);
            } else if (Character.isHighSurrogate(c)) {
                int codePoint = Character.toCodePoint(c, text[++i]);
                out[length++] = (byte) (0xF0 | codePoint >> 18);
                out[length++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
                out[length++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
                out[length++] = (byte) (0x80 | codePoint & 0x3F);
            } else {
                out[length++] = (byte) (0xE0 | c >> 12);
                out[length++] = (byte) (0x80 | c >> 6 & 0x3F);
                out[length++] = (byte) (0x80 | c & 0x3F);
            }
        }
        return length;
    }

    /** The number of bytes of the character that begins with this byte; 1 for a byte that begins none. */
    static int width(byte first) {
        int b = first & 0xFF;
        return b < 0xC2 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : b < 0xF5 ? 4 : 1;
    }

    /** The same text with U+FFFD in place of every unpaired surrogate. */
    static String repair(String text) {
        StringBuilder repaired = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            if (repaired == null) {
                repaired = new StringBuilder(text);
            }
            repaired.setCharAt(i, '\uFFFD');
        }
        return repaired == null ? text : repaired.toString();
    }

    /**
     * Appends the text of {@code bytes[from, to)} and returns where it stopped. What is no UTF-8 becomes U+FFFD, one for each longest
     * beginning of a character (the practice of the Unicode standard, section 3.9).
     *
     * @param last whether nothing follows; otherwise it stops before a character that is not complete yet
     */
    static int decode(byte[] bytes, int from, int to, boolean last, StringBuilder out) {
        for (int at = from; at < to; ) {
            int first = bytes[at] & 0xFF;
            int width = width(bytes[at]);
            if (width == 1) {
                out.append(first < 0x80 ? (char) first : '\uFFFD');
                at++;
                continue;
            }
            int codePoint = first & (0xFF >> (width + 1));
            int next = at + 1;
            while (next < to && next < at + width && continues(first, bytes[next] & 0xFF, next - at)) {
                codePoint = codePoint << 6 | bytes[next] & 0x3F;
                next++;
            }
            if (next == at + width) {
                out.appendCodePoint(codePoint);
            } else if (next == to && !last) {
                return at;
            } else {
                out.append('\uFFFD');
            }
            at = next;
        }
        return to;
    }

    /** Whether a byte may stand at this place of a character: no overlong forms, no surrogates, nothing above U+10FFFF. */
    private static boolean continues(int first, int value, int place) {
        int low = place > 1 ? 0x80 : first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int high = place > 1 ? 0xBF : first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        return value >= low && value <= high;
    }
}
