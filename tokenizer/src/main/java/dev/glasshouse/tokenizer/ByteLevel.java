package dev.glasshouse.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * GPT-2's way to write bytes as visible characters in a vocabulary: bytes 0x21–0x7E, 0xA1–0xAC and 0xAE–0xFF are the characters with those
 * numbers; the 68 others, in order, are U+0100…U+0143 (so a space is {@code Ġ}, U+0120).
 */
final class ByteLevel {
    private static final int[] BYTE_OF = new int[0x144];
    private static final char[] CHARACTER_OF = new char[256];

    static {
        Arrays.fill(BYTE_OF, -1);
        int other = 0x100;
        for (int value = 0; value < 256; value++) {
            boolean visible = (value >= 0x21 && value <= 0x7E) || (value >= 0xA1 && value <= 0xAC) || value >= 0xAE;
            int character = visible ? value : other++;
            BYTE_OF[character] = value;
            CHARACTER_OF[value] = (char) character;
        }
    }

    private ByteLevel() {}

    /** The visible character of a byte. */
    static char character(int value) {
        return CHARACTER_OF[value & 0xFF];
    }

    /** All 256 bytes in the order of their characters: the order in which a trained vocabulary lists them. */
    static int[] alphabet() {
        return Arrays.stream(BYTE_OF).filter(value -> value >= 0).toArray();
    }

    /** The bytes that an entry stands for; characters outside the alphabet stand for their UTF-8. */
    static byte[] bytes(String entry) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(entry.length());
        for (int i = 0; i < entry.length(); i++) {
            char c = entry.charAt(i);
            if (c < BYTE_OF.length && BYTE_OF[c] >= 0) {
                bytes.write(BYTE_OF[c]);
            } else {
                int end = Character.isHighSurrogate(c) ? Math.min(i + 2, entry.length()) : i + 1;
                bytes.writeBytes(entry.substring(i, end).getBytes(StandardCharsets.UTF_8));
                i = end - 1;
            }
        }
        return bytes.toByteArray();
    }
}
