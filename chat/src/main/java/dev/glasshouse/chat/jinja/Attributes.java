package dev.glasshouse.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code attribute="a.b.0"} picks out of an element. */
final class Attributes {
    interface Getter {
        Value get(Value element);
    }

    private Attributes() {}

    /**
     * @param attribute absent: the element itself
     * @param fallback for what is undefined
     * @param sensitive false: texts in lower case, to compare by
     */
    static Getter getter(Interpreter in, Optional<Value> attribute, Optional<Value> fallback, boolean sensitive) {
        List<Value> path = new ArrayList<>();
        attribute.ifPresent(value -> {
            if (value instanceof Text text) {
                for (String part : text.value().split("\\.", -1)) {
                    boolean number =
                            !part.isEmpty() && part.length() < 10 && FormatSpec.digits(part, 0) == part.length();
                    path.add(number ? new Value.Int(new BigInteger(part)) : Text.of(part));
                }
            } else {
                path.add(value);
            }
        });
        return element -> {
            Value value = element;
            for (Value part : path) {
                value = Members.item(in, value, part);
                if (value instanceof Value.Undefined && fallback.isPresent()) {
                    value = fallback.get();
                }
            }
            return folded(in, value, sensitive);
        };
    }

    static Value folded(Interpreter in, Value value, boolean sensitive) {
        return !sensitive && value instanceof Text text ? TextCase.lower(in, text) : value;
    }
}
