package dev.glasshouse.chat.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Attributes and elements, {@code a.b} and {@code a[b]}: attribute first for the one, element first for the other. */
final class Members {
    /** Methods that would change a list or dict: there, but refused, as in Jinja's immutable sandbox. */
    private static final Set<String> LIST_CHANGES =
            Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");

    private static final Set<String> DICT_CHANGES = Set.of("clear", "pop", "popitem", "setdefault", "update");

    private Members() {}

    static Value attribute(Interpreter interpreter, Value target, String name) {
        Operators.undefinedFails(target);
        Optional<Value> own = own(interpreter, target, name);
        if (own.isPresent()) {
            return own.get();
        }
        if (target instanceof Value.Dict dict) {
            Optional<Value> element = dict.get(name);
            if (element.isPresent()) {
                return element.get();
            }
        }
        return missing(target, name);
    }

    /** The attribute without falling back to elements, as {@code |attr} looks it up. */
    static Value attributeOnly(Interpreter interpreter, Value target, String name) {
        Operators.undefinedFails(target);
        return own(interpreter, target, name).orElseGet(() -> missing(target, name));
    }

    static Value item(Interpreter interpreter, Value target, Value index) {
        Operators.undefinedFails(target);
        Optional<Value> element = element(interpreter, target, index);
        if (element.isPresent()) {
            return element.get();
        }
        if (index instanceof Text name) {
            return own(interpreter, target, name.value()).orElseGet(() -> missing(target, name.value()));
        }
        String shown = Representation.repr(interpreter, index).value();
        return new Value.Undefined(objectName(target) + " has no element " + shown);
    }

    private static Optional<Value> element(Interpreter interpreter, Value target, Value index) {
        if (target instanceof Value.Dict dict) {
            if (index instanceof Value.Items items && !items.tuple()
                    || index instanceof Value.Dict
                    || index instanceof Value.Slice) {
                return Optional.empty();
            }
            Object key = Operators.key(interpreter.budget(), index);
            return Optional.ofNullable(dict.members().get(key)).map(Value.Member::value);
        }
        if (!Sequences.indexed(target)) {
            return Optional.empty();
        }
        if (index instanceof Value.Slice slice) {
            return Optional.of(Sequences.slice(interpreter, target, slice));
        }
        Optional<BigInteger> number = Operators.integer(index);
        return number.flatMap(place -> Sequences.element(interpreter, target, place));
    }

    private static Value missing(Value target, String name) {
        return new Value.Undefined("'" + objectName(target) + "' has no attribute '" + name + "'");
    }

    private static String objectName(Value target) {
        return switch (target) {
            case Value.None ignored -> "None";
            case Value.Namespace ignored -> "jinja2.utils.Namespace object";
            case Value.Host host -> host.typeName() + " object";
            default -> Operators.typeName(target) + " object";
        };
    }

    private static Value unsafe(Value target, String name) {
        return new Value.Undefined(
                "access to attribute '" + name + "' of '" + Operators.typeName(target) + "' object is unsafe.");
    }

    private static Optional<Value> own(Interpreter interpreter, Value target, String name) {
        if (target instanceof Value.Namespace namespace) {
            return Optional.ofNullable(namespace.attributes().get(name));
        }
        if (name.startsWith("__") && name.endsWith("__") && name.length() > 4) {
            return Optional.of(unsafe(target, name));
        }
        return switch (target) {
            case Text text -> TextMethods.find(text, name);
            case Value.Dict dict ->
                DICT_CHANGES.contains(name) ? Optional.of(unsafe(target, name)) : dictMethod(dict, name);
            case Value.Items items ->
                !items.tuple() && LIST_CHANGES.contains(name)
                        ? Optional.of(unsafe(target, name))
                        : sequenceMethod(items, name);
            case Value.Group group ->
                switch (name) {
                    case "grouper" -> Optional.of(group.grouper());
                    case "list" -> Optional.of(group.list());
                    default -> sequenceMethod(group.tuple(), name);
                };
            case Value.Callable callable ->
                name.equals("name") ? Optional.of(Text.of(callable.name())) : Optional.empty();
            case Value.Host host -> host.attribute(interpreter, name);
            default -> Optional.empty();
        };
    }

    private static Optional<Value> method(String name, Value.Function body) {
        return Optional.of(new Value.Callable(name, body));
    }

    private static Optional<Value> dictMethod(Value.Dict dict, String name) {
        return switch (name) {
            case "get" ->
                method(name, (in, arguments) -> {
                    Arguments.Bound bound = arguments.bind("get", "key", "default");
                    Object key = Operators.key(in.budget(), bound.required(0));
                    Value.Member member = dict.members().get(key);
                    return member != null ? member.value() : bound.find(1).orElse(Value.NONE);
                });
            case "items" -> view(name, "dict_items", dict);
            case "keys" -> view(name, "dict_keys", dict);
            case "values" -> view(name, "dict_values", dict);
            case "copy" ->
                method(name, (in, arguments) -> {
                    arguments.bind(name);
                    in.budget().elements(2L * dict.members().size());
                    return new Value.Dict(new java.util.LinkedHashMap<>(dict.members()));
                });
            default -> Optional.empty();
        };
    }

    private static Optional<Value> view(String method, String view, Value.Dict dict) {
        return method(method, (in, arguments) -> {
            arguments.bind(method);
            in.budget().elements(2L * dict.members().size());
            List<Value> elements =
                    switch (method) {
                        case "items" -> dict.pairs();
                        case "keys" -> dict.keys();
                        default -> dict.values();
                    };
            return new Value.View(view, elements);
        });
    }

    private static Optional<Value> sequenceMethod(Value.Items items, String name) {
        return switch (name) {
            case "count" ->
                method(name, (in, arguments) -> {
                    Value wanted = arguments.bind(name, "value").required(0);
                    return Value.Int.of(items.elements().stream()
                            .filter(element -> Operators.equal(in.budget(), element, wanted))
                            .count());
                });
            case "index" ->
                method(name, (in, arguments) -> {
                    Arguments.Bound bound = arguments.bind(name, "value", "start", "stop");
                    int size = items.elements().size();
                    int start = bound.integer(1, 0);
                    int stop = Math.min(size, bound.integer(2, size));
                    for (int i = Math.max(0, start < 0 ? start + size : start);
                            i < (stop < 0 ? stop + size : stop);
                            i++) {
                        if (Operators.equal(in.budget(), items.elements().get(i), bound.required(0))) {
                            return Value.Int.of(i);
                        }
                    }
                    throw new JinjaException(
                            Representation.repr(in, bound.required(0)) + " is not in " + Operators.typeName(items));
                });
            case "copy" -> items.tuple() ? Optional.empty() : method(name, (in, arguments) -> items);
            default -> Optional.empty();
        };
    }
}
