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
}
