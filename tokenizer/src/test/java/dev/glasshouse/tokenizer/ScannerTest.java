package dev.glasshouse.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The hand-written scanners equal their regular expressions as java.util.regex understands them. */
class ScannerTest {
    private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String PREFIX = "[^\\r\\n\\p{L}\\p{N}]?";
    private static final String SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    /** Patterns as the models' own files state them. */
    @SuppressWarnings("ImmutableEnumChecker")
    enum Pattern {
        GPT2("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+", new Scanner.Gpt2()),
        LLAMA3(
                CONTRACTION + "|" + PREFIX + "\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" + SPACES,
                new Scanner.Cl100k(3, false)),
        QWEN2(
                CONTRACTION + "|" + PREFIX + "\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" + SPACES,
                new Scanner.Cl100k(1, false)),
        QWEN35(
                CONTRACTION + "|" + PREFIX + "[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|" + SPACES,
                new Scanner.Cl100k(1, true)),
        O200K(
                PREFIX + UPPER + "*" + LOWER + "+" + CONTRACTION + "?|" + PREFIX + UPPER + "+" + LOWER + "*"
                        + CONTRACTION + "?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|" + SPACES,
                new Scanner.O200k(3, true)),
        TEKKEN(
                PREFIX + UPPER + "*" + LOWER + "+|" + PREFIX + UPPER + "+" + LOWER
                        + "*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|" + SPACES,
                new Scanner.O200k(1, false)),
        DIGITS("\\p{N}", PreTokenizers.digits()),
        THOUSANDS("\\d{1,3}(?=(?:\\d{3})*\\b)", PreTokenizers.thousands(true)),
        TRAILING_SPACES("\\s+$", PreTokenizers.trailingSpaces());

        private final RegexSplitter regex;
        private final PreTokenizer scanner;

        Pattern(String regex, PreTokenizer scanner) {
            this.regex = RegexSplitter.isolated(regex);
            this.scanner = scanner;
        }
    }

    @ParameterizedTest
    @EnumSource
    void equalOnRandomText(Pattern pattern) {
        Random random = new Random(42);
        for (int round = 0; round < 20_000; round++) {
            check(pattern, randomText(random, pattern));
        }
    }

    @ParameterizedTest
    @EnumSource
    void equalOnTheStringsOfTheOracles(Pattern pattern) {
        for (Oracle line : Oracle.read("llama3.jsonl")) {
            if (pattern != Pattern.TRAILING_SPACES || line.text().indexOf('\n') < 0) {
                check(pattern, line.text());
            }
        }
    }

    private static void check(Pattern pattern, String text) {
        char[] characters = text.toCharArray();
        IntList expected = new IntList();
        pattern.regex.split(characters, 0, characters.length, expected);
        IntList actual = new IntList();
        pattern.scanner.split(characters, 0, characters.length, actual);
        assertThat(actual.toArray())
                .as(() -> pattern + " on "
                        + text.codePoints().mapToObj("%04x"::formatted).toList())
                .isEqualTo(expected.toArray());
    }

    /** Short texts of few kinds of characters meet every alternative; the rest is any assigned character. */
    private static String randomText(Random random, Pattern pattern) {
        int[] frequent = {
            ' ', ' ', '\n', '\r', '\t', '\'', 's', 'T', 'r', 'E', 'l', 'L', 'D', 'v', 'm', '1', '2', '/', '.', '_', 'a',
            'B', 0x17F, 0x85, 0xA0, 0x3000, 0x2028, 0xE9, 0xC9, 0x1C5, 0x2B0, 0x4E2D, 0x301, 0x93F, 0x660, 0x2167, 0xBD,
            0x20AC, 0x1F680, 0x10400, 0x10428, 0x1D7D8, 0xE0100, 0x200D, 0xFFFD
        };
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(24);
        while (text.length() < length) {
            int codePoint = frequent[random.nextInt(frequent.length)];
            if (random.nextInt(8) == 0) {
                codePoint = random.nextInt(0x20000);
            }
            int kind = UnicodeClasses.of(codePoint);
            boolean surrogate = codePoint >= 0xD800 && codePoint < 0xE000;
            // A newer JDK may assign what Unicode 16.0 does not, and $ also means "before a line feed at the end"
            // there.
            boolean newline = pattern == Pattern.TRAILING_SPACES && codePoint == '\n';
            // \w and with it \b also knows letter-like symbols and numbers.
            boolean wordSymbol = pattern == Pattern.THOUSANDS
                    && (kind == UnicodeClasses.SYMBOL || kind == UnicodeClasses.OTHER_NUMBER);
            boolean joiner =
                    pattern == Pattern.THOUSANDS && (codePoint == 0x200D || kind == UnicodeClasses.PUNCTUATION);
            if (kind != UnicodeClasses.UNASSIGNED && !surrogate && !newline && !wordSymbol && !joiner) {
                text.appendCodePoint(codePoint);
            }
        }
        return text.toString();
    }
}
