import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes the table of character classes that the tokenizers use, from the Unicode data of the JDK that runs it:
 *
 * <pre>java tokenizer/tools/GenerateUnicodeClasses.java 16.0 tokenizer/src/main/resources/dev/glasshouse/tokenizer/unicode-classes.txt</pre>
 *
 * JDK 25 carries Unicode 16.0. Each entry is a letter (the class) and the number of code points in the run, in base 36.
 */
public final class GenerateUnicodeClasses {
    public static void main(String[] arguments) throws Exception {
        try (PrintStream out = new PrintStream(Path.of(arguments[1]).toFile(), StandardCharsets.US_ASCII)) {
            out.println("# Character classes of Unicode " + arguments[0] + ", made by tools/GenerateUnicodeClasses.java.");
            out.println("# o unassigned, c control/format/surrogate/private, u Lu, l Ll, t Lt, m Lm, e Lo, a M, d Nd, n Nl and No,");
            out.println("# p P, s S, w White_Space; the run length follows in base 36.");
            StringBuilder line = new StringBuilder();
            for (int from = 0; from <= Character.MAX_CODE_POINT; ) {
                char type = type(from);
                int to = from;
                while (to <= Character.MAX_CODE_POINT && type(to) == type) {
                    to++;
                }
                line.append(type).append(Integer.toString(to - from, 36));
                from = to;
                if (line.length() > 110) {
                    out.println(line);
                    line.setLength(0);
                }
                if (!line.isEmpty()) {
                    line.append(' ');
                }
            }
            out.println(line.toString().strip());
        }
    }

    private static char type(int codePoint) {
        // White_Space=yes: all of Z and these six controls (PropList.txt).
        if ((codePoint >= 9 && codePoint <= 13) || codePoint == 0x85) {
            return 'w';
        }
        return switch (Character.getType(codePoint)) {
            case Character.UNASSIGNED -> 'o';
            case Character.UPPERCASE_LETTER -> 'u';
            case Character.LOWERCASE_LETTER -> 'l';
            case Character.TITLECASE_LETTER -> 't';
            case Character.MODIFIER_LETTER -> 'm';
            case Character.OTHER_LETTER -> 'e';
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> 'a';
            case Character.DECIMAL_DIGIT_NUMBER -> 'd';
            case Character.LETTER_NUMBER, Character.OTHER_NUMBER -> 'n';
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> 'w';
            case Character.DASH_PUNCTUATION, Character.START_PUNCTUATION, Character.END_PUNCTUATION,
                    Character.CONNECTOR_PUNCTUATION, Character.OTHER_PUNCTUATION, Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION -> 'p';
            case Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL, Character.MODIFIER_SYMBOL, Character.OTHER_SYMBOL -> 's';
            default -> 'c';
        };
    }
}
