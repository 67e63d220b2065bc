package dev.glasshouse.cli;

import dev.glasshouse.tokenizer.TokenKind;
import dev.glasshouse.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Tokens as people can see them: blanks as ␣, line ends as ↵, lone bytes as ⟨e4⟩. */
final class TokenText {
    private TokenText() {}

    static String visible(Tokenizer tokenizer, int id) {
        if (tokenizer.kind(id) == TokenKind.CONTROL) {
            return tokenizer.piece(id);
        }
        return visible(tokenizer.bytes(id));
    }

    static String visible(byte[] bytes) {
        return visible(bytes, true);
    }

    /** Bytes as people can see them: ␣ for a blank, ↵ for a line end, ⟨e4⟩ for a lone byte; in ASCII _, \n, &lt;e4&gt;. */
    static String visible(byte[] bytes, boolean unicode) {
        String bracket = unicode ? "⟨%s⟩" : "<%s>";
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            StringBuilder hex = new StringBuilder();
            for (byte value : bytes) {
                hex.append(String.format(Locale.ROOT, bracket, String.format(Locale.ROOT, "%02x", value & 0xff)));
            }
            return hex.toString();
        }
        StringBuilder visible = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case ' ' -> visible.append(unicode ? "␣" : "_");
                case '\n' -> visible.append(unicode ? "↵" : "\\n");
                case '\r' -> visible.append(unicode ? "␍" : "\\r");
                case '\t' -> visible.append(unicode ? "⇥" : "\\t");
                default -> {
                    if (hidden(c) || (!unicode && c > 0x7e)) {
                        visible.append(String.format(Locale.ROOT, bracket, String.format(Locale.ROOT, "U+%04X", c)));
                    } else {
                        visible.appendCodePoint(c);
                    }
                }
            }
        });
        return visible.toString();
    }

    private static boolean hidden(int c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || Character.isSpaceChar(c);
    }

    /** A text on one line of at most {@code most} characters. */
    static String oneLine(String text, int most) {
        String line = text.replace("\n", "↵").replace("\r", "").replace("\t", "⇥");
        return line.length() > most ? line.substring(0, most - 1) + "…" : line;
    }
}
