package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.GlassException;
import java.util.Arrays;

/**
 * SentencePiece's {@code precompiled_charsmap}: the longest prefix of the text that the map knows is replaced. Its bytes are the size of a
 * double-array trie (4 bytes, little endian), the trie (Darts: one 32-bit unit a node) and the replacements, each ended by a zero byte.
 *
 * <p>A unit holds an offset to its children (bits 10–30, shifted by 8 more where bit 9 is set), whether a value ends here (bit 8) and the
 * byte that leads to it (bits 0–7, with bit 31 clear); a value unit has bit 31 set and the value, an offset into the replacements, below.
 */
final class CharacterMap {
    private final int[] units;
    private final byte[] replacements;

    CharacterMap(byte[] charsmap) {
        if (charsmap.length == 0) {
            units = new int[0];
            replacements = new byte[0];
            return;
        }
        long size = charsmap.length < 4 ? -1 : littleEndian(charsmap, 0) & 0xFFFF_FFFFL;
        if (size < 0 || size % 4 != 0 || size + 4 > charsmap.length) {
            throw broken();
        }
        units = new int[(int) (size / 4)];
        for (int i = 0; i < units.length; i++) {
            units[i] = littleEndian(charsmap, 4 + 4 * i);
        }
        replacements = Arrays.copyOfRange(charsmap, 4 + (int) size, charsmap.length);
        if (replacements.length > 0 && replacements[replacements.length - 1] != 0) {
            throw broken();
        }
    }

    private static int littleEndian(byte[] bytes, int at) {
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16 | bytes[at + 3] << 24;
    }

    private static GlassException broken() {
        return new GlassException("The tokenizer's map of characters (precompiled_charsmap) is broken.");
    }

    Cursor cursor(byte[] text) {
        return new Cursor(text);
    }

    private int unit(int index) {
        if (index < 0 || index >= units.length) {
            throw broken();
        }
        return units[index];
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
    }

    /** Walks over a text, stretch by stretch: what stands for it lies in {@code source()[from(), to())}. */
    final class Cursor {
        private final byte[] text;
        private byte[] source;
        private int at;
        private int from;
        private int to;

        private Cursor(byte[] text) {
            this.text = text;
            this.source = text;
        }

        boolean next() {
            if (at >= text.length) {
                return false;
            }
            int length = 0;
            int value = 0;
            if (units.length > 0) {
                int node = offset(unit(0));
                for (int i = at; i < text.length && text[i] != 0; i++) {
                    int label = text[i] & 0xFF;
                    node ^= label;
                    int unit = unit(node);
                    if ((unit & 0x8000_00FF) != label) {
                        break;
                    }
                    node ^= offset(unit);
                    if ((unit >>> 8 & 1) == 1) {
                        length = i + 1 - at;
                        value = unit(node) & 0x7FFF_FFFF;
                    }
                }
            }
            if (length > 0) {
                if (value >= replacements.length) {
                    throw broken();
                }
                source = replacements;
                from = value;
                to = value;
                while (replacements[to] != 0) {
                    to++;
                }
                at += length;
            } else {
                source = text;
                from = at;
                at += Math.min(Utf8.width(text[at]), text.length - at);
                to = at;
            }
            return true;
        }

        byte[] source() {
            return source;
        }

        int from() {
            return from;
        }

        int to() {
            return to;
        }
    }
}
