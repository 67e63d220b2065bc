package dev.glasshouse.server;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The members of a JSON object, read strictly: an error names the member, what it should be and what it is. */
final class Fields {
    private final Json.ObjectValue json;
    private final String where;
    private final Set<String> read = new HashSet<>();

    private Fields(Json.ObjectValue json, String where) {
        this.json = json;
        this.where = where;
    }

    /** The members of a body. @throws ApiException if it is no object */
    static Fields of(Json json) {
        if (json instanceof Json.ObjectValue object) {
            return new Fields(object, "");
        }
        throw ApiException.bad("The body must be a JSON object, not " + json.kind() + ".");
    }

    /** The members of an object inside another. */
    static Fields of(Json json, String where) {
        if (json instanceof Json.ObjectValue object) {
            return new Fields(object, where + ".");
        }
        throw ApiException.field(where, "\"" + where + "\" must be an object, not " + json.kind() + ".");
    }

    /** The value of a member; empty where it is absent or null. */
    Optional<Json> value(String name) {
        read.add(name);
        return json.find(name).filter(value -> !value.isNull());
    }

    boolean has(String name) {
        return value(name).isPresent();
    }

    Optional<String> string(String name) {
        return value(name).map(value -> {
            if (value instanceof Json.StringValue text) {
                return text.text();
            }
            throw wrong(name, "a string", value);
        });
    }

    String needString(String name) {
        return string(name).orElseThrow(() -> missing(name));
    }

    boolean bool(String name, boolean otherwise) {
        return value(name)
                .map(value -> {
                    if (value instanceof Json.BooleanValue truth) {
                        return truth.truth();
                    }
                    throw wrong(name, "true or false", value);
                })
                .orElse(otherwise);
    }

    OptionalInt integer(String name, int least, int most) {
        Optional<Json> value = value(name);
        return value.isEmpty() ? OptionalInt.empty() : OptionalInt.of(integer(name, value.get(), least, most));
    }

    int needInteger(String name, int least, int most) {
        return integer(name, least, most).orElseThrow(() -> missing(name));
    }

    private int integer(String name, Json value, int least, int most) {
        String expected = "a whole number from " + least + " to " + most;
        if (!(value instanceof Json.NumberValue number)) {
            throw wrong(name, expected, value);
        }
        try {
            BigDecimal decimal = decimal(number.text());
            if (decimal.compareTo(BigDecimal.valueOf(least)) >= 0 && decimal.compareTo(BigDecimal.valueOf(most)) <= 0) {
                return decimal.intValueExact();
            }
        } catch (ArithmeticException notWhole) {
            // told below
        }
        throw wrong(name, expected, value);
    }

    /** @throws ArithmeticException for exponents that no number of ours has */
    private static BigDecimal decimal(String text) {
        if (text.length() > 40) {
            throw new ArithmeticException("too long");
        }
        try {
            BigDecimal decimal = new BigDecimal(text);
            long magnitude = (long) decimal.precision() - decimal.scale();
            if (magnitude > 40 || magnitude < -40) {
                throw new ArithmeticException("too large or too small");
            }
            return decimal;
        } catch (NumberFormatException e) {
            throw new ArithmeticException("an exponent beyond all bounds");
        }
    }

    /** Token ids. */
    Optional<int[]> ids(String name, int most) {
        return value(name).map(value -> {
            if (!(value instanceof Json.ArrayValue array) || array.elements().size() > most) {
                throw wrong(name, "an array of at most " + most + " token ids", value);
            }
            int[] ids = new int[array.elements().size()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = integer(name + "[" + i + "]", array.elements().get(i), 0, Integer.MAX_VALUE);
            }
            return ids;
        });
    }

    /** Strings: one, or an array of at most {@code most}. */
    List<String> strings(String name, int most) {
        Optional<Json> value = value(name);
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get() instanceof Json.StringValue one) {
            return List.of(one.text());
        }
        if (!(value.get() instanceof Json.ArrayValue array) || array.elements().size() > most) {
            throw wrong(name, "a string or an array of at most " + most + " strings", value.get());
        }
        List<String> texts = new ArrayList<>();
        for (Json element : array.elements()) {
            if (!(element instanceof Json.StringValue text)) {
                throw wrong(name + "[" + texts.size() + "]", "a string", element);
            }
            texts.add(text.text());
        }
        return texts;
    }

    /** An array; empty where it is absent or null. */
    Optional<List<Json>> array(String name) {
        return value(name).map(value -> {
            if (value instanceof Json.ArrayValue array) {
                return array.elements();
            }
            throw wrong(name, "an array", value);
        });
    }

    Optional<Fields> object(String name) {
        return value(name).map(value -> of(value, where + name));
    }

    /** All members, as read by others. */
    Json.ObjectValue json() {
        return json;
    }

    /** @throws ApiException if there are members that nobody asked for */
    void noOthers() {
        for (String name : json.members().keySet()) {
            if (!read.contains(name)) {
                String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
                throw ApiException.field(where + shown, "\"" + where + shown + "\" is not known here.");
            }
        }
    }

    ApiException missing(String name) {
        return ApiException.field(where + name, "\"" + where + name + "\" is missing.");
    }

    ApiException wrong(String name, String expected, Json value) {
        String shown =
                value instanceof Json.NumberValue number && number.text().length() <= 30 ? number.text() : value.kind();
        return ApiException.field(
                where + name, "\"" + where + name + "\" must be " + expected + ", not " + shown + ".");
    }

    /** Runs something that may find a member's value wrong. */
    static <T> T checked(String param, java.util.function.Supplier<T> reading) {
        try {
            return reading.get();
        } catch (GlassException e) {
            throw ApiException.field(param, String.valueOf(e.getMessage()));
        }
    }
}
