package dev.glasshouse.weights;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How JSON is written: the parameters of Python's {@code json.dumps}, whose output it equals to the character for the
 * same values (chat templates' {@code tojson} asks for that).
 *
 * @param indent text repeated once a level on a new line, or empty for one line
 * @param itemSeparator between elements and between members
 * @param keySeparator between a key and its value
 * @param sortKeys members in the order of their keys' code points
 * @param asciiOnly everything beyond ASCII as {@code \}{@code u} escapes
 */
public record JsonStyle(
        Optional<String> indent, String itemSeparator, String keySeparator, boolean sortKeys, boolean asciiOnly) {

    /** One line, no spaces. */
    public static final JsonStyle COMPACT = new JsonStyle(Optional.empty(), ",", ":", false, false);
    /** Two spaces a level. */
    public static final JsonStyle PRETTY = new JsonStyle(Optional.of("  "), ",", ": ", false, false);
    /** Python's default separators, {@code ensure_ascii=False}. */
    public static final JsonStyle PYTHON = new JsonStyle(Optional.empty(), ", ", ": ", false, false);

    /** Appends a value to a text. */
    public void append(StringBuilder out, Json value) {
        append(out, value, 0);
    }

    private void append(StringBuilder out, Json value, int level) {
        switch (value) {
            case Json.ObjectValue object -> {
                out.append('{');
                boolean first = true;
                for (Map.Entry<String, Json> member :
                        (sortKeys ? sorted(object.members()) : object.members()).entrySet()) {
                    item(out, first, level + 1);
                    first = false;
                    string(out, member.getKey());
                    out.append(keySeparator);
                    append(out, member.getValue(), level + 1);
                }
                close(out, first, level, '}');
            }
            case Json.ArrayValue array -> {
                out.append('[');
                boolean first = true;
                for (Json element : array.elements()) {
                    item(out, first, level + 1);
                    first = false;
                    append(out, element, level + 1);
                }
                close(out, first, level, ']');
            }
            case Json.StringValue string -> string(out, string.text());
            case Json.NumberValue number -> out.append(number.text());
            case Json.BooleanValue bool -> out.append(bool.truth());
            case Json.NullValue none -> out.append("null");
        }
    }

    private static Map<String, Json> sorted(Map<String, Json> members) {
        TreeMap<String, Json> sorted = new TreeMap<>((a, b) ->
                Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray()));
        sorted.putAll(members);
        return sorted;
    }

    private void item(StringBuilder out, boolean first, int level) {
        if (!first) {
            out.append(itemSeparator);
        }
        newLine(out, level);
    }

    private void close(StringBuilder out, boolean empty, int level, char bracket) {
        if (!empty) {
            newLine(out, level);
        }
        out.append(bracket);
    }

    private void newLine(StringBuilder out, int level) {
        if (indent.isPresent()) {
            out.append('\n').repeat(indent.get(), level);
        }
    }

    private void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || (asciiOnly && c > '~')) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /**
     * The shortest decimal that reads back as {@code number}, in Python's layout: an exponent below 1e-4 and from 1e16
     * on, else at least one digit after the point.
     */
    static String shortest(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("JSON has no number " + number);
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        if (decimal.precision() == 2) { // Java shows two digits at least, even where one reads back the same
            BigDecimal one = decimal.round(new MathContext(1));
            decimal = one.doubleValue() == number ? one : decimal;
        }
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            return decimal.scale() < 1 ? decimal.setScale(1).toPlainString() : decimal.toPlainString();
        }
        String digits = decimal.unscaledValue().abs().toString();
        return (number < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
}
