package dev.glasshouse.chat.jinja;

import java.util.List;
import java.util.function.Function;

/** Stable sorting by a key, counting its comparisons. */
final class Sorting {
    private Sorting() {}

    static <T> void sort(Interpreter interpreter, List<T> elements, Function<T, Value> key, boolean reverse) {
        record Keyed<T>(T element, Value key) {}
        interpreter.budget().elements(2L * elements.size());
        List<Keyed<T>> keyed = new java.util.ArrayList<>(elements.size());
        for (T element : elements) {
            keyed.add(new Keyed<>(element, key.apply(element)));
        }
        try {
            keyed.sort((a, b) -> {
                int sign = Operators.order(interpreter.budget(), "<", a.key(), b.key())
                        .orElse(0);
                return reverse ? -sign : sign;
            });
        } catch (IllegalArgumentException e) { // NaN stands in no order, which the sort may notice
            throw new JinjaException("values with NaN among them cannot be sorted");
        }
        for (int i = 0; i < keyed.size(); i++) {
            elements.set(i, keyed.get(i).element());
        }
    }
}
