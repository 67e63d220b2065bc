package dev.glasshouse.tokenizer;

import java.io.ByteArrayOutputStream;
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
        StringBuilder text = new StringBuilder();
        int complete = Utf8.decode(bytes, 0, bytes.length, false, text);
        pending = Arrays.copyOfRange(bytes, complete, bytes.length);
        return text.toString();
    }

    /** What is left at the end of the text; a character that was never completed becomes U+FFFD. */
    public String finish() {
        StringBuilder rest = new StringBuilder();
        Utf8.decode(pending, 0, pending.length, true, rest);
        pending = new byte[0];
        return rest.toString();
    }
}
