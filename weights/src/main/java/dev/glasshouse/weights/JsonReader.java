package dev.glasshouse.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A recursive-descent reader of RFC 8259 over one string; {@link Json.Limits} bounds its stack. */
final class JsonReader {
    private final String text;
    private final Json.Limits limits;
    private int position;
    private int depth;

    JsonReader(String text, Json.Limits limits) {
        this.text = text;
        this.limits = limits;
        if (text.length() > limits.characters()) {
            throw new GlassException("The JSON text of " + text.length() + " characters is longer than the "
                    + limits.characters() + " allowed.");
        }
    }

    Json readAll() {
        Json value = readValue();
        if (peek() != -1) {
            throw error("there is more text after the end of the value");
        }
        return value;
    }

    static boolean isNumber(String text) {
        return !text.isEmpty() && endOfNumber(text, 0) == text.length();
    }

    private Json readValue() {
        return switch (peek()) {
            case '{' -> readObject();
            case '[' -> readArray();
            case '"' -> new Json.StringValue(readString());
            case 't' -> word("true", new Json.BooleanValue(true));
            case 'f' -> word("false", new Json.BooleanValue(false));
            case 'n' -> word("null", new Json.NullValue());
            case -1 -> throw error("the text ends where a value should be");
            default -> readNumber();
        };
    }

    private Json readObject() {
        enter();
        Map<String, Json> members = new LinkedHashMap<>();
        if (peek() == '}') {
            position++;
        } else {
            do {
                if (peek() != '"') {
                    throw error("a key in double quotes should be here");
                }
                int start = position;
                String key = readString();
                if (peek() != ':') {
                    throw error("a colon should follow the key");
                }
                position++;
                if (members.put(key, readValue()) != null) {
                    position = start;
                    throw error("the key \"" + key + "\" stands twice in one object");
                }
            } while (more('}'));
        }
        depth--;
        return new Json.ObjectValue(members);
    }

    private Json readArray() {
        enter();
        List<Json> elements = new ArrayList<>();
        if (peek() == ']') {
            position++;
        } else {
            do {
                elements.add(readValue());
            } while (more(']'));
        }
        depth--;
        return new Json.ArrayValue(elements);
    }

    private void enter() {
        if (++depth > limits.depth()) {
            throw error("the nesting is deeper than the " + limits.depth() + " levels allowed");
        }
        position++;
    }

    /** Steps over a comma (true) or the closing bracket (false). */
    private boolean more(char close) {
        int next = peek();
        if (next != ',' && next != close) {
            throw error("a comma or '" + close + "' should be here");
        }
        position++;
        return next == ',';
    }

    private Json word(String word, Json value) {
        if (!text.startsWith(word, position)) {
            throw error("this is not a JSON value");
        }
        position += word.length();
        return value;
    }

    private Json readNumber() {
        int end = endOfNumber(text, position);
        if (end < 0) {
            throw error("this is not a JSON value");
        }
        Json number = new Json.NumberValue(text.substring(position, end));
        position = end;
        return number;
    }

    /** The index after the number that starts at {@code start}, or -1. */
    private static int endOfNumber(String text, int start) {
        int at = start;
        if (at < text.length() && text.charAt(at) == '-') {
            at++;
        }
        int whole = digits(text, at);
        if (whole == at || (text.charAt(at) == '0' && whole > at + 1)) {
            return -1;
        }
        at = whole;
        if (at < text.length() && text.charAt(at) == '.') {
            int fraction = digits(text, at + 1);
            if (fraction == at + 1) {
                return -1;
            }
            at = fraction;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            int digits = at + 1;
            if (digits < text.length() && (text.charAt(digits) == '+' || text.charAt(digits) == '-')) {
                digits++;
            }
            at = digits(text, digits);
            if (at == digits) {
                return -1;
            }
        }
        return at;
    }

    private static int digits(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private String readString() {
        int start = ++position;
        while (position < text.length()) {
            char c = text.charAt(position);
            if (c == '"') {
                return text.substring(start, position++);
            }
            if (c == '\\' || c < ' ' || Character.isSurrogate(c)) {
                return readHardString(start);
            }
            position++;
        }
        throw error("the text ends inside a string");
    }

    private String readHardString(int start) {
        StringBuilder out = new StringBuilder(text.substring(start, position));
        while (position < text.length()) {
            char c = text.charAt(position);
            if (c == '"') {
                checkSurrogates(out);
                position++;
                return out.toString();
            }
            if (c < ' ') {
                throw error("a control character stands unescaped in a string");
            }
            position++;
            out.append(c == '\\' ? escape() : c);
        }
        throw error("the text ends inside a string");
    }

    private char escape() {
        char c = position < text.length() ? text.charAt(position++) : ' ';
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int unit = 0;
                for (int i = 0; i < 4; i++) {
                    char hex = position < text.length() ? text.charAt(position) : ' ';
                    int digit = hex < 128 ? Character.digit(hex, 16) : -1;
                    if (digit < 0) {
                        throw error("\\u should be followed by four hexadecimal digits");
                    }
                    unit = unit << 4 | digit;
                    position++;
                }
                yield (char) unit;
            }
            default -> {
                position--;
                throw error("this is not an escape that JSON knows");
            }
        };
    }

    private void checkSurrogates(CharSequence string) {
        for (int i = 0; i < string.length(); i++) {
            if (Character.isSurrogate(string.charAt(i))) {
                if (i + 1 == string.length() || !Character.isSurrogatePair(string.charAt(i), string.charAt(i + 1))) {
                    throw error("the string holds half a surrogate pair, which is no character");
                }
                i++;
            }
        }
    }

    /** The next character that is not white space, or -1 at the end. */
    private int peek() {
        while (position < text.length()) {
            char c = text.charAt(position);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return c;
            }
            position++;
        }
        return -1;
    }

    private GlassException error(String what) {
        int line = 1;
        int lineStart = 0;
        int end = Math.min(position, text.length());
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new GlassException(
                String.format(Locale.ROOT, "JSON error at line %d, column %d: %s.", line, end - lineStart + 1, what));
    }
}
