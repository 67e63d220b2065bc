package dev.glasshouse.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;

/** Numbers to text and back, digit for digit as Python does it. */
final class Numbers {
    private static final int MOST_DIGITS = 1000;

    private Numbers() {}

    private static void check(int precision) {
        if (precision > MOST_DIGITS) {
            throw new JinjaException("precision too big: " + precision);
        }
    }

    /** The magnitude by one of the presentation types e, f, g and their capitals; the sign is the caller's. */
    static String format(double number, char type, int precision, boolean alternate) {
        check(precision);
        double size = Math.abs(number);
        String text;
        if (Double.isNaN(size)) {
            text = "nan";
        } else if (Double.isInfinite(size)) {
            text = "inf";
        } else {
            text = switch (Character.toLowerCase(type)) {
                case 'f' ->
                    point(
                            new BigDecimal(size)
                                    .setScale(precision, RoundingMode.HALF_EVEN)
                                    .toPlainString(),
                            alternate && precision == 0);
                case 'e' -> scientific(size, precision, alternate);
                default -> general(size, Math.max(1, precision), alternate);
            };
        }
        return Character.isUpperCase(type) ? text.toUpperCase(Locale.ROOT) : text;
    }

    private static String point(String digits, boolean add) {
        return add ? digits + "." : digits;
    }

    private static String scientific(double size, int precision, boolean alternate) {
        BigDecimal rounded = new BigDecimal(size).round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
        int exponent = size == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        StringBuilder digits = new StringBuilder(rounded.unscaledValue().toString());
        while (digits.length() < precision + 1) {
            digits.append('0');
        }
        digits.setLength(precision + 1);
        if (precision > 0 || alternate) {
            digits.insert(1, '.');
        }
        return digits + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    private static String general(double size, int precision, boolean alternate) {
        BigDecimal rounded = new BigDecimal(size).round(new MathContext(precision, RoundingMode.HALF_EVEN));
        int exponent = size == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        if (exponent < -4 || exponent >= precision) {
            String text = scientific(size, precision - 1, alternate);
            int e = text.indexOf('e');
            return alternate ? text : withoutZeros(text.substring(0, e)) + text.substring(e);
        }
        String text = rounded.setScale(precision - 1 - exponent, RoundingMode.HALF_EVEN)
                .toPlainString();
        return alternate ? point(text, text.indexOf('.') < 0) : withoutZeros(text);
    }

    private static String withoutZeros(String digits) {
        if (digits.indexOf('.') < 0) {
            return digits;
        }
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return digits.substring(0, digits.charAt(end - 1) == '.' ? end - 1 : end);
    }

    /** {@code int(text, base)}, or empty where the text is no integer. */
    static Optional<BigInteger> parseInteger(String text, int base) {
        String digits = text.substring(
                Math.min(Characters.stripStart(text, 0), Characters.stripEnd(text)), Characters.stripEnd(text));
        boolean negative = digits.startsWith("-");
        if (negative || digits.startsWith("+")) {
            digits = digits.substring(1);
        }
        String lower = digits.toLowerCase(Locale.ROOT);
        int radix = base;
        int prefix = lower.startsWith("0x") ? 16 : lower.startsWith("0o") ? 8 : lower.startsWith("0b") ? 2 : 0;
        if (prefix != 0 && (base == prefix || base == 0)) {
            radix = prefix;
            digits = digits.substring(digits.startsWith("_", 2) ? 3 : 2);
        } else if (base == 0) {
            radix = 10;
        }
        if (radix < 2 || radix > 36 || digits.isEmpty() || digits.length() > 2000) {
            return Optional.empty();
        }
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            boolean between = i > 0 && i < digits.length() - 1 && digits.charAt(i - 1) != '_';
            if (c == '_' ? !between : Character.digit(c, radix) < 0) {
                return Optional.empty();
            }
        }
        BigInteger number = new BigInteger(digits.replace("_", ""), radix);
        return Optional.of(negative ? number.negate() : number);
    }

    /** {@code float(text)}, or empty where the text is no number. */
    static Optional<Double> parseReal(String text) {
        int end = Characters.stripEnd(text);
        String digits = text.substring(Math.min(Characters.stripStart(text, 0), end), end);
        String lower = digits.toLowerCase(Locale.ROOT);
        String unsigned = lower.startsWith("-") || lower.startsWith("+") ? lower.substring(1) : lower;
        int sign = lower.startsWith("-") ? -1 : 1;
        if (unsigned.equals("inf") || unsigned.equals("infinity")) {
            return Optional.of(sign * Double.POSITIVE_INFINITY);
        }
        if (unsigned.equals("nan")) {
            return Optional.of(Double.NaN);
        }
        boolean digit = false;
        for (int i = 0; i < unsigned.length(); i++) {
            char c = unsigned.charAt(i);
            boolean isDigit = c >= '0' && c <= '9';
            digit |= isDigit;
            boolean between = i > 0
                    && i < unsigned.length() - 1
                    && Character.isDigit(unsigned.charAt(i - 1))
                    && Character.isDigit(unsigned.charAt(i + 1));
            if (!isDigit && ".e+-".indexOf(c) < 0 && !(c == '_' && between)) {
                return Optional.empty();
            }
        }
        if (!digit || unsigned.length() > 2000) {
            return Optional.empty();
        }
        try {
            return Optional.of(sign * Double.parseDouble(unsigned.replace("_", "")));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
