package dev.glasshouse.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Truth, equality, order and arithmetic as Python has them. */
final class Operators {
    /** Longest integer, in bits: templates count messages, not atoms. */
    private static final int INTEGER_BITS = 8192;

    private Operators() {}

    static String typeName(Value value) {
        return switch (value) {
            case Text text -> text.markup() ? "Markup" : "str";
            case Value.None ignored -> "NoneType";
            case Value.Bool ignored -> "bool";
            case Value.Int ignored -> "int";
            case Value.Real ignored -> "float";
            case Value.Undefined ignored -> "Undefined";
            case Value.Items items -> items.tuple() ? "tuple" : "list";
            case Value.Group ignored -> "tuple";
            case Value.Dict ignored -> "dict";
            case Value.View view -> view.name();
            case Value.Range ignored -> "range";
            case Value.Cursor ignored -> "generator";
            case Value.Callable ignored -> "function";
            case Value.Namespace ignored -> "Namespace";
            case Value.Slice ignored -> "slice";
            case Value.Host host -> host.typeName().substring(host.typeName().lastIndexOf('.') + 1);
        };
    }

    static boolean truth(Value value) {
        return switch (value) {
            case Value.None ignored -> false;
            case Value.Undefined ignored -> false;
            case Value.Bool bool -> bool.truth();
            case Value.Int integer -> integer.number().signum() != 0;
            case Value.Real real -> real.number() != 0;
            case Text text -> !text.isEmpty();
            case Value.Items items -> !items.elements().isEmpty();
            case Value.Dict dict -> !dict.members().isEmpty();
            case Value.View view -> !view.elements().isEmpty();
            case Value.Range range -> range.size() != 0;
            default -> true;
        };
    }

    /** The value as an integer, booleans included as Python does. */
    static Optional<BigInteger> integer(Value value) {
        return switch (value) {
            case Value.Int integer -> Optional.of(integer.number());
            case Value.Bool bool -> Optional.of(bool.truth() ? BigInteger.ONE : BigInteger.ZERO);
            default -> Optional.empty();
        };
    }

    /** An integer argument, clamped to 32 bits, which changes no answer that could be computed. */
    static int index(Value value) {
        BigInteger number = integer(value)
                .orElseThrow(() ->
                        new JinjaException("'" + typeName(value) + "' object cannot be interpreted as an integer"));
        return clamp(number);
    }

    static int clamp(BigInteger number) {
        return number.bitLength() < 31 ? number.intValue() : number.signum() * Integer.MAX_VALUE;
    }

    static boolean isNumber(Value value) {
        return value instanceof Value.Real || integer(value).isPresent();
    }

    static double real(Value value) {
        return value instanceof Value.Real real
                ? real.number()
                : integer(value)
                        .orElseThrow(() -> new JinjaException("must be a number, not " + typeName(value)))
                        .doubleValue();
    }

    /** What a value is found by in a dict: equal for values that are equal, 1 and 1.0 and true among them. */
    static Object key(Budget budget, Value value) {
        return switch (value) {
            case Text text -> {
                budget.work(1 + text.units() / 16);
                yield text.value();
            }
            case Value.Int integer -> integer.number();
            case Value.Bool ignored -> integer(value).orElseThrow();
            case Value.Real real -> {
                double number = real.number();
                if (number == Math.rint(number) && !Double.isInfinite(number)) {
                    yield new BigDecimal(number).toBigInteger();
                }
                yield number;
            }
            case Value.Group group -> key(budget, group.tuple());
            case Value.Items items -> {
                if (!items.tuple()) {
                    throw unhashable(value);
                }
                List<Object> keys = new ArrayList<>();
                budget.elements(items.elements().size());
                items.elements().forEach(element -> keys.add(key(budget, element)));
                yield keys;
            }
            case Value.Dict ignored -> throw unhashable(value);
            case Value.Undefined ignored -> Value.Undefined.class;
            case Value.None ignored -> Value.NONE;
            default -> new Identity(value);
        };
    }

    private static final class Identity {
        private final Value value;

        Identity(Value value) {
            this.value = value;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Identity identity && same(identity.value, value);
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(value);
        }
    }

    private static JinjaException unhashable(Value value) {
        return new JinjaException("unhashable type: '" + typeName(value) + "'");
    }

    static void put(Budget budget, Value.Dict dict, Value name, Value value) {
        Object key = key(budget, name);
        Value.Member old = dict.members().get(key);
        dict.members().put(key, new Value.Member(old == null ? name : old.key(), value));
    }

    static boolean equal(Budget budget, Value left, Value right) {
        budget.step();
        if (left instanceof Text a && right instanceof Text b) {
            budget.work(Math.min(a.units(), b.units()) / 16);
            return a.value().equals(b.value());
        }
        if (isNumber(left) && isNumber(right)) {
            return order(left, right).filter(sign -> sign == 0).isPresent();
        }
        return switch (left) {
            case Value.Items a ->
                switch (right) {
                    case Value.Items b -> a.tuple() == b.tuple() && equal(budget, a.elements(), b.elements());
                    case Value.Group b -> equal(budget, a, b.tuple());
                    default -> false;
                };
            case Value.Group a -> equal(budget, a.tuple(), right);
            case Value.Dict a -> right instanceof Value.Dict b && equal(budget, a, b);
            case Value.Range a ->
                right instanceof Value.Range b
                        && a.size() == b.size()
                        && (a.size() == 0
                                || (a.start().equals(b.start())
                                        && (a.size() == 1 || a.step().equals(b.step()))));
            case Value.Undefined ignored -> right instanceof Value.Undefined;
            case Value.None ignored -> right instanceof Value.None;
            default -> same(left, right);
        };
    }

    private static boolean equal(Budget budget, Value.Dict left, Value.Dict right) {
        if (left.members().size() != right.members().size()) {
            return false;
        }
        for (var entry : left.members().entrySet()) {
            Value.Member other = right.members().get(entry.getKey());
            if (other == null || !equal(budget, entry.getValue().value(), other.value())) {
                return false;
            }
        }
        return true;
    }

    private static boolean equal(Budget budget, List<Value> left, List<Value> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!equal(budget, left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The sign of {@code left − right}, or empty where one is not a number. */
    private static Optional<Integer> order(Value left, Value right) {
        if (left instanceof Value.Real || right instanceof Value.Real) {
            double a = left instanceof Value.Real real ? real.number() : 0;
            double b = right instanceof Value.Real real ? real.number() : 0;
            if (Double.isNaN(a) || Double.isNaN(b)) {
                return Optional.empty();
            }
            if (Double.isInfinite(a) || Double.isInfinite(b)) {
                return Optional.of(Double.compare(Double.isInfinite(a) ? a : 0, Double.isInfinite(b) ? b : 0));
            }
            return Optional.of(decimal(left).compareTo(decimal(right)));
        }
        return Optional.of(integer(left).orElseThrow().compareTo(integer(right).orElseThrow()));
    }

    private static BigDecimal decimal(Value value) {
        return value instanceof Value.Real real
                ? new BigDecimal(real.number())
                : new BigDecimal(integer(value).orElseThrow());
    }

    static boolean compare(Interpreter interpreter, String operator, Value left, Value right) {
        Budget budget = interpreter.budget();
        return switch (operator) {
            case "==" -> equal(budget, left, right);
            case "!=" -> !equal(budget, left, right);
            case "in" -> contains(interpreter, right, left);
            case "not in" -> !contains(interpreter, right, left);
            default -> {
                Optional<Integer> sign = order(budget, operator, left, right);
                yield sign.isPresent()
                        && switch (operator) {
                            case "<" -> sign.get() < 0;
                            case "<=" -> sign.get() <= 0;
                            case ">" -> sign.get() > 0;
                            default -> sign.get() >= 0;
                        };
            }
        };
    }

    /** The sign of the difference; empty for NaN. */
    static Optional<Integer> order(Budget budget, String operator, Value left, Value right) {
        budget.step();
        if (left instanceof Text a && right instanceof Text b) {
            budget.work(Math.min(a.units(), b.units()) / 16);
            return Optional.of(compareCodePoints(a.value(), b.value()));
        }
        if (isNumber(left) && isNumber(right)) {
            return order(left, right);
        }
        if (left instanceof Value.Group group) {
            return order(budget, operator, group.tuple(), right);
        }
        if (right instanceof Value.Group group) {
            return order(budget, operator, left, group.tuple());
        }
        if (left instanceof Value.Items a && right instanceof Value.Items b && a.tuple() == b.tuple()) {
            int common = Math.min(a.elements().size(), b.elements().size());
            for (int i = 0; i < common; i++) {
                if (!equal(budget, a.elements().get(i), b.elements().get(i))) {
                    return order(
                            budget, operator, a.elements().get(i), b.elements().get(i));
                }
            }
            return Optional.of(Integer.compare(a.elements().size(), b.elements().size()));
        }
        undefinedFails(left);
        undefinedFails(right);
        throw new JinjaException("'" + operator + "' not supported between instances of '" + typeName(left) + "' and '"
                + typeName(right) + "'");
    }

    static int compareCodePoints(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // A surrogate stands for a code point above all of the basic plane.
                boolean high = Character.isSurrogate(x);
                return high == Character.isSurrogate(y) ? Character.compare(x, y) : high ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    static boolean contains(Interpreter interpreter, Value container, Value value) {
        Budget budget = interpreter.budget();
        switch (container) {
            case Text text -> {
                if (value instanceof Text part) {
                    return Search.find(budget, text.value(), part.value(), 0) >= 0;
                }
                throw new JinjaException("'in <string>' requires string as left operand, not " + typeName(value));
            }
            case Value.Dict dict -> {
                return dict.members().containsKey(key(budget, value));
            }
            case Value.Items ignored -> {}
            case Value.Group ignored -> {}
            case Value.View ignored -> {}
            case Value.Range ignored -> {}
            case Value.Cursor ignored -> {}
            case Value.Undefined ignored -> {}
            default -> throw new JinjaException("argument of type '" + typeName(container) + "' is not iterable");
        }
        Iterator<Value> values = Sequences.iterate(interpreter, container);
        while (values.hasNext()) {
            if (equal(budget, values.next(), value)) {
                return true;
            }
        }
        return false;
    }

    static void undefinedFails(Value value) {
        if (value instanceof Value.Undefined undefined) {
            throw new JinjaException(undefined.message());
        }
    }

    /** Whether two values are one object. */
    @SuppressWarnings("ReferenceEquality")
    static boolean same(Value left, Value right) {
        return left == right;
    }

    static Value sign(Value value, boolean negative) {
        undefinedFails(value);
        if (value instanceof Value.Real real) {
            return negative ? new Value.Real(-real.number()) : real;
        }
        BigInteger number = integer(value)
                .orElseThrow(() -> new JinjaException(
                        "bad operand type for unary " + (negative ? "-" : "+") + ": '" + typeName(value) + "'"));
        return new Value.Int(negative ? number.negate() : number);
    }

    static Value arithmetic(Interpreter interpreter, String operator, Value left, Value right) {
        Budget budget = interpreter.budget();
        if (operator.equals("%") && left instanceof Text format) {
            return PercentFormat.apply(interpreter, format, right);
        }
        undefinedFails(left);
        undefinedFails(right);
        if (isNumber(left) && isNumber(right)) {
            return left instanceof Value.Real || right instanceof Value.Real || operator.equals("/")
                    ? real(operator, left, right)
                    : integer(
                            budget,
                            operator,
                            integer(left).orElseThrow(),
                            integer(right).orElseThrow());
        }
        if (operator.equals("+")) {
            if (left instanceof Text a && right instanceof Text b) {
                return add(interpreter, a, b);
            }
            if (left instanceof Value.Items a && right instanceof Value.Items b && a.tuple() == b.tuple()) {
                budget.elements((long) a.elements().size() + b.elements().size());
                List<Value> all = new ArrayList<>(a.elements());
                all.addAll(b.elements());
                return new Value.Items(all, a.tuple());
            }
            if (left instanceof Text) {
                throw new JinjaException("can only concatenate str (not \"" + typeName(right) + "\") to str");
            }
            if (left instanceof Value.Items) {
                throw new JinjaException("can only concatenate " + typeName(left) + " (not \"" + typeName(right)
                        + "\") to " + typeName(left));
            }
        }
        if (operator.equals("*")) {
            Optional<Value> repeated = integer(right).flatMap(times -> repeat(budget, left, times));
            if (repeated.isEmpty()) {
                repeated = integer(left).flatMap(times -> repeat(budget, right, times));
            }
            if (repeated.isPresent()) {
                return repeated.get();
            }
        }
        throw new JinjaException("unsupported operand type(s) for " + (operator.equals("**") ? "** or pow()" : operator)
                + ": '" + typeName(left) + "' and '" + typeName(right) + "'");
    }

    private static Text add(Interpreter interpreter, Text left, Text right) {
        boolean safe = left.markup() || right.markup();
        Text a = safe && !left.markup() ? Escaping.escape(interpreter, left) : left;
        Text b = safe && !right.markup() ? Escaping.escape(interpreter, right) : right;
        return new TextBuilder(interpreter.budget()).append(a).append(b).build().withMarkup(safe);
    }

    private static Optional<Value> repeat(Budget budget, Value value, BigInteger count) {
        int times = Math.max(0, clamp(count));
        if (value instanceof Text text) {
            return Optional.of(new TextBuilder(budget)
                    .pad(text, text.isEmpty() ? 0 : times)
                    .build()
                    .withMarkup(text.markup()));
        }
        if (value instanceof Value.Items items) {
            int size = items.elements().size();
            budget.elements((long) times * size);
            List<Value> all = new ArrayList<>(size * times);
            for (int i = 0; i < (size == 0 ? 0 : times); i++) {
                all.addAll(items.elements());
            }
            return Optional.of(new Value.Items(all, items.tuple()));
        }
        return Optional.empty();
    }

    private static Value real(String operator, Value left, Value right) {
        double a = real(left);
        double b = real(right);
        if (b == 0
                && !operator.equals("+")
                && !operator.equals("-")
                && !operator.equals("*")
                && !operator.equals("**")) {
            throw new JinjaException(
                    switch (operator) {
                        case "/" ->
                            left instanceof Value.Real || right instanceof Value.Real
                                    ? "float division by zero"
                                    : "division by zero";
                        case "//" -> "float floor division by zero";
                        default -> "float modulo";
                    });
        }
        return new Value.Real(
                switch (operator) {
                    case "+" -> a + b;
                    case "-" -> a - b;
                    case "*" -> a * b;
                    case "/" -> a / b;
                    case "//" -> Math.floor((a - modulo(a, b)) / b);
                    case "%" -> modulo(a, b);
                    default -> StrictMath.pow(a, b);
                });
    }

    private static double modulo(double a, double b) {
        double remainder = a % b;
        return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
    }

    private static Value integer(Budget budget, String operator, BigInteger a, BigInteger b) {
        budget.work((a.bitLength() + b.bitLength()) / 64);
        if (b.signum() == 0 && (operator.equals("//") || operator.equals("%"))) {
            throw new JinjaException(
                    "integer " + (operator.equals("%") ? "modulo" : "division or modulo") + " by zero");
        }
        if (operator.equals("**")) {
            if (b.signum() < 0) {
                return real("**", new Value.Int(a), new Value.Int(b));
            }
            int bits = a.abs().bitLength();
            if (bits > 1 && (long) clamp(b) * bits > INTEGER_BITS) {
                throw new JinjaException("the number becomes too large");
            }
            boolean unit = bits <= 1;
            return new Value.Int(unit && clamp(b) > 2 ? a.pow(b.testBit(0) ? 1 : 2) : a.pow(clamp(b)));
        }
        BigInteger result =
                switch (operator) {
                    case "+" -> a.add(b);
                    case "-" -> a.subtract(b);
                    case "*" -> a.multiply(b);
                    case "//" -> floorDivide(a, b);
                    default -> a.subtract(floorDivide(a, b).multiply(b));
                };
        if (result.bitLength() > INTEGER_BITS) {
            throw new JinjaException("the number becomes too large");
        }
        return new Value.Int(result);
    }

    private static BigInteger floorDivide(BigInteger a, BigInteger b) {
        BigInteger[] parts = a.divideAndRemainder(b);
        return parts[1].signum() != 0 && parts[1].signum() != b.signum() ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }
}
