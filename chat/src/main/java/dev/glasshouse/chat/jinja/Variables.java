package dev.glasshouse.chat.jinja;

import dev.glasshouse.weights.Json;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a template is given. Every string is input, unless it is given by {@link #control}. */
public final class Variables {
    private final Map<String, Value> values = new LinkedHashMap<>();
    private long characters;

    /** Text that may hold control tokens, such as the BOS token's. */
    public Variables control(String name, String text) {
        characters += text.length();
        values.put(name, Text.of(text));
        return this;
    }

    /** A value from outside. */
    public Variables input(String name, Json value) {
        return input(name, value, Set.of());
    }

    /**
     * A value from outside, in which the strings under some keys of the objects of its first level count as template
     * text: a role is a word the template builds control tokens of. Only plain words are trusted so.
     */
    public Variables input(String name, Json value, Set<String> trustedKeys) {
        if (!(value instanceof Json.ArrayValue array) || trustedKeys.isEmpty()) {
            values.put(name, convert(value));
            return this;
        }
        List<Value> list = new ArrayList<>();
        for (Json element : array.elements()) {
            Value converted = convert(element);
            if (converted instanceof Value.Dict dict) {
                for (String key : trustedKeys) {
                    if (dict.get(key).orElse(Value.NONE) instanceof Text text && plainWord(text.value())) {
                        dict.with(key, Text.of(text.value()));
                    }
                }
            }
            list.add(converted);
        }
        values.put(name, Value.Items.list(list));
        return this;
    }

    private static boolean plainWord(String text) {
        return text.length() <= 32 && text.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '_'));
    }

    private Value convert(Json json) {
        characters += 8;
        return switch (json) {
            case Json.NullValue ignored -> Value.NONE;
            case Json.BooleanValue bool -> Value.of(bool.truth());
            case Json.StringValue string -> text(string.text());
            case Json.NumberValue number -> number(number);
            case Json.ArrayValue array ->
                Value.Items.list(array.elements().stream().map(this::convert).toList());
            case Json.ObjectValue object -> {
                Value.Dict dict = Value.Dict.empty();
                object.members()
                        .forEach((key, value) -> dict.members().put(key, new Value.Member(text(key), convert(value))));
                yield dict;
            }
        };
    }

    private Text text(String text) {
        characters += text.length();
        return Text.input(text);
    }

    private static Value number(Json.NumberValue number) {
        if (!number.isInteger()) {
            return new Value.Real(number.asDouble());
        }
        if (number.text().length() > 2000) {
            throw new JinjaException("a number of more than 2000 digits was given to the template");
        }
        return new Value.Int(new BigInteger(number.text()));
    }

    Map<String, Value> values() {
        return values;
    }

    long characters() {
        return characters;
    }
}
