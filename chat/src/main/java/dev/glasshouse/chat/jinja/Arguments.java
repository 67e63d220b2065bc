package dev.glasshouse.chat.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The arguments of one call. */
record Arguments(List<Value> positional, Map<String, Value> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    static Arguments of(Value... positional) {
        return new Arguments(List.of(positional), Map.of());
    }

    /** Fits the arguments to parameter names, as Python would, or fails. */
    Bound bind(String function, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new JinjaException(function + "() takes at most " + parameters.length + " arguments ("
                    + positional.size() + " given)");
        }
        Value[] values = new Value[parameters.length];
        boolean[] given = new boolean[parameters.length];
        for (int i = 0; i < positional.size(); i++) {
            values[i] = positional.get(i);
            given[i] = true;
        }
        for (Map.Entry<String, Value> argument : named.entrySet()) {
            int at = List.of(parameters).indexOf(argument.getKey());
            if (at < 0) {
                throw new JinjaException(
                        function + "() got an unexpected keyword argument '" + argument.getKey() + "'");
            }
            if (given[at]) {
                throw new JinjaException(function + "() got multiple values for argument '" + argument.getKey() + "'");
            }
            values[at] = argument.getValue();
            given[at] = true;
        }
        for (int i = 0; i < values.length; i++) {
            if (!given[i]) {
                values[i] = Value.NONE;
            }
        }
        return new Bound(function, parameters, values, given);
    }

    /** Arguments by parameter. */
    record Bound(String function, String[] parameters, Value[] values, boolean[] given) {
        boolean has(int index) {
            return given[index];
        }

        Value required(int index) {
            if (!given[index]) {
                throw new JinjaException(function + "() missing required argument: '" + parameters[index] + "'");
            }
            return values[index];
        }

        Optional<Value> find(int index) {
            return given[index] ? Optional.of(values[index]) : Optional.empty();
        }

        /** As {@link #find}, with None counting as absent. */
        Optional<Value> present(int index) {
            return find(index).filter(value -> !(value instanceof Value.None));
        }

        boolean flag(int index, boolean otherwise) {
            return find(index).map(Operators::truth).orElse(otherwise);
        }

        int integer(int index, int otherwise) {
            return find(index).map(Operators::index).orElse(otherwise);
        }

        Text text(int index) {
            Value value = required(index);
            if (value instanceof Text text) {
                return text;
            }
            throw new JinjaException(
                    function + "() argument '" + parameters[index] + "' must be str, not " + Operators.typeName(value));
        }
    }
}
