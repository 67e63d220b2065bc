package dev.glasshouse.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The class of every code point in Unicode 16.0, from a table in this module: ids must not depend on the Unicode version of the JDK that
 * runs the program. Classes are single bits, so that a set of classes is a mask. {@code tools/GenerateUnicodeClasses.java} makes the table.
 */
final class UnicodeClasses {
    static final short UNASSIGNED = 1;
    static final short CONTROL = 1 << 1;
    static final short UPPER = 1 << 2;
    static final short LOWER = 1 << 3;
    static final short TITLE = 1 << 4;
    static final short MODIFIER = 1 << 5;
    static final short OTHER_LETTER = 1 << 6;
    static final short MARK = 1 << 7;
    static final short DIGIT = 1 << 8;
    static final short OTHER_NUMBER = 1 << 9;
    static final short PUNCTUATION = 1 << 10;
    static final short SYMBOL = 1 << 11;
    /** White_Space=yes, which holds all of category Z. */
    static final short SPACE = 1 << 12;

    static final int LETTER = UPPER | LOWER | TITLE | MODIFIER | OTHER_LETTER;
    static final int NUMBER = DIGIT | OTHER_NUMBER;

    private static final short[] TABLE = load();

    private UnicodeClasses() {}

    /** The class of a code point, one bit. */
    static int of(int codePoint) {
        return TABLE[codePoint];
    }

    private static short[] load() {
        short[] table = new short[Character.MAX_CODE_POINT + 1];
        String text;
        try (InputStream in = UnicodeClasses.class.getResourceAsStream("unicode-classes.txt")) {
            if (in == null) {
                throw new IllegalStateException("unicode-classes.txt is missing from the module");
            }
            text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int at = 0;
        int codePoint = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '#') {
                at = text.indexOf('\n', at) + 1;
            } else if (c > ' ') {
                int end = at;
                while (end < text.length() && text.charAt(end) > ' ') {
                    end++;
                }
                int run = Integer.parseInt(text, at, end, 36);
                Arrays.fill(table, codePoint, codePoint + run, bit(c));
                codePoint += run;
                at = end;
            }
        }
        if (codePoint != table.length) {
            throw new IllegalStateException("unicode-classes.txt covers " + codePoint + " code points");
        }
        return table;
    }

    private static short bit(char letter) {
        return switch (letter) {
            case 'o' -> UNASSIGNED;
            case 'c' -> CONTROL;
            case 'u' -> UPPER;
            case 'l' -> LOWER;
            case 't' -> TITLE;
            case 'm' -> MODIFIER;
            case 'e' -> OTHER_LETTER;
            case 'a' -> MARK;
            case 'd' -> DIGIT;
            case 'n' -> OTHER_NUMBER;
            case 'p' -> PUNCTUATION;
            case 's' -> SYMBOL;
            case 'w' -> SPACE;
            default -> throw new IllegalStateException("unknown class letter " + letter);
        };
    }
}
