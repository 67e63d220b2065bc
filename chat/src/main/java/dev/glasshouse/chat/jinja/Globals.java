package dev.glasshouse.chat.jinja;

import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The functions every chat template can call. */
final class Globals {
    private Globals() {}

    /** @param now what {@code strftime_now} tells */
    static Scope scope(LocalDateTime now) {
        Scope scope = new Scope();
        function(scope, "range", (in, arguments) -> {
            arguments.bind("range", "start", "stop", "step");
            return Sequences.range(arguments.positional());
        });
        function(scope, "namespace", (in, arguments) -> {
            Map<String, Value> attributes = new LinkedHashMap<>();
            dict(in, arguments).members().values().forEach(member -> {
                if (member.key() instanceof Text name) {
                    attributes.put(name.value(), member.value());
                }
            });
            return new Value.Namespace(attributes);
        });
        function(scope, "dict", Globals::dict);
        function(scope, "raise_exception", (in, arguments) -> {
            Value message = arguments.bind("raise_exception", "message").required(0);
            throw JinjaException.raisedByTemplate(
                    Representation.text(in, message).value());
        });
        function(scope, "strftime_now", (in, arguments) -> {
            Text format = arguments.bind("strftime_now", "format").text(0);
            in.budget().characters(16L * format.units());
            return Text.of(TimeFormat.format(now, format.value()));
        });
        function(scope, "cycler", (in, arguments) -> new Cycler(arguments.positional()));
        function(scope, "joiner", (in, arguments) -> {
            Value separator = arguments.bind("joiner", "sep").find(0).orElse(Text.of(", "));
            boolean[] used = {false};
            return new Value.Callable("joiner", (inner, none) -> {
                none.bind("joiner");
                Value text = used[0] ? separator : Text.EMPTY;
                used[0] = true;
                return text;
            });
        });
        return scope;
    }

    private static void function(Scope scope, String name, Value.Function body) {
        scope.set(name, new Value.Callable(name, body));
    }

    private static Value.Dict dict(Interpreter in, Arguments arguments) {
        Value.Dict dict = Value.Dict.empty();
        if (arguments.positional().size() > 1) {
            throw new JinjaException("dict expected at most 1 argument, got "
                    + arguments.positional().size());
        }
        for (Value source : arguments.positional()) {
            if (source instanceof Value.Dict other) {
                in.budget().elements(2L * other.members().size());
                dict.members().putAll(other.members());
                continue;
            }
            Sequences.each(in, source, pair -> {
                List<Value> both = Sequences.list(in, pair);
                if (both.size() != 2) {
                    throw new JinjaException(
                            "dictionary update sequence element has length " + both.size() + "; 2 is required");
                }
                Operators.put(in.budget(), dict, both.getFirst(), both.getLast());
            });
        }
        in.budget().elements(2L * arguments.named().size());
        arguments.named().forEach(dict::with);
        return dict;
    }

    /** {@code cycler(a, b)}: one value after the other, for ever. */
    private static final class Cycler implements Value.Host {
        private final List<Value> values;
        private int at;

        Cycler(List<Value> values) {
            if (values.isEmpty()) {
                throw new JinjaException("at least one item has to be provided");
            }
            this.values = values;
        }

        @Override
        public String typeName() {
            return "jinja2.utils.Cycler";
        }

        @Override
        public Optional<Value> attribute(Interpreter interpreter, String name) {
            return switch (name) {
                case "current" -> Optional.of(values.get(at));
                case "next" ->
                    Optional.of(new Value.Callable("next", (in, arguments) -> {
                        Value value = values.get(at);
                        at = (at + 1) % values.size();
                        return value;
                    }));
                case "reset" ->
                    Optional.of(new Value.Callable("reset", (in, arguments) -> {
                        at = 0;
                        return Value.NONE;
                    }));
                default -> Optional.empty();
            };
        }
    }
}
