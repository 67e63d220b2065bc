package dev.glasshouse.chat.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a template into tokens by the rules of Jinja2 3.1 with {@code trim_blocks} and {@code lstrip_blocks}: a newline
 * after a block or comment tag is dropped, white space before one on its own line too; {@code -} beside a tag strips all
 * white space on its side, {@code +} keeps it; one newline at the end of the template is dropped.
 */
final class Lexer {
    private static final int LONGEST = 4 << 20;
    private static final List<String> OPERATORS = List.of(
            "**", "//", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<",
            "=", ".", ":", "|", ",", ";");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private final Deque<Character> open = new ArrayDeque<>();
    private int at;
    private int line = 1;
    private boolean lineStarting = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        if (template.length() > LONGEST) {
            throw new JinjaException("the template is longer than " + LONGEST + " characters").at(1);
        }
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        if (source.endsWith("\n")) {
            source = source.substring(0, source.length() - 1);
        }
        return new Lexer(source).all();
    }

    private List<Token> all() {
        while (at < source.length()) {
            int tag = nextTag();
            if (tag < 0) {
                data(source.substring(at));
                at = source.length();
                break;
            }
            char kind = source.charAt(tag + 1);
            int bodyStart = tag + 2;
            char sign = bodyStart < source.length() ? source.charAt(bodyStart) : ' ';
            if (sign == '-' || sign == '+') {
                bodyStart++;
            }
            String text = source.substring(at, tag);
            int textLines = newlines(text);
            data(stripped(text, sign, kind != '{', lineStarting));
            line += textLines;
            switch (kind) {
                case '#' -> comment(bodyStart);
                case '%' -> {
                    int raw = rawBegin(bodyStart);
                    if (raw >= 0) {
                        line += newlines(source.substring(tag, raw));
                        raw(raw);
                    } else {
                        add(Token.Kind.BLOCK_BEGIN, "");
                        at = bodyStart;
                        tag(Token.Kind.BLOCK_END);
                    }
                }
                default -> {
                    add(Token.Kind.VARIABLE_BEGIN, "");
                    at = bodyStart;
                    tag(Token.Kind.VARIABLE_END);
                }
            }
        }
        add(Token.Kind.END, "");
        return tokens;
    }

    private int nextTag() {
        int from = at;
        while (true) {
            int brace = source.indexOf('{', from);
            if (brace < 0 || brace + 1 >= source.length()) {
                return -1;
            }
            char next = source.charAt(brace + 1);
            if (next == '{' || next == '%' || next == '#') {
                return brace;
            }
            from = brace + 1;
        }
    }

    private String stripped(String text, char sign, boolean block, boolean startsLine) {
        if (sign == '-') {
            return text.substring(0, Characters.stripEnd(text));
        }
        if (sign != '+' && block) {
            int lineStart = text.lastIndexOf('\n') + 1;
            if ((lineStart > 0 || startsLine)
                    && lineStart < text.length()
                    && Characters.stripStart(text, lineStart) == text.length()) {
                return text.substring(0, lineStart);
            }
        }
        return text;
    }

    private void data(String text) {
        if (!text.isEmpty()) {
            add(Token.Kind.DATA, text);
        }
    }

    private void add(Token.Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }

    private JinjaException failure(String reason) {
        return new JinjaException(reason).at(line);
    }

    /** Moves behind a closing tag and, after {@code -}, behind the white space that follows. */
    private void moveTo(int end, boolean strip, boolean trim) {
        int next = end;
        if (strip) {
            next = Characters.stripStart(source, end);
        } else if (trim && next < source.length() && source.charAt(next) == '\n') {
            next++;
        }
        line += newlines(source.substring(at, next));
        at = next;
        lineStarting = source.charAt(next - 1) == '\n';
    }

    private void comment(int body) {
        int end = source.indexOf("#}", body);
        if (end < 0) {
            throw failure("the comment has no end");
        }
        boolean strip = end > body && source.charAt(end - 1) == '-';
        boolean keep = end > body && source.charAt(end - 1) == '+';
        line += newlines(source.substring(body, end));
        at = end;
        moveTo(end + 2, strip, !keep);
    }

    /** The position behind <code>{% raw %}</code>, or -1 if the tag is another. */
    private int rawBegin(int body) {
        int word = Characters.stripStart(source, body);
        if (!source.startsWith("raw", word)) {
            return -1;
        }
        int end = Characters.stripStart(source, word + 3);
        if (source.startsWith("-%}", end)) {
            return Characters.stripStart(source, end + 3);
        }
        return source.startsWith("%}", end) ? end + 2 : -1;
    }

    private void raw(int body) {
        for (int tag = source.indexOf("{%", body); tag >= 0; tag = source.indexOf("{%", tag + 1)) {
            int word = tag + 2;
            char sign = word < source.length() ? source.charAt(word) : ' ';
            if (sign == '-' || sign == '+') {
                word++;
            }
            word = Characters.stripStart(source, word);
            if (!source.startsWith("endraw", word)) {
                continue;
            }
            int end = Characters.stripStart(source, word + 6);
            boolean strip = source.startsWith("-%}", end);
            boolean keep = source.startsWith("+%}", end);
            if (!strip && !keep && !source.startsWith("%}", end)) {
                continue;
            }
            String text = source.substring(body, tag);
            boolean startsLine = source.charAt(body - 1) == '\n';
            data(stripped(text, sign, true, startsLine));
            line += newlines(source.substring(body, end));
            at = end;
            moveTo(end + (strip || keep ? 3 : 2), strip, !keep);
            return;
        }
        throw failure("the raw block has no end");
    }

    /** The tokens between the delimiters of one tag. */
    private void tag(Token.Kind endKind) {
        open.clear();
        String end = endKind == Token.Kind.BLOCK_END ? "%}" : "}}";
        while (at < source.length()) {
            char c = source.charAt(at);
            if (open.isEmpty() && closes(end, endKind)) {
                return;
            }
            if (c == '\n') {
                line++;
                at++;
            } else if (Characters.isSpace(c)) {
                at++;
            } else if (digit(c)) {
                number();
            } else if (Characters.isNameStart(source.codePointAt(at))) {
                name();
            } else if (c == '\'' || c == '"') {
                string(c);
            } else {
                operator();
            }
        }
        if (!open.isEmpty()) {
            throw failure("the end of the template comes before the closing '" + open.peek() + "'");
        }
    }

    private boolean closes(String end, Token.Kind kind) {
        boolean strip = source.charAt(at) == '-' && source.startsWith(end, at + 1);
        boolean keep = kind == Token.Kind.BLOCK_END && source.charAt(at) == '+' && source.startsWith(end, at + 1);
        if (!strip && !keep && !source.startsWith(end, at)) {
            return false;
        }
        add(kind, "");
        moveTo(at + (strip || keep ? 3 : 2), strip, kind == Token.Kind.BLOCK_END && !keep);
        return true;
    }

    private void name() {
        int end = at;
        while (end < source.length() && Characters.isNamePart(source.codePointAt(end))) {
            end += Character.charCount(source.codePointAt(end));
        }
        add(Token.Kind.NAME, source.substring(at, end));
        at = end;
    }

    private void number() {
        int end = digits(at, 10);
        boolean real = false;
        if (at == 0 || source.charAt(at - 1) != '.') {
            if (charAt(end) == '.' && digit(charAt(end + 1))) {
                real = true;
                end = digits(end + 1, 10);
            }
            char e = charAt(end);
            if (e == 'e' || e == 'E') {
                int digits = end + 1;
                if (charAt(digits) == '+' || charAt(digits) == '-') {
                    digits++;
                }
                if (digit(charAt(digits))) {
                    real = true;
                    end = digits(digits, 10);
                }
            }
        }
        if (!real && charAt(at) == '0') {
            int radix =
                    switch (charAt(at + 1)) {
                        case 'x', 'X' -> 16;
                        case 'o', 'O' -> 8;
                        case 'b', 'B' -> 2;
                        default -> 0;
                    };
            int start = charAt(at + 2) == '_' ? at + 3 : at + 2;
            if (radix != 0 && Character.digit(ascii(charAt(start)), radix) >= 0) {
                end = digits(start, radix);
            } else {
                // A decimal number does not begin with 0, unless it is 0.
                end = at;
                while (charAt(end) == '0' || (charAt(end) == '_' && charAt(end + 1) == '0')) {
                    end++;
                }
            }
        }
        if (end - at > 2000) {
            throw failure("a number of more than 2000 digits");
        }
        add(
                real ? Token.Kind.REAL : Token.Kind.INTEGER,
                source.substring(at, end).replace("_", ""));
        at = end;
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private static char ascii(char c) {
        return c < 128 ? c : ' ';
    }

    private char charAt(int index) {
        return index < source.length() ? source.charAt(index) : '\0';
    }

    /** The end of a run of digits, single underscores between them allowed. */
    private int digits(int from, int radix) {
        int end = from;
        while (Character.digit(ascii(charAt(end)), radix) >= 0
                || (charAt(end) == '_' && end > from && Character.digit(ascii(charAt(end + 1)), radix) >= 0)) {
            end++;
        }
        return end;
    }

    private void operator() {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                switch (operator) {
                    case "(" -> open.push(')');
                    case "[" -> open.push(']');
                    case "{" -> open.push('}');
                    case ")", "]", "}" -> {
                        if (open.isEmpty()) {
                            throw failure("unexpected '" + operator + "'");
                        }
                        char expected = open.pop();
                        if (expected != operator.charAt(0)) {
                            throw failure("unexpected '" + operator + "', expected '" + expected + "'");
                        }
                    }
                    default -> {}
                }
                add(Token.Kind.OPERATOR, operator);
                at += operator.length();
                return;
            }
        }
        throw failure("unexpected character '" + Character.toString(source.codePointAt(at)) + "'");
    }

    private void string(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw failure("the string has no end");
        }
        String body = source.substring(at + 1, end);
        add(Token.Kind.STRING, body.indexOf('\\') < 0 ? body : unescaped(body));
        line += newlines(body);
        at = end + 1;
    }

    private String unescaped(String body) {
        StringBuilder text = new StringBuilder(body.length());
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = body.charAt(++i);
            switch (escape) {
                case '\n' -> {}
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'a' -> text.append('\u0007');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'v' -> text.append('\u000b');
                case '\\', '\'', '"' -> text.append(escape);
                case 'x' -> i = hexadecimal(body, i, 2, text);
                case 'u' -> i = hexadecimal(body, i, 4, text);
                case 'U' -> i = hexadecimal(body, i, 8, text);
                case 'N' -> throw failure("characters by name (\\N{…}) are not supported");
                case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                    int value = 0;
                    int stop = Math.min(i + 3, body.length());
                    while (i < stop && body.charAt(i) >= '0' && body.charAt(i) <= '7') {
                        value = 8 * value + body.charAt(i++) - '0';
                    }
                    i--;
                    text.append((char) value);
                }
                default -> text.append('\\').append(escape);
            }
        }
        return text.toString();
    }

    private int hexadecimal(String body, int at, int digits, StringBuilder text) {
        int value = 0;
        for (int i = 1; i <= digits; i++) {
            int digit = at + i < body.length() ? Character.digit(ascii(body.charAt(at + i)), 16) : -1;
            if (digit < 0 || value > 0x10ffff) {
                throw failure("a \\" + body.charAt(at) + " escape needs " + digits + " hexadecimal digits");
            }
            value = 16 * value + digit;
        }
        if (value > 0x10ffff || value < 0) {
            throw failure("illegal Unicode character in an escape");
        }
        text.appendCodePoint(value);
        return at + digits;
    }

    private static int newlines(String text) {
        int count = 0;
        for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
            count++;
        }
        return count;
    }
}
