package dev.glasshouse.chat.jinja;

import java.math.BigInteger;
import java.util.Map;

/** What can stand behind {@code is}. */
final class Tests {
    private interface Check {
        boolean test(Interpreter interpreter, Value value, Arguments arguments);
    }

    private interface Plain {
        boolean test(Value value);
    }

    private static final Map<String, Check> TESTS = Map.ofEntries(
            plain("defined", value -> !(value instanceof Value.Undefined)),
            plain("undefined", value -> value instanceof Value.Undefined),
            plain("none", value -> value instanceof Value.None),
            plain("boolean", value -> value instanceof Value.Bool),
            plain("true", value -> value.equals(Value.TRUE)),
            plain("false", value -> value.equals(Value.FALSE)),
            plain("integer", value -> value instanceof Value.Int),
            plain("float", value -> value instanceof Value.Real),
            plain("number", Operators::isNumber),
            plain("string", value -> value instanceof Text),
            plain("mapping", value -> value instanceof Value.Dict),
            plain("sequence", Sequences::indexed),
            plain("iterable", Sequences::iterable),
            plain("callable", Tests::callable),
            plain("escaped", value -> value instanceof Text text && text.markup()),
            Map.entry("lower", (in, value, args) -> TextCase.isLower(Representation.text(in, value))),
            Map.entry("upper", (in, value, args) -> TextCase.isUpper(Representation.text(in, value))),
            Map.entry("odd", (in, value, args) -> remainder(in, value, Value.Int.of(2), 1)),
            Map.entry("even", (in, value, args) -> remainder(in, value, Value.Int.of(2), 0)),
            Map.entry(
                    "divisibleby",
                    (in, value, args) ->
                            remainder(in, value, args.bind("divisibleby", "num").required(0), 0)),
            Map.entry("filter", (in, value, args) -> value instanceof Text name && Filters.has(name.value())),
            Map.entry("test", (in, value, args) -> value instanceof Text name && has(name.value())),
            Map.entry(
                    "sameas",
                    (in, value, args) ->
                            same(value, args.bind("sameas", "other").required(0))),
            Map.entry(
                    "in",
                    (in, value, args) ->
                            Operators.contains(in, args.bind("in", "seq").required(0), value)),
            comparison("eq", "=="),
            comparison("equalto", "=="),
            comparison("==", "=="),
            comparison("ne", "!="),
            comparison("!=", "!="),
            comparison("gt", ">"),
            comparison("greaterthan", ">"),
            comparison(">", ">"),
            comparison("ge", ">="),
            comparison(">=", ">="),
            comparison("lt", "<"),
            comparison("lessthan", "<"),
            comparison("<", "<"),
            comparison("le", "<="),
            comparison("<=", "<="));

    private Tests() {}

    private static Map.Entry<String, Check> plain(String name, Plain check) {
        return Map.entry(name, (in, value, args) -> {
            args.bind(name);
            return check.test(value);
        });
    }

    private static Map.Entry<String, Check> comparison(String name, String operator) {
        return Map.entry(
                name,
                (in, value, args) -> Operators.compare(
                        in, operator, value, args.bind(name, "other").required(0)));
    }

    static boolean has(String name) {
        return TESTS.containsKey(name);
    }

    static Value apply(Interpreter interpreter, String name, Value value, Arguments arguments) {
        Check check = TESTS.get(name);
        if (check == null) {
            throw new JinjaException("No test named '" + name + "' found.");
        }
        interpreter.budget().step();
        return Value.of(check.test(interpreter, value, arguments));
    }

    private static boolean callable(Value value) {
        // An undefined value has the method that makes calling it an error.
        return value instanceof Value.Callable
                || value instanceof Value.Undefined
                || value instanceof Value.Host host && host.function().isPresent();
    }

    private static boolean remainder(Interpreter in, Value value, Value divisor, int wanted) {
        Value rest = Operators.arithmetic(in, "%", value, divisor);
        return Operators.equal(in.budget(), rest, new Value.Int(BigInteger.valueOf(wanted)));
    }

    private static boolean same(Value value, Value other) {
        if (value instanceof Value.Int || value instanceof Value.Bool || value instanceof Value.None) {
            return value.equals(other);
        }
        return Operators.same(value, other)
                || value instanceof Text a
                        && other instanceof Text b
                        && a.value().equals(b.value());
    }
}
