package dev.glasshouse.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Walking, measuring, indexing and slicing. */
final class Sequences {
    /** As in Jinja's sandbox. */
    static final int LONGEST_RANGE = 100_000;

    private Sequences() {}

    static Iterator<Value> iterate(Interpreter interpreter, Value value) {
        return switch (value) {
            case Value.Items items -> items.elements().iterator();
            case Value.Group group -> group.tuple().elements().iterator();
            case Value.Dict dict -> dict.keys().iterator();
            case Value.View view -> view.elements().iterator();
            case Value.Cursor cursor -> cursor.rest();
            case Value.Undefined ignored -> Collections.emptyIterator();
            case Value.Range range -> counted(range.size(), range::at);
            case Text text -> characters(interpreter.budget(), text);
            default -> throw new JinjaException("'" + Operators.typeName(value) + "' object is not iterable");
        };
    }

    static boolean iterable(Value value) {
        return switch (value) {
            case Value.Items ignored -> true;
            case Value.Group ignored -> true;
            case Value.Dict ignored -> true;
            case Value.View ignored -> true;
            case Value.Cursor ignored -> true;
            case Value.Undefined ignored -> true;
            case Value.Range ignored -> true;
            case Text ignored -> true;
            default -> false;
        };
    }

    private static Iterator<Value> counted(int size, IntFunction<Value> element) {
        return new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at < size;
            }

            @Override
            public Value next() {
                if (at >= size) {
                    throw new NoSuchElementException();
                }
                return element.apply(at++);
            }
        };
    }

    private static Iterator<Value> characters(Budget budget, Text text) {
        return new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at < text.units();
            }

            @Override
            public Value next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int start = at;
                at += Character.charCount(text.value().codePointAt(at));
                return text.slice(budget, start, at);
            }
        };
    }

    static void each(Interpreter interpreter, Value values, Consumer<Value> action) {
        Iterator<Value> iterator = iterate(interpreter, values);
        while (iterator.hasNext()) {
            interpreter.budget().step();
            action.accept(iterator.next());
        }
    }

    /** The elements in a list that may be changed. */
    static List<Value> list(Interpreter interpreter, Value values) {
        List<Value> list = new ArrayList<>();
        each(interpreter, values, value -> {
            interpreter.budget().elements(1);
            list.add(value);
        });
        return list;
    }

    static Optional<Integer> length(Value value) {
        return switch (value) {
            case Text text -> Optional.of(text.length());
            case Value.Items items -> Optional.of(items.elements().size());
            case Value.Group ignored -> Optional.of(2);
            case Value.Dict dict -> Optional.of(dict.members().size());
            case Value.View view -> Optional.of(view.elements().size());
            case Value.Range range -> Optional.of(range.size());
            case Value.Undefined ignored -> Optional.of(0);
            default -> Optional.empty();
        };
    }

    /** Whether the value has a length and elements by index or key. */
    static boolean indexed(Value value) {
        return !(value instanceof Value.View) && length(value).isPresent();
    }

    static Optional<Value> element(Interpreter interpreter, Value value, BigInteger index) {
        int length = length(value).orElseThrow();
        BigInteger place = index.signum() < 0 ? index.add(BigInteger.valueOf(length)) : index;
        if (place.signum() < 0 || place.compareTo(BigInteger.valueOf(length)) >= 0) {
            return Optional.empty();
        }
        return Optional.of(at(interpreter, value, place.intValue()));
    }

    private static Value at(Interpreter interpreter, Value value, int index) {
        return switch (value) {
            case Value.Items items -> items.elements().get(index);
            case Value.Group group -> group.tuple().elements().get(index);
            case Value.Range range -> range.at(index);
            case Text text -> {
                interpreter.budget().work(1 + text.units() / 16);
                int start = text.unitOf(index);
                int end = start + Character.charCount(text.value().codePointAt(start));
                yield text.slice(interpreter.budget(), start, end);
            }
            default -> throw new IllegalStateException("no sequence");
        };
    }

    /** {@code value[start:stop:step]} of a string, list, tuple or range. */
    static Value slice(Interpreter interpreter, Value value, Value.Slice slice) {
        Budget budget = interpreter.budget();
        int length = length(value).orElseThrow();
        int step = bound(slice.step()).map(Operators::clamp).orElse(1);
        if (step == 0) {
            throw new JinjaException("slice step cannot be zero");
        }
        boolean forward = step > 0;
        int start = bound(slice.start()).map(b -> clip(b, length, forward)).orElse(forward ? 0 : length - 1);
        int stop = bound(slice.stop()).map(b -> clip(b, length, forward)).orElse(forward ? length : -1);
        long distance = forward ? (long) stop - start : (long) start - stop;
        int count = distance <= 0 ? 0 : (int) ((distance - 1) / Math.abs((long) step) + 1);
        if (value instanceof Text text) {
            budget.work(1 + text.units() / 16);
            if (step == 1 || count == 0) {
                int from = count == 0 ? 0 : text.unitOf(start);
                int to = count == 0 ? 0 : text.value().offsetByCodePoints(from, count);
                return text.slice(budget, from, to);
            }
            return stepped(budget, text, length, start, step, count);
        }
        if (value instanceof Value.Range range) {
            BigInteger first = range.start().add(range.step().multiply(BigInteger.valueOf(start)));
            return new Value.Range(first, range.step().multiply(BigInteger.valueOf(step)), count);
        }
        budget.elements(count);
        List<Value> part = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            part.add(at(interpreter, value, start + i * step));
        }
        return new Value.Items(part, !(value instanceof Value.Items items) || items.tuple());
    }

    private static Text stepped(Budget budget, Text text, int length, int start, int step, int count) {
        budget.characters(2L * length);
        int[] units = new int[length + 1];
        for (int i = 0, unit = 0; i < length; i++) {
            units[i] = unit;
            unit += Character.charCount(text.value().codePointAt(unit));
            units[i + 1] = unit;
        }
        TextBuilder out = new TextBuilder(budget);
        for (int i = 0; i < count; i++) {
            int at = start + i * step;
            out.append(text, units[at], units[at + 1]);
        }
        return out.build().withMarkup(text.markup());
    }

    private static Optional<BigInteger> bound(Value value) {
        if (value instanceof Value.None) {
            return Optional.empty();
        }
        Optional<BigInteger> number = Operators.integer(value);
        if (number.isEmpty()) {
            throw new JinjaException("slice indices must be integers or None");
        }
        return number;
    }

    private static int clip(BigInteger bound, int length, boolean forward) {
        int low = forward ? 0 : -1;
        int high = forward ? length : length - 1;
        int place = Operators.clamp(bound.signum() < 0 ? bound.add(BigInteger.valueOf(length)) : bound);
        return Math.max(low, Math.min(high, place));
    }

    static Value.Range range(List<Value> bounds) {
        if (bounds.isEmpty() || bounds.size() > 3) {
            throw new JinjaException("range expected 1 to 3 arguments, got " + bounds.size());
        }
        BigInteger[] numbers = new BigInteger[bounds.size()];
        for (int i = 0; i < numbers.length; i++) {
            Value bound = bounds.get(i);
            Operators.undefinedFails(bound);
            numbers[i] = Operators.integer(bound)
                    .orElseThrow(() -> new JinjaException(
                            "'" + Operators.typeName(bound) + "' object cannot be interpreted as an integer"));
        }
        BigInteger start = numbers.length == 1 ? BigInteger.ZERO : numbers[0];
        BigInteger stop = numbers.length == 1 ? numbers[0] : numbers[1];
        BigInteger step = numbers.length == 3 ? numbers[2] : BigInteger.ONE;
        if (step.signum() == 0) {
            throw new JinjaException("range() arg 3 must not be zero");
        }
        BigInteger distance = stop.subtract(start);
        if (distance.signum() != step.signum()) {
            return new Value.Range(start, step, 0);
        }
        BigInteger size =
                distance.abs().subtract(BigInteger.ONE).divide(step.abs()).add(BigInteger.ONE);
        if (size.compareTo(BigInteger.valueOf(LONGEST_RANGE)) > 0) {
            throw new JinjaException("Range too big. The sandbox blocks ranges larger than " + LONGEST_RANGE + ".");
        }
        return new Value.Range(start, step, size.intValue());
    }
}
