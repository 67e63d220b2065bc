package dev.glasshouse.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The variable {@code loop}; looks ahead only when asked, as the values may depend on what the body does. */
final class LoopState implements Value.Host {
    private Iterator<Value> rest;
    private final Optional<Value> sized;
    private final Optional<Value.Function> again;
    private final int depth;
    private int index0 = -1;
    private int length = -1;
    private Optional<Value> before = Optional.empty();
    private Optional<Value> current = Optional.empty();
    private Optional<Value> after = Optional.empty();
    private Optional<List<Value>> lastChanged = Optional.empty();

    LoopState(Iterator<Value> rest, Optional<Value> sized, Optional<Value.Function> again, int depth) {
        this.rest = rest;
        this.sized = sized;
        this.again = again;
        this.depth = depth;
    }

    boolean hasNext(Interpreter interpreter) {
        return peek(interpreter).isPresent();
    }

    Value next(Interpreter interpreter) {
        Value value = peek(interpreter).orElseThrow();
        after = Optional.empty();
        index0++;
        before = current;
        current = Optional.of(value);
        return value;
    }

    private Optional<Value> peek(Interpreter interpreter) {
        if (after.isEmpty() && rest.hasNext()) {
            interpreter.budget().step();
            after = Optional.of(rest.next());
        }
        return after;
    }

    private int length(Interpreter interpreter) {
        if (length < 0) {
            Optional<Integer> known = sized.flatMap(Sequences::length);
            if (known.isPresent()) {
                length = known.get();
            } else {
                List<Value> drained = new ArrayList<>();
                while (rest.hasNext()) {
                    interpreter.budget().elements(1);
                    drained.add(rest.next());
                }
                rest = drained.iterator();
                length = drained.size() + index0 + 1 + (after.isPresent() ? 1 : 0);
            }
        }
        return length;
    }

    @Override
    public String typeName() {
        return "jinja2.runtime.LoopContext";
    }

    @Override
    public Optional<Value.Function> function() {
        return again.or(() -> Optional.of((interpreter, arguments) -> {
            throw new JinjaException("The loop must have the 'recursive' marker to be called recursively.");
        }));
    }

    @Override
    public Optional<Value> attribute(Interpreter interpreter, String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "index" -> Value.Int.of(index0 + 1);
                    case "index0" -> Value.Int.of(index0);
                    case "revindex" -> Value.Int.of(length(interpreter) - index0);
                    case "revindex0" -> Value.Int.of(length(interpreter) - index0 - 1);
                    case "first" -> Value.of(index0 == 0);
                    case "last" -> Value.of(!hasNext(interpreter));
                    case "length" -> Value.Int.of(length(interpreter));
                    case "depth" -> Value.Int.of(depth + 1);
                    case "depth0" -> Value.Int.of(depth);
                    case "previtem" -> before.orElseGet(() -> new Value.Undefined("there is no previous item"));
                    case "nextitem" -> peek(interpreter).orElseGet(() -> new Value.Undefined("there is no next item"));
                    case "cycle" -> new Value.Callable("cycle", (in, arguments) -> cycle(arguments.positional()));
                    case "changed" ->
                        new Value.Callable("changed", (in, arguments) -> changed(in, arguments.positional()));
                    default -> null;
                });
    }

    private Value cycle(List<Value> values) {
        if (values.isEmpty()) {
            throw new JinjaException("no items for cycling given");
        }
        return values.get(index0 % values.size());
    }

    private Value changed(Interpreter interpreter, List<Value> values) {
        Value now = new Value.Items(values, true);
        boolean same = lastChanged.isPresent()
                && Operators.equal(interpreter.budget(), new Value.Items(lastChanged.get(), true), now);
        lastChanged = Optional.of(values);
        return Value.of(!same);
    }
}
