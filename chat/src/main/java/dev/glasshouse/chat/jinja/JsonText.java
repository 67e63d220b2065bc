package dev.glasshouse.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code |tojson} as transformers defines it: Python's {@code json.dumps}, with {@code ensure_ascii=False} and nothing
 * escaped for HTML. Strings keep their origin inside the JSON.
 */
final class JsonText {
    private final Interpreter interpreter;
    private final TextBuilder out;
    private final boolean asciiOnly;
    private final Optional<Text> indent;
    private final Text itemSeparator;
    private final Text keySeparator;
    private final boolean sorted;

    private JsonText(Interpreter interpreter, Arguments.Bound bound) {
        this.interpreter = interpreter;
        out = new TextBuilder(interpreter.budget());
        asciiOnly = bound.flag(0, false);
        indent = bound.present(1).map(value -> {
            if (value instanceof Text text) {
                return text;
            }
            int width = Operators.index(value);
            return new TextBuilder(interpreter.budget())
                    .pad(Text.of(" "), width)
                    .build();
        });
        Optional<List<Value>> separators = bound.present(2).map(value -> Sequences.list(interpreter, value));
        if (separators.isPresent()
                && separators.get().size() == 2
                && separators.get().getFirst() instanceof Text item
                && separators.get().getLast() instanceof Text key) {
            itemSeparator = item;
            keySeparator = key;
        } else if (separators.isPresent()) {
            throw new JinjaException("tojson: separators must be two strings");
        } else {
            itemSeparator = Text.of(indent.isPresent() ? "," : ", ");
            keySeparator = Text.of(": ");
        }
        sorted = bound.flag(3, false);
    }

    static Value filter(Interpreter interpreter, Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
        JsonText json = new JsonText(interpreter, bound);
        json.append(value, 0);
        return json.out.build();
    }

    private void append(Value value, int level) {
        interpreter.budget().step();
        if (level > Budget.NESTING) {
            throw new JinjaException("a value is nested more than " + Budget.NESTING + " deep");
        }
        switch (value) {
            case Text text -> string(text);
            case Value.None ignored -> out.append("null");
            case Value.Bool bool -> out.append(bool.truth() ? "true" : "false");
            case Value.Int integer -> out.append(integer.number().toString());
            case Value.Real real -> out.append(number(real.number()));
            case Value.Items items -> array(items.elements(), level);
            case Value.Group group -> array(group.tuple().elements(), level);
            case Value.Dict dict -> object(dict, level);
            default ->
                throw new JinjaException("Object of type " + Operators.typeName(value) + " is not JSON serializable");
        }
    }

    private static String number(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "Infinity" : "-Infinity";
        }
        return Representation.number(number);
    }

    private void newLine(int level) {
        if (indent.isPresent()) {
            out.append("\n").pad(indent.get(), level);
        }
    }

    private void array(List<Value> elements, int level) {
        out.append("[");
        boolean first = true;
        for (Value element : elements) {
            if (!first) {
                out.append(itemSeparator);
            }
            first = false;
            newLine(level + 1);
            append(element, level + 1);
        }
        if (!first) {
            newLine(level);
        }
        out.append("]");
    }

    private void object(Value.Dict dict, int level) {
        List<Value.Member> members = new ArrayList<>(dict.members().values());
        if (sorted) {
            Sorting.sort(interpreter, members, Value.Member::key, false);
        }
        out.append("{");
        boolean first = true;
        for (Value.Member member : members) {
            if (!first) {
                out.append(itemSeparator);
            }
            first = false;
            newLine(level + 1);
            string(key(member.key()));
            out.append(keySeparator);
            append(member.value(), level + 1);
        }
        if (!first) {
            newLine(level);
        }
        out.append("}");
    }

    private static Text key(Value key) {
        return switch (key) {
            case Text text -> text;
            case Value.None ignored -> Text.of("null");
            case Value.Bool bool -> Text.of(bool.truth() ? "true" : "false");
            case Value.Int integer -> Text.of(integer.number().toString());
            case Value.Real real -> Text.of(number(real.number()));
            default ->
                throw new JinjaException("keys must be str, int, float, bool or None, not " + Operators.typeName(key));
        };
    }

    private void string(Text text) {
        String value = text.value();
        out.append("\"");
        int start = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            String escape =
                    switch (c) {
                        case '"' -> "\\\"";
                        case '\\' -> "\\\\";
                        case '\n' -> "\\n";
                        case '\r' -> "\\r";
                        case '\t' -> "\\t";
                        case '\b' -> "\\b";
                        case '\f' -> "\\f";
                        default ->
                            c < ' ' || (asciiOnly && c > '~') ? String.format(Locale.ROOT, "\\u%04x", (int) c) : "";
                    };
            if (!escape.isEmpty()) {
                out.append(text, start, i).append(escape, text.inputAt(i));
                start = i + 1;
            }
        }
        out.append(text, start, value.length()).append("\"");
    }
}
