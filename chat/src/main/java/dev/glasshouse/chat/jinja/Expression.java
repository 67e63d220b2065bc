package dev.glasshouse.chat.jinja;

import java.util.List;
import java.util.Optional;

/** What stands in <code>{{ }}</code> and inside tags. */
sealed interface Expression {
    int line();

    record Constant(int line, Value value) implements Expression {}

    record Name(int line, String name) implements Expression {}

    record Sequence(int line, List<Expression> elements, boolean tuple) implements Expression {}

    record Mapping(int line, List<Expression> keys, List<Expression> values) implements Expression {}

    record Attribute(int line, Expression target, String name) implements Expression {}

    record Item(int line, Expression target, Expression index) implements Expression {}

    record Cut(int line, Optional<Expression> start, Optional<Expression> stop, Optional<Expression> step)
            implements Expression {}

    record Call(int line, Expression target, ArgumentList arguments) implements Expression {}

    record Filter(int line, Expression target, String name, ArgumentList arguments) implements Expression {}

    record Test(int line, Expression target, String name, ArgumentList arguments) implements Expression {}

    record Not(int line, Expression target) implements Expression {}

    record Sign(int line, Expression target, boolean negative) implements Expression {}

    record Arithmetic(int line, String operator, Expression left, Expression right) implements Expression {}

    record Logic(int line, boolean and, Expression left, Expression right) implements Expression {}

    record Comparison(int line, Expression first, List<String> operators, List<Expression> others)
            implements Expression {}

    record Concatenation(int line, List<Expression> parts) implements Expression {}

    record Conditional(int line, Expression test, Expression then, Optional<Expression> otherwise)
            implements Expression {}

    /** The text of the surrounding filter block or set block. */
    record Captured(int line) implements Expression {}

    record Keyword(String name, Expression value) {}

    record ArgumentList(
            List<Expression> positional,
            List<Keyword> named,
            Optional<Expression> spread,
            Optional<Expression> spreadNamed) {
        static final ArgumentList NONE = new ArgumentList(List.of(), List.of(), Optional.empty(), Optional.empty());

        boolean isEmpty() {
            return positional.isEmpty() && named.isEmpty() && spread.isEmpty() && spreadNamed.isEmpty();
        }
    }
}
