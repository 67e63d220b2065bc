package dev.glasshouse.tokenizer;

import java.util.Objects;

/**
 * A stretch of a prompt and whether it may hold control tokens.
 *
 * @param text any text; unpaired surrogates are read as U+FFFD
 * @param control whether names of control tokens in it mean those tokens, as in a chat template; false for text from users, in which
 *     they are plain characters
 */
public record TextPart(String text, boolean control) {
    public TextPart {
        Objects.requireNonNull(text, "text");
    }

    /** Text from a template: control tokens count. */
    public static TextPart control(String text) {
        return new TextPart(text, true);
    }

    /** Text from a user: control tokens do not count. */
    public static TextPart plain(String text) {
        return new TextPart(text, false);
    }
}
