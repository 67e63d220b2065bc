package dev.glasshouse.chat.jinja;

import java.math.BigInteger;
import java.util.Locale;

/**
 * How one value is shown: the union of what {@code %5.2f} and {@code {:>5.2f}} can ask for.
 *
 * @param align one of {@code < > = ^}, or 0 for the type's own
 * @param sign {@code +}, space or {@code -}
 * @param grouping {@code ,} or {@code _} between thousands, or 0
 * @param precision digits, or negative where none is given
 * @param type presentation type, or 0
 */
record FormatSpec(
        Text fill, char align, char sign, boolean alternate, int width, char grouping, int precision, char type) {

    /** Reads {@code [[fill]align][sign][#][0][width][grouping][.precision][type]}. */
    static FormatSpec parse(Interpreter in, Text spec) {
        String text = spec.value();
        int at = 0;
        Text fill = Text.of(" ");
        char align = 0;
        int first = text.isEmpty() ? 0 : Character.charCount(text.codePointAt(0));
        if (text.length() > first && "<>=^".indexOf(text.charAt(first)) >= 0) {
            fill = spec.slice(in.budget(), 0, first);
            align = text.charAt(first);
            at = first + 1;
        } else if (!text.isEmpty() && "<>=^".indexOf(text.charAt(0)) >= 0) {
            align = text.charAt(0);
            at = 1;
        }
        char sign = '-';
        if (at < text.length() && "+- ".indexOf(text.charAt(at)) >= 0) {
            sign = text.charAt(at++);
        }
        boolean alternate = at < text.length() && text.charAt(at) == '#';
        at += alternate ? 1 : 0;
        if (at < text.length() && text.charAt(at) == '0') {
            at++;
            if (align == 0) {
                align = '=';
                fill = Text.of("0");
            }
        }
        int end = digits(text, at);
        int width = number(text, at, end, 0);
        at = end;
        char grouping = 0;
        if (at < text.length() && ",_".indexOf(text.charAt(at)) >= 0) {
            grouping = text.charAt(at++);
        }
        int precision = -1;
        if (at < text.length() && text.charAt(at) == '.') {
            end = digits(text, at + 1);
            precision = number(text, at + 1, end, -1);
            if (precision < 0) {
                throw new JinjaException("Format specifier missing precision");
            }
            at = end;
        }
        char type = at < text.length() ? text.charAt(at++) : 0;
        if (at != text.length()) {
            throw new JinjaException("Invalid format specifier '" + text + "'");
        }
        return new FormatSpec(fill, align, sign, alternate, width, grouping, precision, type);
    }

    static int digits(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    static int number(String text, int from, int end, int none) {
        if (from == end) {
            return none;
        }
        if (end - from > 9) {
            throw new JinjaException("Too many decimal digits in format string");
        }
        return Integer.parseInt(text.substring(from, end));
    }

    Text apply(Interpreter in, Value value) {
        if (Operators.isNumber(value) && !(value instanceof Value.Bool && type == 0)) {
            return type == 0 || "eEfFgGn%".indexOf(type) < 0 && !(value instanceof Value.Real)
                    ? value instanceof Value.Real real
                            ? real(in, real.number())
                            : integer(in, Operators.integer(value).orElseThrow())
                    : real(in, Operators.real(value));
        }
        if (type != 0 && type != 's') {
            throw new JinjaException(
                    "Unknown format code '" + type + "' for object of type '" + Operators.typeName(value) + "'");
        }
        if (!(value instanceof Text) && !(value instanceof Value.Bool) && (width != 0 || precision >= 0)) {
            throw new JinjaException(
                    "unsupported format string passed to " + Operators.typeName(value) + ".__format__");
        }
        return string(in, Representation.text(in, value));
    }

    /** Text, cut to the precision and padded, to the right unless otherwise aligned. */
    Text string(Interpreter in, Text text) {
        if (align == '=') {
            throw new JinjaException("'=' alignment not allowed in string format specifier");
        }
        Text cut =
                precision >= 0 && precision < text.length() ? text.slice(in.budget(), 0, text.unitOf(precision)) : text;
        return pad(in, Text.EMPTY, cut, align == 0 ? '<' : align);
    }

    Text integer(Interpreter in, BigInteger number) {
        if (precision >= 0) {
            throw new JinjaException("Precision not allowed in integer format specifier");
        }
        String digits =
                switch (type) {
                    case 0, 'd', 'n', 'i' -> number.abs().toString();
                    case 'b' -> number.abs().toString(2);
                    case 'o' -> number.abs().toString(8);
                    case 'x' -> number.abs().toString(16);
                    case 'X' -> number.abs().toString(16).toUpperCase(Locale.ROOT);
                    case 'c' -> character(number);
                    default -> throw new JinjaException("Unknown format code '" + type + "' for object of type 'int'");
                };
        if (type == 'c') {
            return pad(in, Text.EMPTY, Text.of(digits), align == 0 ? '<' : align);
        }
        String prefix = alternate && type != 0 && "boxX".indexOf(type) >= 0 ? "0" + type : "";
        return number(in, sign(number.signum() < 0) + prefix, digits, "");
    }

    static String character(BigInteger number) {
        if (number.signum() < 0 || number.bitLength() > 21 || number.intValue() > 0x10ffff) {
            throw new JinjaException("a character's code must be below 0x110000");
        }
        return Character.toString(number.intValue());
    }

    Text real(Interpreter in, double number) {
        boolean negative = number < 0 || (number == 0 && 1 / number < 0);
        String digits;
        if (type == '%') {
            digits = Numbers.format(number * 100, 'f', precision < 0 ? 6 : precision, alternate) + "%";
        } else if (type == 0 && precision < 0) {
            digits = Representation.number(Math.abs(number));
        } else if (type == 0) {
            digits = Numbers.format(number, 'g', precision, alternate);
            boolean whole = digits.chars().allMatch(c -> c >= '0' && c <= '9');
            digits = whole ? digits + ".0" : digits;
        } else if ("eEfFgGn".indexOf(type) >= 0) {
            digits = Numbers.format(number, type == 'n' ? 'g' : type, precision < 0 ? 6 : precision, alternate);
        } else {
            throw new JinjaException("Unknown format code '" + type + "' for object of type 'float'");
        }
        int whole = digits(digits, 0);
        return number(in, sign(negative), digits.substring(0, whole), digits.substring(whole));
    }

    private String sign(boolean negative) {
        return negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
    }

    private Text number(Interpreter in, String lead, String whole, String rest) {
        String digits = whole;
        if (grouping != 0 && !whole.isEmpty()) {
            int size = type != 0 && "boxX".indexOf(type) >= 0 ? 4 : 3;
            // Zeros that fill up to the width are grouped, too.
            StringBuilder grouped = new StringBuilder(whole);
            if (align == '=' && fill.value().equals("0")) {
                in.budget().characters(Math.max(0, width));
                while (grouped.length() + (grouped.length() - 1) / size + lead.length() + rest.length() < width) {
                    grouped.insert(0, '0');
                }
            }
            for (int i = grouped.length() - size; i > 0; i -= size) {
                grouped.insert(i, grouping);
            }
            digits = grouped.toString();
        }
        return pad(in, Text.of(lead), Text.of(digits + rest), align == 0 ? '>' : align);
    }

    private Text pad(Interpreter in, Text lead, Text body, char side) {
        long missing = Math.max(0, (long) width - lead.length() - body.length());
        long before =
                switch (side) {
                    case '>' -> missing;
                    case '^' -> missing / 2;
                    default -> 0;
                };
        long between = side == '=' ? missing : 0;
        return new TextBuilder(in.budget())
                .pad(fill, before)
                .append(lead)
                .pad(fill, between)
                .append(body)
                .pad(fill, missing - before - between)
                .build();
    }
}
