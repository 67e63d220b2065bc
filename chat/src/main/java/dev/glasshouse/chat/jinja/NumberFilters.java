package dev.glasshouse.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;

/** Filters that make numbers. */
final class NumberFilters {
    private NumberFilters() {}

    static void addTo(Map<String, Filters.Filter> filters) {
        filters.put("int", NumberFilters::integer);
        filters.put("float", NumberFilters::real);
        filters.put("abs", (in, value, args) -> {
            args.bind("abs");
            if (value instanceof Value.Real number) {
                return new Value.Real(Math.abs(number.number()));
            }
            Operators.undefinedFails(value);
            return new Value.Int(Operators.integer(value)
                    .orElseThrow(
                            () -> new JinjaException("bad operand type for abs(): '" + Operators.typeName(value) + "'"))
                    .abs());
        });
        filters.put("round", NumberFilters::round);
        filters.put("filesizeformat", NumberFilters::fileSize);
    }

    private static Value integer(Interpreter in, Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("int", "default", "base");
        Operators.undefinedFails(value);
        Value otherwise = bound.find(0).orElse(Value.Int.of(0));
        Optional<BigInteger> whole = Operators.integer(value);
        if (whole.isPresent()) {
            return new Value.Int(whole.get());
        }
        if (value instanceof Value.Real real) {
            if (Double.isInfinite(real.number())) {
                throw new JinjaException("cannot convert float infinity to integer");
            }
            return Double.isNaN(real.number()) ? otherwise : truncated(real.number());
        }
        if (value instanceof Text text) {
            in.budget().work(text.units());
            Optional<BigInteger> parsed = Numbers.parseInteger(text.value(), bound.integer(1, 10));
            if (parsed.isPresent()) {
                return new Value.Int(parsed.get());
            }
            return Numbers.parseReal(text.value())
                    .filter(Double::isFinite)
                    .map(NumberFilters::truncated)
                    .orElse(otherwise);
        }
        return otherwise;
    }

    private static Value truncated(double number) {
        return new Value.Int(new BigDecimal(number).toBigInteger());
    }

    private static Value real(Interpreter in, Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("float", "default");
        Operators.undefinedFails(value);
        Value otherwise = bound.find(0).orElse(new Value.Real(0));
        if (Operators.isNumber(value)) {
            return new Value.Real(Operators.real(value));
        }
        if (value instanceof Text text) {
            in.budget().work(text.units());
            return Numbers.parseReal(text.value())
                    .map(number -> (Value) new Value.Real(number))
                    .orElse(otherwise);
        }
        return otherwise;
    }

    private static Value round(Interpreter in, Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("round", "precision", "method");
        int precision = bound.integer(0, 0);
        String method = bound.has(1) ? bound.text(1).value() : "common";
        Operators.undefinedFails(value);
        if (Math.abs(precision) > 400) {
            throw new JinjaException("round: the precision " + precision + " is too large");
        }
        if (!Operators.isNumber(value)) {
            throw new JinjaException("type " + Operators.typeName(value) + " doesn't define __round__ method");
        }
        return switch (method) {
            case "common" -> rounded(value, precision);
            case "ceil", "floor" -> {
                Value scale = Operators.arithmetic(in, "**", Value.Int.of(10), Value.Int.of(precision));
                double scaled = Operators.real(Operators.arithmetic(in, "*", value, scale));
                if (!Double.isFinite(scaled)) {
                    throw new JinjaException("cannot convert float infinity or NaN to integer");
                }
                double whole = method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled);
                yield Operators.arithmetic(in, "/", new Value.Real(whole), scale);
            }
            default -> throw new JinjaException("method must be common, ceil or floor");
        };
    }

    private static Value rounded(Value value, int precision) {
        Optional<BigInteger> whole = Operators.integer(value);
        if (whole.isPresent()) {
            return new Value.Int(new BigDecimal(whole.get())
                    .setScale(Math.min(0, precision), RoundingMode.HALF_EVEN)
                    .toBigInteger());
        }
        double number = Operators.real(value);
        if (!Double.isFinite(number)) {
            return value;
        }
        return new Value.Real(new BigDecimal(number)
                .setScale(precision, RoundingMode.HALF_EVEN)
                .doubleValue());
    }

    private static Value fileSize(Interpreter in, Value value, Arguments arguments) {
        boolean binary = arguments.bind("filesizeformat", "binary").flag(0, false);
        double bytes = Operators.real(real(in, value, Arguments.NONE));
        double base = binary ? 1024 : 1000;
        if (bytes == 1) {
            return Text.of("1 Byte");
        }
        if (bytes < base) {
            return Text.of((long) bytes + " Bytes");
        }
        String prefixes = "kMGTPEZY";
        double unit = base;
        int prefix = 0;
        while (prefix < prefixes.length() - 1 && bytes >= unit * base) {
            unit *= base;
            prefix++;
        }
        String name = binary ? Character.toUpperCase(prefixes.charAt(prefix)) + "iB" : prefixes.charAt(prefix) + "B";
        return Text.of(Numbers.format(bytes / unit, 'f', 1, false) + " " + name);
    }
}
