package dev.glasshouse.chat.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** The {@code %} operator on strings. */
final class PercentFormat {
    private final Interpreter in;
    private final Text format;
    private final Value values;
    private final Optional<List<Value>> tuple;
    private int used;
    private int at;

    private PercentFormat(Interpreter in, Text format, Value values) {
        this.in = in;
        this.format = format;
        this.values = values;
        tuple = values instanceof Value.Items items && items.tuple() ? Optional.of(items.elements()) : Optional.empty();
    }

    static Text apply(Interpreter in, Text format, Value values) {
        return new PercentFormat(in, format, values).run().withMarkup(format.markup());
    }

    private Text run() {
        TextBuilder out = new TextBuilder(in.budget());
        String text = format.value();
        while (at < text.length()) {
            int percent = text.indexOf('%', at);
            if (percent < 0) {
                break;
            }
            out.append(format, at, percent);
            at = percent + 1;
            directive(out, text);
        }
        out.append(format, at, text.length());
        int given = tuple.map(List::size).orElse(1);
        boolean mapping = values instanceof Value.Dict || values instanceof Value.Items && tuple.isEmpty();
        if (used < given && !mapping) {
            throw new JinjaException("not all arguments converted during string formatting");
        }
        return out.build();
    }

    private char current(String text) {
        if (at >= text.length()) {
            throw new JinjaException("incomplete format");
        }
        return text.charAt(at);
    }

    private Value next() {
        if (tuple.isPresent() ? used >= tuple.get().size() : used > 0) {
            throw new JinjaException("not enough arguments for format string");
        }
        used++;
        return tuple.isPresent() ? tuple.get().get(used - 1) : values;
    }

    private void directive(TextBuilder out, String text) {
        Optional<Value> named = Optional.empty();
        if (current(text) == '(') {
            int close = text.indexOf(')', at);
            if (close < 0) {
                throw new JinjaException("incomplete format key");
            }
            if (!(values instanceof Value.Dict dict)) {
                throw new JinjaException("format requires a mapping");
            }
            String key = text.substring(at + 1, close);
            named = dict.get(key);
            if (named.isEmpty()) {
                throw new JinjaException("KeyError: '" + key + "'");
            }
            at = close + 1;
        }
        boolean left = false;
        boolean zero = false;
        boolean alternate = false;
        char sign = '-';
        while ("#0- +".indexOf(current(text)) >= 0) {
            char flag = text.charAt(at++);
            left |= flag == '-';
            zero |= flag == '0';
            alternate |= flag == '#';
            if (flag == '+' || flag == ' ' && sign != '+') {
                sign = flag;
            }
        }
        int width = size(text, 0);
        if (width < 0) {
            left = true;
            width = -width;
        }
        int precision = -1;
        if (current(text) == '.') {
            at++;
            precision = Math.max(0, size(text, 0));
        }
        while ("hlL".indexOf(current(text)) >= 0) {
            at++;
        }
        char type = text.charAt(at++);
        if (type == '%') {
            out.append("%");
            return;
        }
        if ("sradiuoxXeEfFgGc".indexOf(type) < 0) {
            throw new JinjaException("unsupported format character '" + type + "'");
        }
        Value value = named.isPresent() ? named.get() : next();
        boolean numeric = "sarc".indexOf(type) < 0;
        char align = left ? '<' : zero && numeric ? '=' : '>';
        Text fill = Text.of(align == '=' ? "0" : " ");
        out.append(show(value, new FormatSpec(fill, align, sign, alternate, width, (char) 0, precision, type)));
    }

    private int size(String text, int none) {
        if (current(text) == '*') {
            at++;
            return Operators.index(next());
        }
        int end = FormatSpec.digits(text, at);
        int number = FormatSpec.number(text, at, end, none);
        at = end;
        return number;
    }

    private Text show(Value value, FormatSpec spec) {
        return switch (spec.type()) {
            case 's' -> {
                Text text = Representation.text(in, value);
                yield spec.string(in, format.markup() ? Escaping.escape(in, text) : text);
            }
            case 'r', 'a' -> spec.string(in, Representation.repr(in, value));
            case 'c' -> {
                if (value instanceof Text text && text.length() == 1) {
                    yield spec.string(in, text);
                }
                BigInteger code = Operators.integer(value)
                        .orElseThrow(() -> new JinjaException("the format c requires int or char"));
                yield spec.string(in, Text.of(FormatSpec.character(code)));
            }
            case 'd', 'i', 'u', 'o', 'x', 'X' -> integer(value, spec);
            default -> {
                Operators.undefinedFails(value);
                yield spec.real(in, Operators.real(value));
            }
        };
    }

    private Text integer(Value value, FormatSpec spec) {
        Operators.undefinedFails(value);
        boolean decimal = "diu".indexOf(spec.type()) >= 0;
        Optional<BigInteger> number = Operators.integer(value);
        if (number.isEmpty() && decimal && value instanceof Value.Real real && Double.isFinite(real.number())) {
            number = Optional.of(new java.math.BigDecimal(real.number()).toBigInteger());
        }
        BigInteger whole = number.orElseThrow(() -> new JinjaException("%" + spec.type() + " format: "
                + (decimal ? "a real number" : "an integer") + " is required, not " + Operators.typeName(value)));
        char type = decimal ? 'd' : spec.type();
        FormatSpec plain = new FormatSpec(
                spec.fill(), spec.align(), spec.sign(), spec.alternate(), spec.width(), (char) 0, -1, type);
        return plain.integer(in, whole);
    }
}
