package dev.glasshouse.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/** The filters, by name. */
final class Filters {
    interface Filter {
        Value apply(Interpreter interpreter, Value value, Arguments arguments);
    }

    private static final Map<String, Filter> FILTERS = all();

    private Filters() {}

    private static Map<String, Filter> all() {
        Map<String, Filter> filters = new HashMap<>();
        TextFilters.addTo(filters);
        NumberFilters.addTo(filters);
        SequenceFilters.addTo(filters);
        SelectionFilters.addTo(filters);
        filters.put("tojson", JsonText::filter);
        filters.put("default", Filters::fallback);
        filters.put("d", Filters::fallback);
        filters.put("attr", (in, value, args) -> {
            Text name = args.bind("attr", "name").text(0);
            return Members.attributeOnly(in, value, name.value());
        });
        filters.put("random", (in, value, args) -> {
            throw new JinjaException("the filter 'random' is not allowed: a prompt does not depend on chance");
        });
        return filters;
    }

    static boolean has(String name) {
        return FILTERS.containsKey(name);
    }

    static Value apply(Interpreter interpreter, String name, Value value, Arguments arguments) {
        Filter filter = FILTERS.get(name);
        if (filter == null) {
            throw new JinjaException("No filter named '" + name + "' found.");
        }
        interpreter.budget().step();
        return filter.apply(interpreter, value, arguments);
    }

    private static Value fallback(Interpreter interpreter, Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("default", "default_value", "boolean");
        boolean absent = value instanceof Value.Undefined || bound.flag(1, false) && !Operators.truth(value);
        return absent ? bound.find(0).orElse(Text.EMPTY) : value;
    }
}
