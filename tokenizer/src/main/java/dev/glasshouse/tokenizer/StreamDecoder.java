package dev.glasshouse.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Turns ids into text one after the other and hands out whole characters only: the bytes of a character that is not complete yet are held
 * back. The pieces together are the text of all ids. One instance belongs to one text and one thread at a time.
 */
public final class StreamDecoder {
    private final Tokenizer tokenizer;
    private final boolean showControl;
    private byte[] pending = new byte[0];

    StreamDecoder(Tokenizer tokenizer, boolean showControl) {
        this.tokenizer = tokenizer;
        this.showControl = showControl;
    }

    /**
     * The text that this id completes, possibly empty.
     *
     * @throws dev.glasshouse.weights.GlassException for an id outside the vocabulary
     */
    public String push(int id) {
        if (tokenizer.kind(id) == TokenKind.CONTROL && !showControl) {
            return "";
        }
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(pending);
        joined.writeBytes(tokenizer.bytes(id));
        byte[] bytes = joined.toByteArray();
        int complete = bytes.length - incomplete(bytes);
        pending = Arrays.copyOfRange(bytes, complete, bytes.length);
        return new String(bytes, 0, complete, StandardCharsets.UTF_8);
    }

    /** What is left at the end of the text; a character that was never completed becomes U+FFFD. */
    public String finish() {
        String rest = new String(pending, StandardCharsets.UTF_8);
        pending = new byte[0];
        return rest;
    }

    /** How many bytes at the end are the beginning of a character that more bytes could complete. */
    private static int incomplete(byte[] bytes) {
        for (int back = 1; back <= Math.min(3, bytes.length); back++) {
            int at = bytes.length - back;
            if ((bytes[at] & 0xC0) == 0x80) {
                continue;
            }
            return Utf8.width(bytes[at]) > back && possible(bytes, at) ? back : 0;
        }
        return 0;
    }

    /** Whether the second byte, if it is there, can follow the first (no overlong forms, no surrogates, nothing above U+10FFFF). */
    private static boolean possible(byte[] bytes, int at) {
        if (at + 1 >= bytes.length) {
            return true;
        }
        int second = bytes[at + 1] & 0xFF;
        return switch (bytes[at] & 0xFF) {
            case 0xE0 -> second >= 0xA0;
            case 0xED -> second < 0xA0;
            case 0xF0 -> second >= 0x90;
            case 0xF4 -> second < 0x90;
            default -> true;
        };
    }
}
