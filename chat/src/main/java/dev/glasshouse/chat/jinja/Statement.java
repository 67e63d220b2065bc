package dev.glasshouse.chat.jinja;

import java.util.List;
import java.util.Optional;

/** What a template does, in order. */
sealed interface Statement {
    int line();

    record Data(int line, Text text) implements Statement {}

    record Output(int line, Expression value) implements Statement {}

    record Branch(Expression test, List<Statement> body) {}

    record If(int line, List<Branch> branches, List<Statement> otherwise) implements Statement {}

    record For(
            int line,
            Target target,
            Expression values,
            Optional<Expression> test,
            boolean recursive,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    record Set(int line, Target target, Expression value) implements Statement {}

    /** @param result the captured text, filters applied */
    record SetBlock(int line, Target target, Expression result, List<Statement> body) implements Statement {}

    record FilterBlock(int line, Expression result, List<Statement> body) implements Statement {}

    record Parameter(String name, Optional<Expression> fallback) {}

    /** A macro, or the body of a call block; what of the three special names its body uses. */
    record Signature(
            String name, List<Parameter> parameters, boolean varargs, boolean kwargs, boolean caller, int line) {}

    record Macro(int line, Signature signature, List<Statement> body) implements Statement {}

    record CallBlock(int line, Signature signature, Expression.Call call, List<Statement> body) implements Statement {}

    record With(int line, List<Target> targets, List<Expression> values, List<Statement> body) implements Statement {}

    /** A named block: sees the variables of the top level only, unless scoped. */
    record Block(int line, boolean scoped, List<Statement> body) implements Statement {}

    record Break(int line) implements Statement {}

    record Continue(int line) implements Statement {}

    /** What can stand left of an assignment. */
    sealed interface Target {}

    record NameTarget(String name) implements Target {}

    record NamespaceTarget(String name, String attribute) implements Target {}

    record TupleTarget(List<Target> targets) implements Target {}
}
