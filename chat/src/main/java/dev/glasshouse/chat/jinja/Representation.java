package dev.glasshouse.chat.jinja;

import dev.glasshouse.weights.Json;
import java.util.List;
import java.util.Locale;

/** Values as text: Python's {@code str} and {@code repr}. */
final class Representation {
    private Representation() {}

    /** {@code str(value)}. */
    static Text text(Interpreter interpreter, Value value) {
        if (value instanceof Text text) {
            return text;
        }
        if (value instanceof Value.Undefined) {
            return Text.EMPTY;
        }
        return repr(interpreter, value);
    }

    /** {@code repr(value)}. */
    static Text repr(Interpreter interpreter, Value value) {
        TextBuilder out = new TextBuilder(interpreter.budget());
        append(interpreter, out, value, 0);
        return out.build();
    }

    static String number(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        return Json.of(number).write();
    }

    private static void append(Interpreter interpreter, TextBuilder out, Value value, int nesting) {
        interpreter.budget().step();
        if (nesting > Budget.NESTING) {
            throw new JinjaException("a value is nested more than " + Budget.NESTING + " deep");
        }
        switch (value) {
            case Text text -> {
                if (text.markup()) {
                    out.append("Markup(");
                    quote(out, text);
                    out.append(")");
                } else {
                    quote(out, text);
                }
            }
            case Value.None ignored -> out.append("None");
            case Value.Bool bool -> out.append(bool.truth() ? "True" : "False");
            case Value.Int integer -> out.append(integer.number().toString());
            case Value.Real real -> out.append(number(real.number()));
            case Value.Undefined ignored -> out.append("Undefined");
            case Value.Group group -> append(interpreter, out, group.tuple(), nesting);
            case Value.Items items -> {
                out.append(items.tuple() ? "(" : "[");
                elements(interpreter, out, items.elements(), nesting);
                out.append(items.tuple() ? items.elements().size() == 1 ? ",)" : ")" : "]");
            }
            case Value.View view -> {
                out.append(view.name() + "([");
                elements(interpreter, out, view.elements(), nesting);
                out.append("])");
            }
            case Value.Dict dict -> {
                boolean first = true;
                out.append("{");
                for (Value.Member member : dict.members().values()) {
                    out.append(first ? "" : ", ");
                    first = false;
                    append(interpreter, out, member.key(), nesting + 1);
                    out.append(": ");
                    append(interpreter, out, member.value(), nesting + 1);
                }
                out.append("}");
            }
            case Value.Range range -> {
                java.math.BigInteger stop =
                        range.start().add(range.step().multiply(java.math.BigInteger.valueOf(range.size())));
                boolean plain = range.step().equals(java.math.BigInteger.ONE);
                out.append("range(" + range.start() + ", " + stop + (plain ? ")" : ", " + range.step() + ")"));
            }
            case Value.Cursor cursor -> out.append("<generator object " + cursor.name() + ">");
            case Value.Callable callable -> out.append("<function " + callable.name() + ">");
            case Value.Namespace namespace -> {
                out.append("<Namespace {");
                boolean first = true;
                for (var entry : namespace.attributes().entrySet()) {
                    out.append(first ? "" : ", ");
                    first = false;
                    quote(out, Text.of(entry.getKey()));
                    out.append(": ");
                    append(interpreter, out, entry.getValue(), nesting + 1);
                }
                out.append("}>");
            }
            case Value.Slice slice -> {
                out.append("slice(");
                elements(interpreter, out, List.of(slice.start(), slice.stop(), slice.step()), nesting);
                out.append(")");
            }
            case Value.Host host -> out.append("<" + host.typeName() + ">");
        }
    }

    private static void elements(Interpreter interpreter, TextBuilder out, List<Value> elements, int nesting) {
        boolean first = true;
        for (Value element : elements) {
            out.append(first ? "" : ", ");
            first = false;
            append(interpreter, out, element, nesting + 1);
        }
    }

    private static void quote(TextBuilder out, Text text) {
        String value = text.value();
        char quote = value.indexOf('\'') >= 0 && value.indexOf('"') < 0 ? '"' : '\'';
        out.append(String.valueOf(quote));
        int start = 0;
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            int next = i + Character.charCount(c);
            String escape = escape(c, quote);
            if (!escape.isEmpty()) {
                out.append(text, start, i).append(escape, text.inputAt(i));
                start = next;
            }
            i = next;
        }
        out.append(text, start, value.length()).append(String.valueOf(quote));
    }

    private static String escape(int c, char quote) {
        if (c == quote || c == '\\') {
            return "\\" + (char) c;
        }
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> {
                if (Characters.isPrintable(c)) {
                    yield "";
                }
                String format = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
                yield String.format(Locale.ROOT, format, c);
            }
        };
    }
}
