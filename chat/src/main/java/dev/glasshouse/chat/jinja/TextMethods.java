package dev.glasshouse.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The methods of {@code str}, by name. */
final class TextMethods {
    private interface Method {
        Value call(Interpreter interpreter, Text text, Arguments arguments);
    }

    /** Methods without arguments. */
    private static final Set<String> BARE = Set.of(
            "upper",
            "lower",
            "casefold",
            "capitalize",
            "title",
            "swapcase",
            "isspace",
            "isdigit",
            "isdecimal",
            "isnumeric",
            "isalpha",
            "isalnum",
            "isascii",
            "isprintable",
            "isidentifier",
            "isupper",
            "islower",
            "istitle");

    private static final Map<String, Method> METHODS = Map.ofEntries(
            Map.entry("strip", (in, text, args) -> strip(in, text, args, "strip", true, true)),
            Map.entry("lstrip", (in, text, args) -> strip(in, text, args, "lstrip", true, false)),
            Map.entry("rstrip", (in, text, args) -> strip(in, text, args, "rstrip", false, true)),
            Map.entry("split", (in, text, args) -> split(in, text, args, false)),
            Map.entry("rsplit", (in, text, args) -> split(in, text, args, true)),
            Map.entry(
                    "splitlines",
                    (in, text, args) -> new Value.Items(
                            List.copyOf(Splitting.lines(
                                    in,
                                    text,
                                    args.bind("splitlines", "keepends").flag(0, false))),
                            false)),
            Map.entry("replace", (in, text, args) -> {
                Arguments.Bound bound = args.bind("replace", "old", "new", "count");
                Text with = text.markup() ? Escaping.escape(in, bound.text(1)) : bound.text(1);
                return Splitting.replace(in, text, bound.text(0), with, bound.integer(2, -1));
            }),
            Map.entry("startswith", (in, text, args) -> affix(in, text, args, true)),
            Map.entry("endswith", (in, text, args) -> affix(in, text, args, false)),
            Map.entry("removeprefix", (in, text, args) -> {
                Text prefix = args.bind("removeprefix", "prefix").text(0);
                boolean has = text.value().startsWith(prefix.value());
                return has ? text.slice(in.budget(), prefix.units(), text.units()) : text;
            }),
            Map.entry("removesuffix", (in, text, args) -> {
                Text suffix = args.bind("removesuffix", "suffix").text(0);
                boolean has = text.value().endsWith(suffix.value());
                return has ? text.slice(in.budget(), 0, text.units() - suffix.units()) : text;
            }),
            Map.entry("join", (in, text, args) -> {
                List<Text> parts = new ArrayList<>();
                Sequences.each(in, args.bind("join", "iterable").required(0), value -> {
                    if (!(value instanceof Text part)) {
                        throw new JinjaException("sequence item " + parts.size() + ": expected str instance, "
                                + Operators.typeName(value) + " found");
                    }
                    parts.add(text.markup() ? Escaping.escape(in, part) : part);
                });
                return Splitting.join(in, text, parts).withMarkup(text.markup());
            }),
            Map.entry("upper", (in, text, args) -> TextCase.upper(in, text)),
            Map.entry("lower", (in, text, args) -> TextCase.lower(in, text)),
            Map.entry("casefold", (in, text, args) -> TextCase.lower(in, text)),
            Map.entry("capitalize", (in, text, args) -> TextCase.capitalize(in, text)),
            Map.entry("title", (in, text, args) -> TextCase.title(in, text)),
            Map.entry("swapcase", (in, text, args) -> TextCase.swap(in, text)),
            Map.entry("find", (in, text, args) -> find(in, text, args, "find", false)),
            Map.entry("rfind", (in, text, args) -> find(in, text, args, "rfind", true)),
            Map.entry("index", (in, text, args) -> found(find(in, text, args, "index", false))),
            Map.entry("rindex", (in, text, args) -> found(find(in, text, args, "rindex", true))),
            Map.entry("count", (in, text, args) -> count(in, text, args)),
            Map.entry("partition", (in, text, args) -> partition(in, text, args, false)),
            Map.entry("rpartition", (in, text, args) -> partition(in, text, args, true)),
            Map.entry("format", BraceFormat::apply),
            Map.entry("format_map", (in, text, args) -> {
                if (args.bind("format_map", "mapping").required(0) instanceof Value.Dict dict) {
                    Map<String, Value> named = new java.util.LinkedHashMap<>();
                    dict.members().values().forEach(member -> {
                        if (member.key() instanceof Text key) {
                            named.put(key.value(), member.value());
                        }
                    });
                    return BraceFormat.apply(in, text, new Arguments(List.of(), named));
                }
                throw new JinjaException("format_map() takes a mapping");
            }),
            Map.entry("ljust", (in, text, args) -> justify(in, text, args, "ljust")),
            Map.entry("rjust", (in, text, args) -> justify(in, text, args, "rjust")),
            Map.entry("center", (in, text, args) -> justify(in, text, args, "center")),
            Map.entry("zfill", (in, text, args) -> {
                int width = args.bind("zfill", "width").integer(0, 0);
                boolean sign = text.value().startsWith("+") || text.value().startsWith("-");
                return new TextBuilder(in.budget())
                        .append(text, 0, sign ? 1 : 0)
                        .pad(Text.of("0"), (long) width - text.length())
                        .append(text, sign ? 1 : 0, text.units())
                        .build();
            }),
            Map.entry(
                    "expandtabs",
                    (in, text, args) -> Splitting.expandTabs(
                            in, text, args.bind("expandtabs", "tabsize").integer(0, 8))),
            Map.entry("isspace", (in, text, args) -> all(in, text, Characters::isSpace)),
            Map.entry("isdigit", (in, text, args) -> all(in, text, Character::isDigit)),
            Map.entry("isdecimal", (in, text, args) -> all(in, text, Character::isDigit)),
            Map.entry("isnumeric", (in, text, args) -> all(in, text, TextMethods::numeric)),
            Map.entry("isalpha", (in, text, args) -> all(in, text, Character::isLetter)),
            Map.entry("isalnum", (in, text, args) -> all(in, text, c -> Character.isLetter(c) || numeric(c))),
            Map.entry(
                    "isascii", (in, text, args) -> Value.of(text.value().chars().allMatch(c -> c < 128))),
            Map.entry(
                    "isprintable",
                    (in, text, args) -> Value.of(text.value().codePoints().allMatch(Characters::isPrintable))),
            Map.entry(
                    "isidentifier",
                    (in, text, args) -> Value.of(!text.isEmpty()
                            && Characters.isNameStart(text.value().codePointAt(0))
                            && text.value().codePoints().allMatch(Characters::isNamePart))),
            Map.entry("isupper", (in, text, args) -> Value.of(TextCase.isUpper(text))),
            Map.entry("islower", (in, text, args) -> Value.of(TextCase.isLower(text))),
            Map.entry("istitle", (in, text, args) -> Value.of(TextCase.isTitle(text))));

    private TextMethods() {}

    static Optional<Value> find(Text text, String name) {
        return Optional.ofNullable(METHODS.get(name))
                .map(method -> new Value.Callable(name, (in, arguments) -> {
                    in.budget().work(1 + text.units() / 16);
                    if (BARE.contains(name)) {
                        arguments.bind(name);
                    }
                    return method.call(in, text, arguments);
                }));
    }

    private static boolean numeric(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    private interface CodePointTest {
        boolean test(int codePoint);
    }

    private static Value all(Interpreter in, Text text, CodePointTest test) {
        in.budget().work(text.units() / 4);
        return Value.of(!text.isEmpty() && text.value().codePoints().allMatch(test::test));
    }

    private static Value strip(
            Interpreter in, Text text, Arguments arguments, String name, boolean start, boolean end) {
        Arguments.Bound bound = arguments.bind(name, "chars");
        Optional<Text> characters = bound.present(0).map(ignored -> bound.text(0));
        return Splitting.strip(in, text, characters, start, end);
    }

    private static Value split(Interpreter in, Text text, Arguments arguments, boolean fromEnd) {
        Arguments.Bound bound = arguments.bind(fromEnd ? "rsplit" : "split", "sep", "maxsplit");
        Optional<Text> separator = bound.present(0).map(ignored -> bound.text(0));
        int most = bound.integer(1, -1);
        List<Text> parts = separator.isPresent()
                ? Splitting.bySeparator(in, text, separator.get(), most, fromEnd)
                : Splitting.bySpace(in, text, most, fromEnd);
        return new Value.Items(List.copyOf(parts), false);
    }

    /** Start and end, as in {@code find(sub, start, end)}, in UTF-16 units. */
    private static int[] window(Text text, Arguments.Bound bound) {
        int length = text.length();
        int start = place(bound.present(1).map(Operators::index).orElse(0), length);
        int end = place(bound.present(2).map(Operators::index).orElse(length), length);
        boolean beyond = bound.present(1).isPresent() && Operators.index(bound.required(1)) > length;
        if (start > end || beyond) {
            return new int[] {0, -1};
        }
        return new int[] {text.unitOf(start), text.unitOf(end)};
    }

    private static int place(int index, int length) {
        return Math.max(0, Math.min(length, index < 0 ? index + length : index));
    }

    private static Value affix(Interpreter in, Text text, Arguments arguments, boolean start) {
        Arguments.Bound bound = arguments.bind(start ? "startswith" : "endswith", "prefix", "start", "end");
        int[] window = window(text, bound);
        List<Value> choices = bound.required(0) instanceof Value.Items items && items.tuple()
                ? items.elements()
                : List.of(bound.required(0));
        boolean found = false;
        for (Value choice : choices) {
            if (!(choice instanceof Text affix)) {
                throw new JinjaException((start ? "startswith" : "endswith")
                        + " first arg must be str or a tuple of str, not " + Operators.typeName(choice));
            }
            in.budget().work(1 + affix.units() / 16);
            int at = start ? window[0] : window[1] - affix.units();
            found |= window[1] - window[0] >= affix.units() && text.value().startsWith(affix.value(), at);
        }
        return Value.of(found);
    }

    private static Value find(Interpreter in, Text text, Arguments arguments, String name, boolean last) {
        Arguments.Bound bound = arguments.bind(name, "sub", "start", "end");
        int[] window = window(text, bound);
        String part = bound.text(0).value();
        if (window[1] < 0) {
            return Value.Int.of(-1);
        }
        int at = last
                ? Search.findLast(in.budget(), text.value(), part, window[1])
                : Search.find(in.budget(), text.value(), part, window[0]);
        if (at < window[0] || at + part.length() > window[1]) {
            return Value.Int.of(-1);
        }
        return Value.Int.of(text.value().codePointCount(0, at));
    }

    private static Value found(Value position) {
        if (position.equals(Value.Int.of(-1))) {
            throw new JinjaException("substring not found");
        }
        return position;
    }

    private static Value count(Interpreter in, Text text, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("count", "sub", "start", "end");
        int[] window = window(text, bound);
        if (window[1] < 0) {
            return Value.Int.of(0);
        }
        Text part = text.slice(in.budget(), window[0], window[1]);
        if (bound.text(0).isEmpty()) {
            return Value.Int.of(part.length() + 1L);
        }
        return Value.Int.of(
                Splitting.bySeparator(in, part, bound.text(0), -1, false).size() - 1L);
    }

    private static Value partition(Interpreter in, Text text, Arguments arguments, boolean last) {
        Text separator =
                arguments.bind(last ? "rpartition" : "partition", "sep").text(0);
        List<Text> parts = Splitting.bySeparator(in, text, separator, 1, last);
        if (parts.size() == 1) {
            return last
                    ? Value.Items.tuple(Text.EMPTY, Text.EMPTY, text)
                    : Value.Items.tuple(text, Text.EMPTY, Text.EMPTY);
        }
        int at = parts.getFirst().units();
        Text found = text.slice(in.budget(), at, at + separator.units());
        return Value.Items.tuple(parts.getFirst(), found, parts.getLast());
    }

    private static Value justify(Interpreter in, Text text, Arguments arguments, String name) {
        Arguments.Bound bound = arguments.bind(name, "width", "fillchar");
        int width = Operators.index(bound.required(0));
        Text fill = bound.has(1) ? bound.text(1) : Text.of(" ");
        if (fill.length() != 1) {
            throw new JinjaException("The fill character must be exactly one character long");
        }
        return justify(in, text, width, fill, name);
    }

    static Text justify(Interpreter in, Text text, int width, Text fill, String name) {
        long missing = Math.max(0, (long) width - text.length());
        long before =
                switch (name) {
                    case "ljust" -> 0;
                    case "rjust" -> missing;
                    // Python puts the odd one left where the width is odd.
                    default -> missing / 2 + (missing & width & 1);
                };
        return new TextBuilder(in.budget())
                .pad(fill, before)
                .append(text)
                .pad(fill, missing - before)
                .build()
                .withMarkup(text.markup());
    }
}
