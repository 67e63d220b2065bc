package dev.glasshouse.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a template computes with: Python's values as far as templates use them. All are immutable except namespaces, loop
 * states and cursors. None reaches into the Java program: there are no fields and no reflection to find.
 */
sealed interface Value
        permits Text,
                Value.None,
                Value.Bool,
                Value.Int,
                Value.Real,
                Value.Undefined,
                Value.Items,
                Value.Group,
                Value.Dict,
                Value.View,
                Value.Range,
                Value.Cursor,
                Value.Callable,
                Value.Namespace,
                Value.Slice,
                Value.Host {

    record None() implements Value {}

    record Bool(boolean truth) implements Value {}

    record Int(BigInteger number) implements Value {
        static Int of(long number) {
            return new Int(BigInteger.valueOf(number));
        }
    }

    record Real(double number) implements Value {}

    /** A missing variable, attribute or element; the message says which, when it is used in earnest. */
    record Undefined(String message) implements Value {}

    /** A list, or a tuple. */
    record Items(List<Value> elements, boolean tuple) implements Value {
        static Items list(List<Value> elements) {
            return new Items(elements, false);
        }

        static Items tuple(Value... elements) {
            return new Items(List.of(elements), true);
        }
    }

    /** What {@code groupby} yields: a tuple whose parts also have names. */
    record Group(Value grouper, Items list) implements Value {
        Items tuple() {
            return Items.tuple(grouper, list);
        }
    }

    record Member(Value key, Value value) {}

    /** A dict, by {@link Operators#key}. */
    record Dict(Map<Object, Member> members) implements Value {
        static Dict empty() {
            return new Dict(new LinkedHashMap<>());
        }

        Dict with(String key, Value value) {
            members.put(key, new Member(Text.of(key), value));
            return this;
        }

        Optional<Value> get(String key) {
            return Optional.ofNullable(members.get(key)).map(Member::value);
        }

        List<Value> keys() {
            List<Value> keys = new ArrayList<>(members.size());
            members.values().forEach(member -> keys.add(member.key()));
            return keys;
        }

        List<Value> values() {
            List<Value> values = new ArrayList<>(members.size());
            members.values().forEach(member -> values.add(member.value()));
            return values;
        }

        List<Value> pairs() {
            List<Value> pairs = new ArrayList<>(members.size());
            members.values().forEach(member -> pairs.add(Items.tuple(member.key(), member.value())));
            return pairs;
        }
    }

    /** {@code dict.items()}, {@code .keys()}, {@code .values()}: sized, but without index. */
    record View(String name, List<Value> elements) implements Value {}

    record Range(BigInteger start, BigInteger step, int size) implements Value {
        Value at(int index) {
            return new Int(start.add(step.multiply(BigInteger.valueOf(index))));
        }
    }

    /** A generator: can be walked once, and only when asked. */
    record Cursor(String name, Iterator<Value> rest) implements Value {}

    /** A function, method or macro. */
    record Callable(String name, Function body) implements Value {}

    interface Function {
        Value call(Interpreter interpreter, Arguments arguments);
    }

    /** {@code namespace(…)}, the one thing a template can change. */
    record Namespace(Map<String, Value> attributes) implements Value {}

    /** The slice {@code start:stop:step} inside brackets. */
    record Slice(Value start, Value stop, Value step) implements Value {}

    /** An object with attributes of its own: {@code loop}, a cycler. */
    non-sealed interface Host extends Value {
        String typeName();

        Optional<Value> attribute(Interpreter interpreter, String name);

        /** What calling the object does, if it can be called. */
        default Optional<Function> function() {
            return Optional.empty();
        }
    }

    None NONE = new None();
    Bool TRUE = new Bool(true);
    Bool FALSE = new Bool(false);

    static Bool of(boolean truth) {
        return truth ? TRUE : FALSE;
    }
}
