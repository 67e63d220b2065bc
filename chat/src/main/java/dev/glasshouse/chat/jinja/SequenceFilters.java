package dev.glasshouse.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Filters on lists and dicts as a whole. */
final class SequenceFilters {
    private SequenceFilters() {}

    static void addTo(Map<String, Filters.Filter> filters) {
        filters.put("length", SequenceFilters::length);
        filters.put("count", SequenceFilters::length);
        filters.put("list", (in, value, args) -> {
            args.bind("list");
            return Value.Items.list(Sequences.list(in, value));
        });
        filters.put("first", (in, value, args) -> {
            args.bind("first");
            Iterator<Value> values = Sequences.iterate(in, value);
            return values.hasNext() ? values.next() : new Value.Undefined("No first item, sequence was empty.");
        });
        filters.put("last", (in, value, args) -> {
            args.bind("last");
            if (value instanceof Value.Cursor) {
                throw new JinjaException("'generator' object is not reversible");
            }
            List<Value> values = Sequences.list(in, value);
            return values.isEmpty() ? new Value.Undefined("No last item, sequence was empty.") : values.getLast();
        });
        filters.put("reverse", SequenceFilters::reverse);
        filters.put("join", SequenceFilters::join);
        filters.put("items", (in, value, args) -> {
            args.bind("items");
            if (value instanceof Value.Undefined) {
                return cursor("do_items", List.of());
            }
            if (value instanceof Value.Dict dict) {
                in.budget().elements(4L * dict.members().size());
                return cursor("do_items", dict.pairs());
            }
            throw new JinjaException("Can only get item pairs from a mapping.");
        });
        filters.put("dictsort", SequenceFilters::dictSort);
        filters.put("sort", SequenceFilters::sort);
        filters.put("groupby", SequenceFilters::groupBy);
        filters.put("batch", SequenceFilters::batch);
        filters.put("slice", SequenceFilters::slice);
        filters.put("sum", SequenceFilters::sum);
        filters.put("min", (in, value, args) -> extreme(in, value, args, "min"));
        filters.put("max", (in, value, args) -> extreme(in, value, args, "max"));
    }

    static Value.Cursor cursor(String name, List<Value> values) {
        return new Value.Cursor(name, values.iterator());
    }

    private static Value length(Interpreter in, Value value, Arguments arguments) {
        arguments.bind("length");
        if (value instanceof Text text) {
            in.budget().work(text.units() / 16);
        }
        Optional<Integer> length = Sequences.length(value);
        return Value.Int.of(length.orElseThrow(
                () -> new JinjaException("object of type '" + Operators.typeName(value) + "' has no len()")));
    }

    private static Value reverse(Interpreter in, Value value, Arguments arguments) {
        arguments.bind("reverse");
        if (value instanceof Text) {
            return Sequences.slice(in, value, new Value.Slice(Value.NONE, Value.NONE, Value.Int.of(-1)));
        }
        if (!Sequences.iterable(value)) {
            throw new JinjaException("argument must be iterable");
        }
        List<Value> values = Sequences.list(in, value);
        Collections.reverse(values);
        return value instanceof Value.Cursor ? Value.Items.list(values) : cursor("reversed", values);
    }

    private static Value join(Interpreter in, Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("join", "d", "attribute");
        Text separator = Representation.text(in, bound.find(0).orElse(Text.EMPTY));
        Attributes.Getter getter = Attributes.getter(in, bound.present(1), Optional.empty(), true);
        List<Text> parts = new ArrayList<>();
        Sequences.each(in, value, element -> {
            in.budget().elements(1);
            parts.add(Representation.text(in, getter.get(element)));
        });
        return Splitting.join(in, separator, parts);
    }

    private static Value dictSort(Interpreter in, Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("dictsort", "case_sensitive", "by", "reverse");
        String by = bound.has(1) ? bound.text(1).value() : "key";
        if (!by.equals("key") && !by.equals("value")) {
            throw new JinjaException("You can only sort by either \"key\" or \"value\"");
        }
        Operators.undefinedFails(value);
        if (!(value instanceof Value.Dict dict)) {
            throw new JinjaException("'" + Operators.typeName(value) + "' object has no attribute 'items'");
        }
        boolean sensitive = bound.flag(0, false);
        List<Value.Member> members = new ArrayList<>(dict.members().values());
        Sorting.sort(
                in,
                members,
                member -> Attributes.folded(in, by.equals("key") ? member.key() : member.value(), sensitive),
                bound.flag(2, false));
        List<Value> pairs = new ArrayList<>(members.size());
        in.budget().elements(4L * members.size());
        members.forEach(member -> pairs.add(Value.Items.tuple(member.key(), member.value())));
        return Value.Items.list(pairs);
    }

    private static Value sort(Interpreter in, Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("sort", "reverse", "case_sensitive", "attribute");
        boolean sensitive = bound.flag(1, false);
        List<Attributes.Getter> getters = new ArrayList<>();
        if (bound.present(2).isPresent() && bound.present(2).get() instanceof Text names) {
            for (String name : names.value().split(",", -1)) {
                getters.add(Attributes.getter(in, Optional.of(Text.of(name)), Optional.empty(), sensitive));
            }
        } else {
            getters.add(Attributes.getter(in, bound.present(2), Optional.empty(), sensitive));
        }
        List<Value> values = Sequences.list(in, value);
        Sorting.sort(
                in,
                values,
                element -> Value.Items.list(
                        getters.stream().map(getter -> getter.get(element)).toList()),
                bound.flag(0, false));
        return Value.Items.list(values);
    }

    private static Value groupBy(Interpreter in, Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("groupby", "attribute", "default", "case_sensitive");
        boolean sensitive = bound.flag(2, false);
        Optional<Value> attribute = Optional.of(bound.required(0));
        Attributes.Getter folded = Attributes.getter(in, attribute, bound.present(1), sensitive);
        Attributes.Getter plain = Attributes.getter(in, attribute, bound.present(1), true);
        List<Value> values = Sequences.list(in, value);
        Sorting.sort(in, values, folded::get, false);
        List<Value> groups = new ArrayList<>();
        List<Value> group = new ArrayList<>();
        Optional<Value> key = Optional.empty();
        for (Value element : values) {
            Value next = folded.get(element);
            if (key.isPresent() && !Operators.equal(in.budget(), key.get(), next)) {
                groups.add(new Value.Group(plain.get(group.getFirst()), Value.Items.list(group)));
                group = new ArrayList<>();
            }
            key = Optional.of(next);
            in.budget().elements(2);
            group.add(element);
        }
        if (!group.isEmpty()) {
            groups.add(new Value.Group(plain.get(group.getFirst()), Value.Items.list(group)));
        }
        return Value.Items.list(groups);
    }

    private static Value batch(Interpreter in, Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("batch", "linecount", "fill_with");
        int size = Operators.index(bound.required(0));
        List<Value> rows = new ArrayList<>();
        List<Value> row = new ArrayList<>();
        for (Value element : Sequences.list(in, value)) {
            if (row.size() == size) {
                rows.add(Value.Items.list(row));
                row = new ArrayList<>();
            }
            in.budget().elements(2);
            row.add(element);
        }
        if (!row.isEmpty()) {
            fill(in, row, bound.present(1), size);
            rows.add(Value.Items.list(row));
        }
        return cursor("do_batch", rows);
    }

    private static void fill(Interpreter in, List<Value> row, Optional<Value> filling, int size) {
        if (filling.isPresent() && row.size() < size) {
            in.budget().elements((long) size - row.size());
            while (row.size() < size) {
                row.add(filling.get());
            }
        }
    }

    private static Value slice(Interpreter in, Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("slice", "slices", "fill_with");
        int slices = Operators.index(bound.required(0));
        List<Value> values = Sequences.list(in, value);
        if (slices == 0) {
            throw new JinjaException("integer division or modulo by zero");
        }
        in.budget().elements(4L * Math.max(0, slices) + values.size());
        int size = values.size() / Math.max(1, slices);
        int extra = values.size() % Math.max(1, slices);
        List<Value> columns = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < slices; i++) {
            int end = start + size + (i < extra ? 1 : 0);
            List<Value> column = new ArrayList<>(values.subList(start, end));
            if (i >= extra) {
                bound.present(1).ifPresent(column::add);
            }
            columns.add(Value.Items.list(column));
            start = end;
        }
        return cursor("do_slice", columns);
    }

    private static Value sum(Interpreter in, Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("sum", "attribute", "start");
        Attributes.Getter getter = Attributes.getter(in, bound.present(0), Optional.empty(), true);
        Value total = bound.find(1).orElse(Value.Int.of(0));
        if (total instanceof Text) {
            throw new JinjaException("sum() can't sum strings [use ''.join(seq) instead]");
        }
        Iterator<Value> values = Sequences.iterate(in, value);
        while (values.hasNext()) {
            total = Operators.arithmetic(in, "+", total, getter.get(values.next()));
        }
        return total;
    }

    private static Value extreme(Interpreter in, Value value, Arguments arguments, String name) {
        Arguments.Bound bound = arguments.bind(name, "case_sensitive", "attribute");
        Attributes.Getter getter = Attributes.getter(in, bound.present(1), Optional.empty(), bound.flag(0, false));
        Iterator<Value> values = Sequences.iterate(in, value);
        if (!values.hasNext()) {
            return new Value.Undefined("No aggregated item, sequence was empty.");
        }
        Value best = values.next();
        Value bestKey = getter.get(best);
        String operator = name.equals("min") ? "<" : ">";
        while (values.hasNext()) {
            Value next = values.next();
            Value key = getter.get(next);
            if (Operators.compare(in, operator, key, bestKey)) {
                best = next;
                bestKey = key;
            }
        }
        return best;
    }
}
