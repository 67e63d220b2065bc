package dev.glasshouse.chat.jinja;

import java.math.BigInteger;
import java.util.Optional;

/** {@code str.format}, sandboxed: fields reach attributes and elements by the template's own rules. */
final class BraceFormat {
    private final Interpreter in;
    private final Arguments arguments;
    private final boolean escape;
    private int automatic;

    private BraceFormat(Interpreter in, Arguments arguments, boolean escape) {
        this.in = in;
        this.arguments = arguments;
        this.escape = escape;
    }

    static Text apply(Interpreter in, Text format, Arguments arguments) {
        return new BraceFormat(in, arguments, format.markup()).run(format, 0).withMarkup(format.markup());
    }

    private Text run(Text format, int nesting) {
        if (nesting > 1) {
            throw new JinjaException("Max string recursion exceeded");
        }
        TextBuilder out = new TextBuilder(in.budget());
        String text = format.value();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '{' && c != '}') {
                continue;
            }
            out.append(format, start, i);
            if (i + 1 < text.length() && text.charAt(i + 1) == c) {
                out.append(format, i, i + 1);
                i++;
            } else if (c == '}') {
                throw new JinjaException("Single '}' encountered in format string");
            } else {
                int end = fieldEnd(text, i);
                out.append(field(format, i + 1, end, nesting));
                i = end;
            }
            start = i + 1;
        }
        return out.append(format, start, text.length()).build();
    }

    private static int fieldEnd(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            if (text.charAt(i) == '{') {
                depth++;
            } else if (text.charAt(i) == '}' && --depth == 0) {
                return i;
            }
        }
        throw new JinjaException(
                open == text.length() - 1
                        ? "Single '{' encountered in format string"
                        : "expected '}' before end of string");
    }

    private Text field(Text format, int from, int to, int nesting) {
        String text = format.value();
        int nameEnd = from;
        int brackets = 0;
        while (nameEnd < to && (brackets > 0 || text.charAt(nameEnd) != ':' && text.charAt(nameEnd) != '!')) {
            brackets += text.charAt(nameEnd) == '[' ? 1 : text.charAt(nameEnd) == ']' ? -1 : 0;
            nameEnd++;
        }
        Value value = value(text.substring(from, nameEnd));
        int at = nameEnd;
        if (at < to && text.charAt(at) == '!') {
            char conversion = at + 1 < to ? text.charAt(at + 1) : ' ';
            value = switch (conversion) {
                case 's' -> Representation.text(in, value);
                case 'r', 'a' -> Representation.repr(in, value);
                default -> throw new JinjaException("Unknown conversion specifier '" + conversion + "'");
            };
            at += 2;
            if (at < to && text.charAt(at) != ':') {
                throw new JinjaException("expected ':' after conversion specifier");
            }
        }
        Text spec = at < to ? run(format.slice(in.budget(), at + 1, to), nesting + 1) : Text.EMPTY;
        Text shown = spec.isEmpty()
                ? Representation.text(in, value)
                : FormatSpec.parse(in, spec).apply(in, value);
        return escape ? Escaping.escape(in, shown) : shown;
    }

    private Value value(String name) {
        int end = 0;
        while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
            end++;
        }
        Value value = first(name.substring(0, end));
        while (end < name.length()) {
            int start = end + 1;
            if (name.charAt(end) == '.') {
                end = start;
                while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
                    end++;
                }
                value = Members.attribute(in, value, name.substring(start, end));
            } else {
                end = name.indexOf(']', start);
                if (end < 0) {
                    throw new JinjaException("Missing ']' in format string");
                }
                String key = name.substring(start, end);
                Value index = number(key).map(n -> (Value) new Value.Int(n)).orElseGet(() -> Text.of(key));
                value = Members.item(in, value, index);
                end++;
                if (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
                    throw new JinjaException("Only '.' or '[' may follow ']' in format field specifier");
                }
            }
        }
        return value;
    }

    private static Optional<BigInteger> number(String text) {
        boolean digits = !text.isEmpty() && FormatSpec.digits(text, 0) == text.length();
        return digits && text.length() < 10 ? Optional.of(new BigInteger(text)) : Optional.empty();
    }

    private Value first(String name) {
        Optional<BigInteger> number = number(name);
        if (name.isEmpty() || number.isPresent()) {
            if (name.isEmpty() ? automatic < 0 : automatic > 0) {
                throw new JinjaException("cannot switch between manual field specification and automatic numbering");
            }
            int index = name.isEmpty() ? automatic++ : number.get().intValue();
            automatic = name.isEmpty() ? automatic : -1;
            if (index >= arguments.positional().size()) {
                throw new JinjaException("Replacement index " + index + " out of range for positional args tuple");
            }
            return arguments.positional().get(index);
        }
        return Optional.ofNullable(arguments.named().get(name))
                .orElseThrow(() -> new JinjaException("KeyError: '" + name + "'"));
    }
}
