package dev.glasshouse.chat.jinja;

import dev.glasshouse.chat.jinja.Statement.Parameter;
import dev.glasshouse.chat.jinja.Statement.Signature;
import dev.glasshouse.chat.jinja.Statement.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs statements; what they print goes to the innermost open text. */
final class Renderer {
    /** How a list of statements ended. */
    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    private final Interpreter interpreter;
    private final Budget budget;
    private final Scope top;
    private TextBuilder out;

    Renderer(Interpreter interpreter, Scope top) {
        this.interpreter = interpreter;
        this.top = top;
        budget = interpreter.budget();
        out = new TextBuilder(budget);
    }

    Text render(List<Statement> template) {
        run(template);
        return out.build();
    }

    private Flow run(List<Statement> statements) {
        for (Statement statement : statements) {
            Flow flow = run(statement);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    private Flow run(Statement statement) {
        budget.step();
        budget.enter();
        interpreter.line(statement.line());
        Flow flow = Flow.NEXT;
        switch (statement) {
            case Statement.Data data -> out.append(data.text());
            case Statement.Output output ->
                out.append(Representation.text(interpreter, interpreter.evaluate(output.value())));
            case Statement.If branching -> flow = run(choose(branching));
            case Statement.For loop -> run(loop, interpreter.evaluate(loop.values()), interpreter.scope(), 0);
            case Statement.Set set -> assign(set.target(), interpreter.evaluate(set.value()));
            case Statement.SetBlock set -> {
                Text text = capture(set.body(), new Scope(interpreter.scope()));
                assign(set.target(), interpreter.filterCaptured(set.result(), text));
            }
            case Statement.FilterBlock filter -> {
                Text text = capture(filter.body(), new Scope(interpreter.scope()));
                Value result = interpreter.filterCaptured(filter.result(), text);
                out.append(Representation.text(interpreter, result));
            }
            case Statement.Macro macro -> {
                Value function = function(macro.signature(), macro.body(), interpreter.scope());
                interpreter.scope().set(macro.signature().name(), function);
            }
            case Statement.CallBlock block -> call(block);
            case Statement.With with -> flow = run(with);
            case Statement.Block block -> run(block.body(), new Scope(block.scoped() ? interpreter.scope() : top));
            case Statement.Break ignored -> flow = Flow.BREAK;
            case Statement.Continue ignored -> flow = Flow.CONTINUE;
        }
        budget.leave();
        return flow;
    }

    private List<Statement> choose(Statement.If branching) {
        for (Statement.Branch branch : branching.branches()) {
            if (Operators.truth(interpreter.evaluate(branch.test()))) {
                return branch.body();
            }
        }
        return branching.otherwise();
    }

    private Flow run(List<Statement> body, Scope inner) {
        Scope outer = interpreter.scope();
        interpreter.scope(inner);
        Flow flow = run(body);
        interpreter.scope(outer);
        return flow;
    }

    private Text capture(List<Statement> body, Scope inner) {
        TextBuilder outer = out;
        out = new TextBuilder(budget);
        run(body, inner);
        Text text = out.build();
        out = outer;
        return text;
    }

    private Flow run(Statement.With with) {
        List<Value> values = new ArrayList<>();
        with.values().forEach(value -> values.add(interpreter.evaluate(value)));
        Scope outer = interpreter.scope();
        interpreter.scope(new Scope(outer));
        for (int i = 0; i < values.size(); i++) {
            assign(with.targets().get(i), values.get(i));
        }
        Flow flow = run(with.body());
        interpreter.scope(outer);
        return flow;
    }

    private void run(Statement.For loop, Value values, Scope outside, int depth) {
        Iterator<Value> chosen = Sequences.iterate(interpreter, values);
        Optional<Value> sized = Optional.of(values);
        if (loop.test().isPresent()) {
            chosen = new Selection(chosen, loop, outside, loop.test().get());
            sized = Optional.empty();
        }
        Optional<Value.Function> again = Optional.empty();
        if (loop.recursive()) {
            again = Optional.of((in, arguments) -> recurse(loop, arguments, outside, depth + 1));
        }
        LoopState state = new LoopState(chosen, sized, again, depth);
        boolean any = false;
        Scope before = interpreter.scope();
        while (state.hasNext(interpreter)) {
            any = true;
            budget.step();
            Scope inner = new Scope(outside);
            interpreter.scope(inner);
            inner.set("loop", state);
            assign(loop.target(), state.next(interpreter));
            if (run(loop.body()) == Flow.BREAK) {
                break;
            }
        }
        interpreter.scope(before);
        if (!any) {
            run(loop.otherwise(), new Scope(outside));
        }
    }

    private Value recurse(Statement.For loop, Arguments arguments, Scope outside, int depth) {
        Value values = arguments.bind("loop", "iterable").required(0);
        TextBuilder outer = out;
        out = new TextBuilder(budget);
        run(loop, values, outside, depth);
        Text text = out.build();
        out = outer;
        return text;
    }

    /** The values that pass the loop's own test, found one at a time, since the loop's body may change what it sees. */
    private final class Selection implements Iterator<Value> {
        private final Iterator<Value> values;
        private final Statement.For loop;
        private final Scope outside;
        private final Expression test;
        private Optional<Value> ready = Optional.empty();

        Selection(Iterator<Value> values, Statement.For loop, Scope outside, Expression test) {
            this.values = values;
            this.loop = loop;
            this.outside = outside;
            this.test = test;
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && values.hasNext()) {
                budget.step();
                Value value = values.next();
                Scope current = interpreter.scope();
                interpreter.scope(new Scope(outside));
                assign(loop.target(), value);
                if (Operators.truth(interpreter.evaluate(test))) {
                    ready = Optional.of(value);
                }
                interpreter.scope(current);
            }
            return ready.isPresent();
        }

        @Override
        public Value next() {
            if (!hasNext()) {
                throw new java.util.NoSuchElementException();
            }
            Value value = ready.orElseThrow();
            ready = Optional.empty();
            return value;
        }
    }

    private void assign(Target target, Value value) {
        switch (target) {
            case Statement.NameTarget name -> interpreter.scope().set(name.name(), value);
            case Statement.NamespaceTarget place -> {
                Optional<Value> holder = interpreter.scope().find(place.name());
                if (holder.isEmpty()) {
                    throw new JinjaException("'" + place.name() + "' is undefined");
                }
                if (!(holder.get() instanceof Value.Namespace namespace)) {
                    throw new JinjaException("cannot assign attribute on non-namespace object");
                }
                budget.elements(1);
                namespace.attributes().put(place.attribute(), value);
            }
            case Statement.TupleTarget tuple -> unpack(tuple.targets(), value);
        }
    }

    private void unpack(List<Target> targets, Value value) {
        Iterator<Value> parts = Sequences.iterate(interpreter, value);
        int count = 0;
        for (Target target : targets) {
            if (!parts.hasNext()) {
                throw new JinjaException(
                        "not enough values to unpack (expected " + targets.size() + ", got " + count + ")");
            }
            assign(target, parts.next());
            count++;
        }
        if (parts.hasNext()) {
            throw new JinjaException("too many values to unpack (expected " + targets.size() + ")");
        }
    }

    private void call(Statement.CallBlock block) {
        Value caller = function(block.signature(), block.body(), interpreter.scope());
        Value target = interpreter.evaluate(block.call().target());
        Arguments given = interpreter.arguments(block.call().arguments());
        Map<String, Value> named = new java.util.LinkedHashMap<>(given.named());
        named.put("caller", caller);
        Value result = interpreter.call(target, new Arguments(given.positional(), named));
        out.append(Representation.text(interpreter, result));
    }

    private Value function(Signature signature, List<Statement> body, Scope definition) {
        return new Value.Callable(
                signature.name(), (in, arguments) -> invoke(signature, body, new Scope(definition), arguments));
    }

    private Value invoke(Signature signature, List<Statement> body, Scope inner, Arguments arguments) {
        Map<String, Value> named = new java.util.LinkedHashMap<>(arguments.named());
        List<Value> positional = arguments.positional();
        Map<String, Boolean> given = new HashMap<>();
        int index = 0;
        for (Parameter parameter : signature.parameters()) {
            Optional<Value> value = Optional.empty();
            if (index < positional.size()) {
                value = Optional.of(positional.get(index));
            } else if (named.containsKey(parameter.name())) {
                value = Optional.ofNullable(named.remove(parameter.name()));
            }
            value.ifPresent(found -> {
                given.put(parameter.name(), true);
                inner.set(parameter.name(), found);
            });
            index++;
        }
        if (signature.caller() && !given.containsKey("caller")) {
            Value caller = Optional.ofNullable(named.remove("caller"))
                    .orElseGet(() -> new Value.Undefined("No caller defined"));
            inner.set("caller", caller);
        }
        if (signature.kwargs()) {
            Value.Dict rest = Value.Dict.empty();
            named.forEach(rest::with);
            inner.set("kwargs", rest);
        } else if (!named.isEmpty()) {
            throw new JinjaException("macro '" + signature.name() + "' takes no keyword argument '"
                    + named.keySet().iterator().next() + "'");
        }
        int extra = Math.min(positional.size(), signature.parameters().size());
        if (signature.varargs()) {
            inner.set("varargs", new Value.Items(List.copyOf(positional.subList(extra, positional.size())), true));
        } else if (extra < positional.size()) {
            throw new JinjaException("macro '" + signature.name() + "' takes not more than "
                    + signature.parameters().size() + " argument(s)");
        }
        Scope outer = interpreter.scope();
        interpreter.scope(inner);
        for (Parameter parameter : signature.parameters()) {
            if (!given.containsKey(parameter.name())) {
                Value fallback = parameter.fallback().isPresent()
                        ? interpreter.evaluate(parameter.fallback().get())
                        : new Value.Undefined("parameter '" + parameter.name() + "' was not provided");
                inner.set(parameter.name(), fallback);
            }
        }
        interpreter.scope(outer);
        return capture(body, inner);
    }
}
