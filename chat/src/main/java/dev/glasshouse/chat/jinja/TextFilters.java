package dev.glasshouse.chat.jinja;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Filters that make text of text. */
final class TextFilters {
    private TextFilters() {}

    private interface OnText {
        Value apply(Interpreter in, Text text, Arguments arguments);
    }

    private static void add(Map<String, Filters.Filter> filters, String name, OnText filter) {
        filters.put(name, (in, value, args) -> filter.apply(in, Representation.text(in, value), args));
    }

    static void addTo(Map<String, Filters.Filter> filters) {
        add(filters, "string", (in, text, args) -> text);
        add(filters, "upper", (in, text, args) -> TextCase.upper(in, text));
        add(filters, "lower", (in, text, args) -> TextCase.lower(in, text));
        add(filters, "capitalize", (in, text, args) -> TextCase.capitalize(in, text));
        add(filters, "title", (in, text, args) -> TextCase.titleFilter(in, text));
        add(filters, "safe", (in, text, args) -> text.withMarkup(true));
        add(filters, "escape", (in, text, args) -> Escaping.escape(in, text));
        add(filters, "e", (in, text, args) -> Escaping.escape(in, text));
        add(filters, "forceescape", (in, text, args) -> Escaping.escape(in, text.withMarkup(false)));
        add(filters, "trim", (in, text, args) -> {
            Arguments.Bound bound = args.bind("trim", "chars");
            Optional<Text> characters = bound.present(0).map(ignored -> bound.text(0));
            return Splitting.strip(in, text, characters, true, true);
        });
        add(filters, "replace", (in, text, args) -> {
            Arguments.Bound bound = args.bind("replace", "old", "new", "count");
            Text old = Representation.text(in, bound.required(0));
            Text with = Representation.text(in, bound.required(1));
            int count = bound.present(2).map(Operators::index).orElse(-1);
            return Splitting.replace(in, text, old, with, count).withMarkup(false);
        });
        add(filters, "center", (in, text, args) -> {
            int width = args.bind("center", "width").integer(0, 80);
            return TextMethods.justify(in, text, width, Text.of(" "), "center");
        });
        add(filters, "format", (in, text, args) -> {
            if (!args.named().isEmpty()) {
                if (!args.positional().isEmpty()) {
                    throw new JinjaException("can't handle positional and keyword arguments at the same time");
                }
                Value.Dict named = Value.Dict.empty();
                args.named().forEach(named::with);
                return PercentFormat.apply(in, text, named);
            }
            return PercentFormat.apply(in, text, new Value.Items(args.positional(), true));
        });
        filters.put("indent", TextFilters::indent);
        filters.put("truncate", TextFilters::truncate);
        add(filters, "wordcount", (in, text, args) -> {
            int count = 0;
            boolean inside = false;
            for (int i = 0; i < text.units(); i++) {
                int c = text.value().codePointAt(i);
                boolean word = c == '_' || Character.isLetterOrDigit(c);
                count += word && !inside ? 1 : 0;
                inside = word;
                i += Character.charCount(c) - 1;
            }
            return Value.Int.of(count);
        });
        filters.put("urlencode", TextFilters::urlEncode);
    }

    private static Text text(Value value, String filter) {
        if (value instanceof Text text) {
            return text;
        }
        Operators.undefinedFails(value);
        throw new JinjaException(filter + " needs a string, not " + Operators.typeName(value));
    }

    private static Value indent(Interpreter in, Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("indent", "width", "first", "blank");
        Text text = text(value, "indent");
        Text indention = bound.find(0).orElse(Value.Int.of(4)) instanceof Text given
                ? given
                : new TextBuilder(in.budget())
                        .pad(Text.of(" "), bound.integer(0, 4))
                        .build();
        boolean blank = bound.flag(2, false);
        // A newline is added first, so that an empty text has one line and a trailing newline an empty last one.
        Text whole = new TextBuilder(in.budget()).append(text).append("\n").build();
        List<Text> lines = Splitting.lines(in, whole, false);
        TextBuilder out = new TextBuilder(in.budget());
        for (int i = 0; i < lines.size(); i++) {
            if (i > 0) {
                out.append("\n");
            }
            boolean indents =
                    i == 0 ? bound.flag(1, false) : blank || !lines.get(i).isEmpty();
            if (indents) {
                out.append(indention);
            }
            out.append(lines.get(i));
        }
        return out.build().withMarkup(text.markup());
    }

    private static Value truncate(Interpreter in, Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("truncate", "length", "killwords", "end", "leeway");
        Text text = text(value, "truncate");
        int length = bound.integer(0, 255);
        Text end = bound.has(2) ? bound.text(2) : Text.of("...");
        int leeway = bound.present(3).map(Operators::index).orElse(5);
        if (length < end.length() || leeway < 0) {
            throw new JinjaException("truncate: expected length >= " + end.length() + " and leeway >= 0");
        }
        if (text.length() <= (long) length + leeway) {
            return text;
        }
        Text head = text.slice(in.budget(), 0, text.unitOf(length - end.length()));
        int space = head.value().lastIndexOf(' ');
        if (!bound.flag(1, false) && space >= 0) {
            head = head.slice(in.budget(), 0, space);
        }
        return new TextBuilder(in.budget()).append(head).append(end).build();
    }

    private static Value urlEncode(Interpreter in, Value value, Arguments arguments) {
        arguments.bind("urlencode");
        if (value instanceof Text || !Sequences.iterable(value)) {
            TextBuilder out = new TextBuilder(in.budget());
            quote(out, Representation.text(in, value), "/");
            return out.build();
        }
        Value pairs = value instanceof Value.Dict dict ? new Value.View("dict_items", dict.pairs()) : value;
        List<Text> parts = new ArrayList<>();
        Sequences.each(in, pairs, pair -> {
            List<Value> both = Sequences.list(in, pair);
            if (both.size() != 2) {
                throw new JinjaException("urlencode needs pairs");
            }
            TextBuilder out = new TextBuilder(in.budget());
            quote(out, Representation.text(in, both.getFirst()), " ");
            out.append("=");
            quote(out, Representation.text(in, both.getLast()), " ");
            parts.add(out.build());
        });
        return Splitting.join(in, Text.of("&"), parts);
    }

    private static void quote(TextBuilder out, Text text, String safe) {
        for (int i = 0; i < text.units(); ) {
            int c = text.value().codePointAt(i);
            boolean input = text.inputAt(i);
            i += Character.charCount(c);
            if (c < 128 && (Character.isLetterOrDigit(c) || "_.-~".indexOf(c) >= 0 || safe.indexOf(c) >= 0)) {
                out.append(c == ' ' ? "+" : Character.toString(c), input);
            } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    out.append(String.format(Locale.ROOT, "%%%02X", b & 0xff), input);
                }
            }
        }
    }
}
