package dev.glasshouse.sampling;

import dev.glasshouse.weights.GlassException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the values of parameters from what JSON, a model file or a command line holds; empty where it does not fit. */
final class ParameterValues {
    static final SortedMap<Integer, Float> NO_BIASES = Collections.unmodifiableSortedMap(new TreeMap<>());
    private static final float MAX_BIAS = 10_000;
    private static final int MAX_BREAKERS = 1000;

    private ParameterValues() {}

    static Optional<Float> number(Object raw, double least, double most) {
        // Through F32 first: 0.1 as a float is a little more than 0.1 as a double.
        return decimal(raw)
                .map(BigDecimal::floatValue)
                .filter(value -> value >= (float) least && value <= (float) most);
    }

    static Optional<Integer> integer(Object raw, long least, long most) {
        return whole(raw, least, most).map(Long::intValue);
    }

    static Optional<Long> seed(Object raw) {
        return whole(raw, -1, 0xffff_ffffL);
    }

    private static Optional<Long> whole(Object raw, long least, long most) {
        return decimal(raw)
                .filter(value -> value.stripTrailingZeros().scale() <= 0)
                .filter(value -> value.compareTo(BigDecimal.valueOf(least)) >= 0
                        && value.compareTo(BigDecimal.valueOf(most)) <= 0)
                .map(BigDecimal::longValue);
    }

    private static Optional<BigDecimal> decimal(Object raw) {
        if (!(raw instanceof Number || raw instanceof CharSequence)) {
            return Optional.empty();
        }
        String text = raw.toString().strip();
        if (text.length() > 100) {
            return Optional.empty();
        }
        try {
            BigDecimal value = new BigDecimal(text);
            // No value of ours has more digits before the point, or zeros behind it.
            long magnitude = (long) value.precision() - value.scale();
            return magnitude > -100 && magnitude < 100 ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    static Optional<List<StageKind>> order(Object raw) {
        if (raw instanceof List<?> list) {
            List<StageKind> kinds = new ArrayList<>();
            for (Object element : list) {
                Optional<StageKind> kind = element instanceof StageKind known
                        ? Optional.of(known)
                        : StageKind.find(String.valueOf(element));
                if (kind.isEmpty()) {
                    return Optional.empty();
                }
                kinds.add(kind.get());
            }
            return distinct(kinds);
        }
        if (raw instanceof CharSequence text) {
            try {
                return distinct(StageKind.parseOrder(text.toString()));
            } catch (GlassException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<List<StageKind>> distinct(List<StageKind> kinds) {
        return kinds.stream().distinct().count() == kinds.size() ? Optional.of(List.copyOf(kinds)) : Optional.empty();
    }

    static Optional<List<String>> texts(Object raw) {
        if (raw instanceof CharSequence text) {
            return Optional.of("none".contentEquals(text) ? List.of() : List.of(text.toString()));
        }
        if (raw instanceof List<?> list
                && list.size() <= MAX_BREAKERS
                && list.stream().allMatch(CharSequence.class::isInstance)) {
            return Optional.of(list.stream().map(String::valueOf).toList());
        }
        return Optional.empty();
    }

    static Optional<SortedMap<Integer, Float>> biases(Object raw) {
        if (!(raw instanceof Map<?, ?> map)) {
            return Optional.empty();
        }
        SortedMap<Integer, Float> biases = new TreeMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Optional<Integer> id = integer(entry.getKey(), 0, Integer.MAX_VALUE);
            Optional<Float> bias = bias(entry.getValue());
            if (id.isEmpty() || bias.isEmpty()) {
                return Optional.empty();
            }
            biases.put(id.get(), bias.get());
        }
        return Optional.of(Collections.unmodifiableSortedMap(biases));
    }

    private static Optional<Float> bias(Object raw) {
        String text = raw.toString();
        if (text.equals("false") || text.equals("-inf") || text.equals("-Infinity")) {
            return Optional.of(Float.NEGATIVE_INFINITY);
        }
        return number(raw, -MAX_BIAS, MAX_BIAS);
    }

    /** A number for people, without ".0". */
    static String plain(double value) {
        return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }
}
