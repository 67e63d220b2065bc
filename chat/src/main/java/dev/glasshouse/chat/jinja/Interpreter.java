package dev.glasshouse.chat.jinja;

import dev.glasshouse.chat.jinja.Expression.ArgumentList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Evaluates expressions and, with {@link Renderer}, runs statements: one tree walk for one rendering. Everything a
 * template can reach is a {@link Value}, and everything it does is counted by the {@link Budget}.
 */
final class Interpreter {
    private final Budget budget;
    private final Scope globals;
    private final Renderer renderer;
    private Scope scope;
    private int line = 1;
    private Text captured = Text.EMPTY;

    Interpreter(Budget budget, Scope globals) {
        this.budget = budget;
        this.globals = globals;
        scope = new Scope(globals);
        renderer = new Renderer(this, scope);
    }

    Budget budget() {
        return budget;
    }

    Renderer renderer() {
        return renderer;
    }

    Scope globals() {
        return globals;
    }

    Scope scope() {
        return scope;
    }

    void scope(Scope current) {
        scope = current;
    }

    int line() {
        return line;
    }

    void line(int current) {
        line = current;
    }

    /** Evaluates the filters behind a filter block or set block on the text the block made. */
    Value filterCaptured(Expression filters, Text text) {
        Text outer = captured;
        captured = text;
        Value result = evaluate(filters);
        captured = outer;
        return result;
    }

    Value evaluate(Expression expression) {
        budget.step();
        budget.enter();
        int outer = line;
        line = expression.line();
        Value value = dispatch(expression);
        line = outer;
        budget.leave();
        return value;
    }

    private Value dispatch(Expression expression) {
        return switch (expression) {
            case Expression.Constant constant -> constant.value();
            case Expression.Name name -> lookUp(name.name());
            case Expression.Captured ignored -> captured;
            case Expression.Attribute attribute ->
                Members.attribute(this, evaluate(attribute.target()), attribute.name());
            case Expression.Item item -> Members.item(this, evaluate(item.target()), evaluate(item.index()));
            case Expression.Cut cut ->
                new Value.Slice(evaluate(cut.start()), evaluate(cut.stop()), evaluate(cut.step()));
            case Expression.Call call -> call(evaluate(call.target()), arguments(call.arguments()));
            case Expression.Filter filter -> filter(filter);
            case Expression.Test test ->
                Tests.apply(this, test.name(), evaluate(test.target()), arguments(test.arguments()));
            case Expression.Not not -> Value.of(!Operators.truth(evaluate(not.target())));
            case Expression.Sign sign -> Operators.sign(evaluate(sign.target()), sign.negative());
            case Expression.Arithmetic operation ->
                Operators.arithmetic(
                        this, operation.operator(), evaluate(operation.left()), evaluate(operation.right()));
            case Expression.Logic logic -> {
                Value left = evaluate(logic.left());
                yield Operators.truth(left) == logic.and() ? evaluate(logic.right()) : left;
            }
            case Expression.Comparison comparison -> compare(comparison);
            case Expression.Concatenation concatenation -> {
                TextBuilder text = new TextBuilder(budget);
                concatenation.parts().forEach(part -> text.append(Representation.text(this, evaluate(part))));
                yield text.build();
            }
            case Expression.Conditional conditional -> {
                if (Operators.truth(evaluate(conditional.test()))) {
                    yield evaluate(conditional.then());
                }
                yield conditional.otherwise().isPresent()
                        ? evaluate(conditional.otherwise().get())
                        : new Value.Undefined("the inline if-expression on line " + conditional.line()
                                + " evaluated to false and no else section was defined.");
            }
            case Expression.Sequence sequence -> {
                budget.elements(sequence.elements().size());
                List<Value> elements = new ArrayList<>(sequence.elements().size());
                sequence.elements().forEach(element -> elements.add(evaluate(element)));
                yield new Value.Items(elements, sequence.tuple());
            }
            case Expression.Mapping mapping -> {
                budget.elements(2L * mapping.keys().size());
                Value.Dict dict = Value.Dict.empty();
                for (int i = 0; i < mapping.keys().size(); i++) {
                    Value key = evaluate(mapping.keys().get(i));
                    Operators.put(budget, dict, key, evaluate(mapping.values().get(i)));
                }
                yield dict;
            }
        };
    }

    private Value evaluate(Optional<Expression> expression) {
        return expression.isPresent() ? evaluate(expression.get()) : Value.NONE;
    }

    private Value lookUp(String name) {
        return scope.find(name).orElseGet(() -> new Value.Undefined("'" + name + "' is undefined"));
    }

    private Value compare(Expression.Comparison comparison) {
        Value left = evaluate(comparison.first());
        for (int i = 0; i < comparison.operators().size(); i++) {
            Value right = evaluate(comparison.others().get(i));
            if (!Operators.compare(this, comparison.operators().get(i), left, right)) {
                return Value.FALSE;
            }
            left = right;
        }
        return Value.TRUE;
    }

    private Value filter(Expression.Filter filter) {
        Value target = evaluate(filter.target());
        return Filters.apply(this, filter.name(), target, arguments(filter.arguments()));
    }

    Value call(Value target, Arguments arguments) {
        budget.step();
        budget.enter();
        int outer = line;
        Value result =
                switch (target) {
                    case Value.Callable callable -> callable.body().call(this, arguments);
                    case Value.Undefined undefined -> throw new JinjaException(undefined.message());
                    case Value.Host host ->
                        host.function().orElseThrow(() -> notCallable(target)).call(this, arguments);
                    default -> throw notCallable(target);
                };
        line = outer;
        budget.leave();
        return result;
    }

    private static JinjaException notCallable(Value target) {
        return new JinjaException("'" + Operators.typeName(target) + "' object is not callable");
    }

    Arguments arguments(ArgumentList list) {
        if (list.isEmpty()) {
            return Arguments.NONE;
        }
        budget.elements(list.positional().size() + 2L * list.named().size());
        List<Value> positional = new ArrayList<>(list.positional().size());
        list.positional().forEach(argument -> positional.add(evaluate(argument)));
        list.spread()
                .ifPresent(spread -> Sequences.each(this, evaluate(spread), value -> {
                    budget.elements(1);
                    positional.add(value);
                }));
        Map<String, Value> named = new LinkedHashMap<>();
        for (Expression.Keyword keyword : list.named()) {
            putOnce(named, keyword.name(), evaluate(keyword.value()));
        }
        if (list.spreadNamed().isPresent()) {
            if (!(evaluate(list.spreadNamed().get()) instanceof Value.Dict dict)) {
                throw new JinjaException("the argument after ** must be a mapping");
            }
            for (Value.Member member : dict.members().values()) {
                if (!(member.key() instanceof Text key)) {
                    throw new JinjaException("keywords must be strings");
                }
                putOnce(named, key.value(), member.value());
            }
        }
        return new Arguments(positional, named);
    }

    private static void putOnce(Map<String, Value> named, String name, Value value) {
        if (named.put(name, value) != null) {
            throw new JinjaException("got multiple values for keyword argument '" + name + "'");
        }
    }
}
