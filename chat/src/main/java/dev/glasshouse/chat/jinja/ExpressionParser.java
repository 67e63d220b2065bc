package dev.glasshouse.chat.jinja;

import dev.glasshouse.chat.jinja.Expression.ArgumentList;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Expressions by recursive descent, from {@code x if y else z} down to names and literals. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> SPECIAL = Set.of("varargs", "kwargs", "caller");
    private static final int NESTING = 150;

    private final TokenStream tokens;
    private Set<String> specialNames = new HashSet<>();
    private int nesting;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    /** From here on, which of a macro's special names are used is noted. */
    Set<String> beginFunction() {
        Set<String> outer = specialNames;
        specialNames = new HashSet<>();
        return outer;
    }

    Set<String> endFunction(Set<String> outer) {
        Set<String> used = specialNames;
        outer.addAll(used);
        specialNames = outer;
        return used;
    }

    boolean tupleEnds(String... ends) {
        Token token = tokens.current();
        return token.kind() == Token.Kind.VARIABLE_END
                || token.kind() == Token.Kind.BLOCK_END
                || token.isOperator(")")
                || (token.kind() == Token.Kind.NAME && List.of(ends).contains(token.text()));
    }

    /** One expression, or several with commas between, which make a tuple. */
    Expression tuple(boolean conditional, String... ends) {
        return tuple(conditional, false, ends);
    }

    private Expression tuple(boolean conditional, boolean parentheses, String... ends) {
        int line = tokens.current().line();
        List<Expression> elements = new ArrayList<>();
        boolean tuple = false;
        while (!tupleEnds(ends)) {
            elements.add(expression(conditional));
            if (!tokens.skipOperator(",")) {
                break;
            }
            tuple = true;
        }
        if (!tuple && !elements.isEmpty()) {
            return elements.getFirst();
        }
        if (elements.isEmpty() && !parentheses) {
            throw tokens.failure(
                    "expected an expression, got " + tokens.current().describe());
        }
        return new Expression.Sequence(line, elements, true);
    }

    Expression expression(boolean conditional) {
        if (++nesting > NESTING) {
            throw tokens.failure("an expression is nested more than " + NESTING + " deep");
        }
        Expression expression = conditional ? conditional() : or();
        nesting--;
        return expression;
    }

    private Expression conditional() {
        int line = tokens.current().line();
        Expression then = or();
        while (tokens.skipName("if")) {
            Expression test = or();
            Optional<Expression> otherwise = tokens.skipName("else") ? Optional.of(expression(true)) : Optional.empty();
            then = new Expression.Conditional(line, test, then, otherwise);
        }
        return then;
    }

    private Expression or() {
        int line = tokens.current().line();
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Expression.Logic(line, false, left, and());
        }
        return left;
    }

    private Expression and() {
        int line = tokens.current().line();
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.Logic(line, true, left, not());
        }
        return left;
    }

    private Expression not() {
        int line = tokens.current().line();
        int negations = 0;
        while (tokens.skipName("not")) {
            negations++;
        }
        Expression target = comparison();
        // "not not x" is a boolean, too, so two of them do not cancel out but any further pair does.
        for (int i = 0; i < (negations > 2 ? 2 - (negations & 1) : negations); i++) {
            target = new Expression.Not(line, target);
        }
        return target;
    }

    private Expression comparison() {
        int line = tokens.current().line();
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.kind() == Token.Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                tokens.next();
                operators.add(token.text());
            } else if (tokens.skipName("in")) {
                operators.add("in");
            } else if (token.isName("not") && tokens.following().isName("in")) {
                tokens.next();
                tokens.next();
                operators.add("not in");
            } else {
                break;
            }
            others.add(sum());
        }
        return operators.isEmpty() ? first : new Expression.Comparison(line, first, operators, others);
    }

    private Expression sum() {
        int line = tokens.current().line();
        Expression left = concatenation();
        while (tokens.current().isOperator("+") || tokens.current().isOperator("-")) {
            String operator = tokens.next().text();
            left = new Expression.Arithmetic(line, operator, left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        int line = tokens.current().line();
        Expression first = product();
        if (!tokens.current().isOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return new Expression.Concatenation(line, parts);
    }

    private Expression product() {
        int line = tokens.current().line();
        Expression left = power();
        while (true) {
            Token token = tokens.current();
            if (!token.isOperator("*") && !token.isOperator("/") && !token.isOperator("//") && !token.isOperator("%")) {
                return left;
            }
            tokens.next();
            left = new Expression.Arithmetic(line, token.text(), left, power());
        }
    }

    private Expression power() {
        int line = tokens.current().line();
        Expression left = unary(true);
        while (tokens.skipOperator("**")) {
            left = new Expression.Arithmetic(line, "**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean filters) {
        int line = tokens.current().line();
        Expression node;
        if (tokens.current().isOperator("-") || tokens.current().isOperator("+")) {
            boolean negative = tokens.next().isOperator("-");
            if (++nesting > NESTING) {
                throw tokens.failure("an expression is nested more than " + NESTING + " deep");
            }
            node = new Expression.Sign(line, unary(false), negative);
            nesting--;
        } else {
            node = primary();
        }
        node = postfix(node);
        return filters ? filtersAndTests(node) : node;
    }

    private Expression primary() {
        Token token = tokens.next();
        int line = token.line();
        return switch (token.kind()) {
            case NAME -> name(token);
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.current().kind() == Token.Kind.STRING) {
                    text.append(tokens.next().text());
                }
                yield new Expression.Constant(line, Text.of(text.toString()));
            }
            case INTEGER -> new Expression.Constant(line, new Value.Int(integer(token.text())));
            case REAL -> new Expression.Constant(line, new Value.Real(Double.parseDouble(token.text())));
            default -> bracketed(token);
        };
    }

    private Expression name(Token token) {
        int line = token.line();
        return switch (token.text()) {
            case "true", "True" -> new Expression.Constant(line, Value.TRUE);
            case "false", "False" -> new Expression.Constant(line, Value.FALSE);
            case "none", "None" -> new Expression.Constant(line, Value.NONE);
            default -> {
                if (SPECIAL.contains(token.text())) {
                    specialNames.add(token.text());
                }
                yield new Expression.Name(line, token.text());
            }
        };
    }

    private Expression bracketed(Token token) {
        if (token.isOperator("(")) {
            if (++nesting > NESTING) {
                throw tokens.failure("an expression is nested more than " + NESTING + " deep");
            }
            Expression inner = tuple(true, true);
            nesting--;
            tokens.expectOperator(")");
            return inner;
        }
        if (token.isOperator("[")) {
            return list(token.line());
        }
        if (token.isOperator("{")) {
            return mapping(token.line());
        }
        throw new JinjaException("unexpected " + token.describe()).at(token.line());
    }

    private static BigInteger integer(String digits) {
        int radix = 10;
        if (digits.length() > 2 && digits.charAt(0) == '0') {
            radix = switch (digits.charAt(1)) {
                case 'x', 'X' -> 16;
                case 'o', 'O' -> 8;
                case 'b', 'B' -> 2;
                default -> 10;
            };
        }
        return new BigInteger(radix == 10 ? digits : digits.substring(2), radix);
    }

    private Expression list(int line) {
        List<Expression> elements = new ArrayList<>();
        while (!tokens.current().isOperator("]")) {
            if (!elements.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.current().isOperator("]")) {
                    break;
                }
            }
            elements.add(expression(true));
        }
        tokens.next();
        return new Expression.Sequence(line, elements, false);
    }

    private Expression mapping(int line) {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.current().isOperator("}")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.current().isOperator("}")) {
                    break;
                }
            }
            keys.add(expression(true));
            tokens.expectOperator(":");
            values.add(expression(true));
        }
        tokens.next();
        return new Expression.Mapping(line, keys, values);
    }

    private Expression postfix(Expression target) {
        Expression node = target;
        while (true) {
            if (tokens.current().isOperator(".") || tokens.current().isOperator("[")) {
                node = subscript(node);
            } else if (tokens.current().isOperator("(")) {
                node = call(node);
            } else {
                return node;
            }
        }
    }

    private Expression filtersAndTests(Expression target) {
        Expression node = target;
        while (true) {
            if (tokens.current().isOperator("|")) {
                node = filters(node, false);
            } else if (tokens.current().isName("is")) {
                node = test(node);
            } else if (tokens.current().isOperator("(")) {
                node = call(node);
            } else {
                return node;
            }
        }
    }

    private Expression subscript(Expression target) {
        Token token = tokens.next();
        int line = token.line();
        if (token.isOperator(".")) {
            Token name = tokens.next();
            if (name.kind() == Token.Kind.NAME) {
                return new Expression.Attribute(line, target, name.text());
            }
            if (name.kind() == Token.Kind.INTEGER) {
                Expression index = new Expression.Constant(line, new Value.Int(integer(name.text())));
                return new Expression.Item(line, target, index);
            }
            throw new JinjaException("expected a name or number after '.', got " + name.describe()).at(line);
        }
        List<Expression> indices = new ArrayList<>();
        while (!tokens.current().isOperator("]")) {
            if (!indices.isEmpty()) {
                tokens.expectOperator(",");
            }
            indices.add(index());
        }
        tokens.next();
        Expression index = indices.size() == 1 ? indices.getFirst() : new Expression.Sequence(line, indices, true);
        return new Expression.Item(line, target, index);
    }

    private Expression index() {
        int line = tokens.current().line();
        Optional<Expression> start = Optional.empty();
        if (!tokens.current().isOperator(":")) {
            Expression first = expression(true);
            if (!tokens.current().isOperator(":")) {
                return first;
            }
            start = Optional.of(first);
        }
        tokens.next();
        Optional<Expression> stop = sliceBound();
        Optional<Expression> step = tokens.skipOperator(":") ? sliceBound() : Optional.empty();
        return new Expression.Cut(line, start, stop, step);
    }

    private Optional<Expression> sliceBound() {
        Token token = tokens.current();
        if (token.isOperator(":") || token.isOperator("]") || token.isOperator(",")) {
            return Optional.empty();
        }
        return Optional.of(expression(true));
    }

    private Expression call(Expression target) {
        int line = tokens.current().line();
        return new Expression.Call(line, target, arguments());
    }

    private ArgumentList arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        List<Expression.Keyword> named = new ArrayList<>();
        Optional<Expression> spread = Optional.empty();
        Optional<Expression> spreadNamed = Optional.empty();
        boolean first = true;
        while (!tokens.current().isOperator(")")) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.current().isOperator(")")) {
                    break;
                }
            }
            first = false;
            Token token = tokens.current();
            boolean valid;
            if (tokens.skipOperator("*")) {
                valid = spread.isEmpty() && spreadNamed.isEmpty();
                spread = Optional.of(expression(true));
            } else if (tokens.skipOperator("**")) {
                valid = spreadNamed.isEmpty();
                spreadNamed = Optional.of(expression(true));
            } else if (token.kind() == Token.Kind.NAME && tokens.following().isOperator("=")) {
                valid = spreadNamed.isEmpty();
                tokens.next();
                tokens.next();
                named.add(new Expression.Keyword(token.text(), expression(true)));
            } else {
                valid = spread.isEmpty() && spreadNamed.isEmpty() && named.isEmpty();
                positional.add(expression(true));
            }
            if (!valid) {
                throw tokens.failure("invalid syntax for function call expression");
            }
        }
        tokens.next();
        return new ArgumentList(positional, named, spread, spreadNamed);
    }

    /** Applies {@code |name(…)} as often as it follows; {@code bare}: the first stands without its bar. */
    Expression filters(Expression target, boolean bare) {
        Expression node = target;
        boolean first = bare;
        while (first || tokens.skipOperator("|")) {
            first = false;
            Token name = tokens.expect(Token.Kind.NAME);
            String fullName = dotted(name.text());
            ArgumentList arguments = tokens.current().isOperator("(") ? arguments() : ArgumentList.NONE;
            node = new Expression.Filter(name.line(), node, fullName, arguments);
        }
        return node;
    }

    private String dotted(String name) {
        StringBuilder full = new StringBuilder(name);
        while (tokens.skipOperator(".")) {
            full.append('.').append(tokens.expect(Token.Kind.NAME).text());
        }
        return full.toString();
    }

    private Expression test(Expression target) {
        int line = tokens.next().line();
        boolean negated = tokens.skipName("not");
        String name = dotted(tokens.expect(Token.Kind.NAME).text());
        ArgumentList arguments = ArgumentList.NONE;
        Token token = tokens.current();
        if (token.isOperator("(")) {
            arguments = arguments();
        } else if (startsArgument(token)) {
            if (token.isName("is")) {
                throw tokens.failure("tests cannot be chained with 'is'");
            }
            Expression argument = postfix(primary());
            arguments = new ArgumentList(List.of(argument), List.of(), Optional.empty(), Optional.empty());
        }
        Expression test = new Expression.Test(line, target, name, arguments);
        return negated ? new Expression.Not(line, test) : test;
    }

    private static boolean startsArgument(Token token) {
        return switch (token.kind()) {
            case STRING, INTEGER, REAL -> true;
            case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
            case OPERATOR -> token.isOperator("[") || token.isOperator("{");
            default -> false;
        };
    }
}
