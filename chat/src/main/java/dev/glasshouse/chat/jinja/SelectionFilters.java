package dev.glasshouse.chat.jinja;

import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Filters that work element by element, and only when asked for the next: {@code map}, {@code select}, and their kin. */
final class SelectionFilters {
    private SelectionFilters() {}

    static void addTo(Map<String, Filters.Filter> filters) {
        filters.put("map", SelectionFilters::map);
        filters.put("select", (in, value, args) -> select(in, value, args, "select", false, true));
        filters.put("reject", (in, value, args) -> select(in, value, args, "reject", false, false));
        filters.put("selectattr", (in, value, args) -> select(in, value, args, "selectattr", true, true));
        filters.put("rejectattr", (in, value, args) -> select(in, value, args, "rejectattr", true, false));
        filters.put("unique", SelectionFilters::unique);
    }

    private static Value map(Interpreter in, Value value, Arguments arguments) {
        if (!Operators.truth(value)) {
            return SequenceFilters.cursor("do_map", List.of());
        }
        UnaryOperator<Value> image;
        if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
            Arguments.Bound bound = arguments.bind("map", "attribute", "default");
            image = Attributes.getter(in, Optional.of(bound.required(0)), bound.present(1), true)::get;
        } else {
            if (arguments.positional().isEmpty()) {
                throw new JinjaException("map requires a filter argument");
            }
            String name = name(arguments.positional().getFirst());
            Arguments rest = rest(arguments, 1);
            image = element -> Filters.apply(in, name, element, rest);
        }
        Iterator<Value> values = Sequences.iterate(in, value);
        return new Value.Cursor("do_map", new Iterator<>() {
            @Override
            public boolean hasNext() {
                return values.hasNext();
            }

            @Override
            public Value next() {
                in.budget().step();
                return image.apply(values.next());
            }
        });
    }

    private static String name(Value value) {
        if (value instanceof Text text) {
            return text.value();
        }
        throw new JinjaException("the name of a filter or test must be a string");
    }

    private static Arguments rest(Arguments arguments, int from) {
        List<Value> positional = arguments.positional();
        return new Arguments(positional.subList(from, positional.size()), arguments.named());
    }

    private static Value select(
            Interpreter in, Value value, Arguments arguments, String filter, boolean attribute, boolean wanted) {
        if (!Operators.truth(value)) {
            return SequenceFilters.cursor(filter, List.of());
        }
        int skip = attribute ? 1 : 0;
        List<Value> positional = arguments.positional();
        if (positional.size() < skip) {
            throw new JinjaException("Missing parameter for attribute name");
        }
        Attributes.Getter getter = Attributes.getter(
                in, attribute ? Optional.of(positional.getFirst()) : Optional.empty(), Optional.empty(), true);
        Predicate<Value> test = Operators::truth;
        if (positional.size() > skip) {
            String name = name(positional.get(skip));
            Arguments rest = rest(arguments, skip + 1);
            test = element -> Operators.truth(Tests.apply(in, name, element, rest));
        }
        Predicate<Value> chosen = test;
        return filtered(in, value, filter, element -> chosen.test(getter.get(element)) == wanted);
    }

    private static Value unique(Interpreter in, Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("unique", "case_sensitive", "attribute");
        Attributes.Getter getter = Attributes.getter(in, bound.present(1), Optional.empty(), bound.flag(0, false));
        Set<Object> seen = new HashSet<>();
        return filtered(in, value, "do_unique", element -> {
            in.budget().elements(2);
            return seen.add(Operators.key(in.budget(), getter.get(element)));
        });
    }

    private static Value filtered(Interpreter in, Value value, String name, Predicate<Value> test) {
        Iterator<Value> values = Sequences.iterate(in, value);
        return new Value.Cursor(name, new Iterator<>() {
            private Optional<Value> ready = Optional.empty();

            @Override
            public boolean hasNext() {
                while (ready.isEmpty() && values.hasNext()) {
                    in.budget().step();
                    Value next = values.next();
                    if (test.test(next)) {
                        ready = Optional.of(next);
                    }
                }
                return ready.isPresent();
            }

            @Override
            public Value next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Value next = ready.orElseThrow();
                ready = Optional.empty();
                return next;
            }
        });
    }
}
